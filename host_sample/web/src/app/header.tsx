// The head of the page: menu with badges, the engine, what is going on, and how live all this is.
import { useEffect } from "preact/hooks";
import { RunsPanel } from "../actions/deferred_parts";
import { hostNow, tick } from "../host/clock";
import { newest, troubled, useLive } from "../host/live";
import { host, menu, severalEngines, type Entry } from "../host/plugin_registry";
import { figure, pick, record } from "../host/protocol";
import { readRequest } from "../host/read_request";
import { runs } from "../host/run_states";
import { connection } from "../host/stream";
import { age, number } from "../i18n/format";
import { t } from "../i18n/translate";
import { aboutPage, follow, go, place, placeHash, withEngine, type Place } from "../ui/address";
import { Icon } from "../ui/icons";
import { needs } from "../ui/page_title";
import { Popover } from "../ui/popover";
import { goToOpen, helpOpen } from "./page_keys";

function placeOf(item: Entry, here: Place): Place {
  return { plugin: item.plugin.id, view: item.entry.view, things: [], engine: here.engine, params: new Map() };
}

export function Top() {
  const here = place.value;
  const reported = host.value;
  const entries = menu.value;
  const broken =
    reported?.plugins.filter((plugin) => plugin.state === "refused" || plugin.state === "quarantined").length ?? 0;
  let group = "";
  return (
    <header class="top">
      <span class="brand">{reported?.name || "cockpit"}</span>
      <nav aria-label={t("names")}>
        {entries.map((item) => {
          const label = item.group !== group ? item.group : "";
          group = item.group;
          return <MenuItem key={`${item.plugin.id}/${item.entry.id}`} item={item} here={here} group={label} />;
        })}
      </nav>
      {reported?.readOnly && <span class="pill neutral">{t("readOnly")}</span>}
      {severalEngines() && (
        <select
          aria-label={t("engine")}
          value={here.engine}
          onChange={(event) => go(withEngine(here, event.currentTarget.value))}
        >
          <option value="">{t("allEngines")}</option>
          {reported?.engines.map((engine) => (
            <option key={engine.id} value={engine.id}>
              {engine.name}
            </option>
          ))}
        </select>
      )}
      <Activity />
      <button
        type="button"
        class="btn quiet icon-only wide-only"
        aria-label={t("goto")}
        title={`${t("goto")} (g)`}
        onClick={() => (goToOpen.value = true)}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        class="btn quiet icon-only wide-only"
        aria-label={t("hotkeys")}
        title={`${t("hotkeys")} (?)`}
        onClick={() => (helpOpen.value = true)}
      >
        <Icon name="info" />
      </button>
      <a
        class="btn quiet icon-only"
        href={`#/${aboutPage}`}
        aria-label={broken > 0 ? `${t("about")}: ${broken} ${t("state_refused")}` : t("about")}
        title={t("about")}
        aria-current={here.plugin === aboutPage ? "page" : undefined}
        onClick={(event) =>
          follow(event, { plugin: aboutPage, view: "", things: [], engine: here.engine, params: new Map() })
        }
      >
        <Icon name="plug" />
        {broken > 0 && <span class="badge warning">{broken}</span>}
      </a>
      <Live />
    </header>
  );
}

function Activity() {
  const running = [...runs.value.values()].filter((run) => run.state === "running").length;
  return (
    <Popover
      class="btn quiet icon-only"
      name={running > 0 ? `${t("activity")} (${running})` : t("activity")}
      label={
        <>
          <Icon name="clock" />
          {running > 0 && <span class="badge info">{running}</span>}
        </>
      }
    >
      {() => <RunsPanel />}
    </Popover>
  );
}

function MenuItem({ item, here, group }: { item: Entry; here: Place; group: string }) {
  const { plugin, entry, label, serving } = item;
  const current = here.plugin === plugin.id && here.view === entry.view;
  const to = placeOf(item, here);
  return (
    <>
      {group && <span class="group">{group}</span>}
      <a
        href={placeHash(to)}
        aria-current={current ? "page" : undefined}
        class={serving ? undefined : "off"}
        onClick={(event) => follow(event, to)}
      >
        <Icon name={serving ? entry.icon : "alert"} />
        {label}
        {serving && entry.badge && <Badge item={item} engine={here.engine} />}
      </a>
    </>
  );
}

function Badge({ item, engine }: { item: Entry; engine: string }) {
  const { plugin, entry } = item;
  const asking = entry.badge ? readRequest(plugin, `navigation/${entry.id}`, entry.badge.source, {}, engine) : null;
  const answer = useLive(asking);
  const count = figure(pick(record(record(answer.body).fields), entry.badge?.field ?? "")) ?? 0;
  const alarms = entry.badge?.tone === "danger" || entry.badge?.tone === "warning";
  useEffect(() => {
    if (!alarms) return undefined;
    needs.value += count;
    return () => {
      needs.value -= count;
    };
  }, [count, alarms]);
  if (count <= 0) return null;
  // Of a part only there may be more.
  const scanned = figure(record(answer.body).scanned);
  const of = figure(record(answer.body).of);
  const part = scanned !== undefined && of !== undefined && scanned < of;
  const label = plugin.text(entry.badge?.label, { count });
  const says = part ? `${label} ${t("incomplete", { n: scanned, of })}` : label;
  return (
    <span class={`badge ${entry.badge?.tone ?? "neutral"}`} title={says}>
      {number(count)}
      {part && "+"}
      {says && <span class="hidden"> {says}</span>}
    </span>
  );
}

function Live() {
  const { state } = connection.value;
  void tick.value;
  const since = newest.value === undefined ? "" : age(hostNow() - newest.value);
  const away = state === "live" && troubled.value;
  const text = away
    ? t(since ? "old" : "error", { age: since })
    : state === "live"
      ? t("live") + (since && ` · ${t("age", { age: since })}`)
      : t(state === "lost" ? "lost" : state === "paused" ? "paused" : "connecting");
  return (
    <span class={`live ${away ? "away" : state}`} title={text}>
      <i />
      <span>{text}</span>
    </span>
  );
}
