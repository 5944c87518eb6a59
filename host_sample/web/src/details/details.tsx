// One thing: its name and state, what is going on and the action that mends it, and its sections. A thing opened inside
// another stands in its place, with a way back.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ActionButton, begin, offers, type Offer } from "../actions/action_buttons";
import { outcomes, thingKey, waiting, type Target } from "../actions/target";
import type { DetailsView } from "../host/description";
import { useLive } from "../host/live";
import { engineName, fetchWhole, severalEngines, shown, unfetched, type Plugin } from "../host/plugin_registry";
import { pick, record, type Fields } from "../host/protocol";
import { useReadAhead } from "../host/read_ahead";
import { rowKey } from "../host/rows";
import { toneOf } from "../host/value_text";
import { cutTo, visible } from "../i18n/text_safety";
import { t } from "../i18n/translate";
import { detailsRead, sectionReads } from "../list/details_reads";
import { follow, place, placeHash, withThing, type Thing } from "../ui/address";
import { ageOf, isOld } from "../ui/answer_age";
import { Copy } from "../ui/buttons";
import type { CellPlace } from "../ui/cells/cell_place";
import { Cell } from "../ui/cells/cells";
import { fieldMap, nameOf } from "../ui/cells/names";
import { Note, Pill } from "../ui/notes";
import { thingTitle } from "../ui/page_title";
import { Above, Instead } from "../ui/placeholders";
import { Text } from "../ui/text";
import { SectionBox } from "./sections";

/** Every level asks for its own thing, so that the inner one knows what it stands in; the innermost is drawn. */
export interface DetailsProps {
  plugin: Plugin;
  things: readonly Thing[];
  depth: number;
  /** The fields of the thing it was opened in. */
  outer: Fields | undefined;
  trail: readonly string[];
}

export function Details(props: DetailsProps) {
  const { plugin, things, depth } = props;
  const thing = things[depth];
  const view = plugin.details(thing?.view);
  const missing = view !== undefined && !plugin.whole;
  useEffect(() => {
    if (missing) fetchWhole();
  }, [missing]);
  if (!thing || !view) return null;
  if (missing) return <Fetching />;
  return <One key={`${thing.view} ${rowKey(thing.engine, thing.id)}`} {...props} thing={thing} view={view} />;
}

function Fetching() {
  if (unfetched.value === "") return <div class="hold" />;
  return (
    <Note title={t("partMissing")} text={unfetched.value}>
      <button type="button" class="btn small" onClick={() => location.reload()}>
        {t("reload")}
      </button>
    </Note>
  );
}

function One({ plugin, things, depth, outer, trail, thing, view }: DetailsProps & { thing: Thing; view: DetailsView }) {
  const address = { id: thing.id, engine: thing.engine };
  const asking = detailsRead(plugin, view, thing, outer);
  const answer = useLive(asking);
  const body = record(answer.body);
  const fields: Fields = { ...record(body.fields), ...address };
  const loaded = answer.body !== undefined;
  const inner = things[depth + 1];
  const isInnermost = !(inner && plugin.details(inner.view));
  // In one go with the details, which say only later which sections are shown.
  useReadAhead(isInnermost && !loaded && !answer.problem ? sectionReads(plugin, view, thing, depth, place.peek()) : []);
  const known = useMemo(
    () => fieldMap(...view.sections.map((section) => section.fields), view.status ? [view.status] : []),
    [view],
  );
  const scope = { row: fields, parent: outer, fields: known };
  const title = loaded ? plugin.text(view.title ?? "{id}", scope) : visible(thing.id);
  if (!isInnermost) {
    return (
      <Details
        plugin={plugin}
        things={things}
        depth={depth + 1}
        outer={loaded ? fields : address}
        trail={[...trail, title]}
      />
    );
  }
  const target: Target = {
    plugin,
    read: asking ?? { plugin: plugin.id, at: `views/${thing.view}`, locale: "", zone: "" },
    idField: undefined,
    rows: [{ id: thing.id, engine: thing.engine, fields }],
    label: loaded ? title : nameOf(plugin, [], fields, thing.id),
    count: 1,
    engine: thing.engine,
    parent: outer,
    fields: known,
  };
  const caps = record(body.caps);
  const allowed = record(body._actions);
  const gone = answer.status === "not_found" || answer.status === "gone";
  const header = gone ? [] : offers(plugin, "header", view.actions, allowed);
  const mending = gone
    ? undefined
    : offers(plugin, "header", view.banner?.actions ?? [], allowed).find((offer) => offer.reason === undefined);
  const cell: CellPlace = { plugin, row: fields, id: thing.id, engine: thing.engine, depth: depth + 1, dense: false };
  const around = { plugin, view: thing.view, thing, depth, caps, cell, target };
  const key = thingKey(plugin.id, thing.engine, thing.id);
  return (
    <article class={`details-body${isOld(answer) ? " old" : ""}`} aria-busy={!loaded && !answer.problem}>
      <Title title={title} />
      <Crumbs depth={depth} trail={trail} />
      <HotKeys offers={header} target={target} />
      <header class="details-head">
        <div class="title">
          <h1 tabIndex={-1} data-heading>
            {cutTo(title, 300)}{" "}
            {loaded && view.status && pick(fields, view.status.key) != null && <Cell field={view.status} at={cell} />}
          </h1>
          <p class="whole-id">
            <span class="mono muted">
              <Text text={thing.id} limit={300} />
            </span>
            <Copy text={thing.id} name={title} />
            {severalEngines() && <span class="muted"> · {engineName(thing.engine)}</span>}
            {loaded && <span class="age">{ageOf(answer) && t("age", { age: ageOf(answer) })}</span>}
          </p>
        </div>
        <div class="actions">
          {waiting.value.has(key) && <Pill tone="info">{waiting.value.get(key)}</Pill>}
          {header
            .filter((offer) => offer.id !== mending?.id || !bannerText(plugin, view, scope))
            .map((offer) => (
              <ActionButton key={offer.id} offer={offer} target={target} />
            ))}
        </div>
      </header>
      {gone && loaded && outcomes.value.get(key) && <p class="stale">{outcomes.value.get(key)}</p>}
      <Above answer={answer} read={asking} plugin={plugin} />
      <Instead answer={answer} read={asking} rows={6} />
      {loaded && !gone && <Banner plugin={plugin} view={view} scope={scope} mending={mending} target={target} />}
      {(loaded || !answer.problem) &&
        view.sections
          .filter((section) => shown(section, caps))
          .map((section) => (
            <SectionBox key={section.id} {...around} section={section} details={answer} fields={fields} />
          ))}
    </article>
  );
}

interface Scoped {
  row: Fields;
  parent: Fields | undefined;
}

function bannerText(plugin: Plugin, view: DetailsView, scope: Scoped): string {
  if (!view.banner) return "";
  const value = view.status ? pick(scope.row, view.status.key) : undefined;
  const entry = view.status?.map?.[String(value)];
  return plugin.text(view.banner.text ?? entry?.text, scope);
}

interface BannerProps {
  plugin: Plugin;
  view: DetailsView;
  scope: Scoped;
  mending: Offer | undefined;
  target: Target;
}

/** The first sentence is what matters, the rest says why. */
function Banner({ plugin, view, scope, mending, target }: BannerProps) {
  const text = bannerText(plugin, view, scope);
  if (!text) return null;
  const tone = view.status ? toneOf(pick(scope.row, view.status.key), view.status) : undefined;
  const end = text.search(/[.!?] /);
  const first = end < 0 ? text : text.slice(0, end + 1);
  return (
    <div class={`banner ${tone ?? "neutral"}`} role="status">
      <p>
        <b>{first}</b>
        {end < 0 ? "" : text.slice(end + 1)}
      </p>
      {mending && <ActionButton offer={mending} target={target} primary />}
    </div>
  );
}

function Crumbs({ depth, trail }: { depth: number; trail: readonly string[] }) {
  const here = place.value;
  const back = withThing(here, depth, null);
  const name = trail.at(-1) ?? "";
  return (
    <nav class={`crumbs${depth === 0 ? " only-narrow" : ""}`} aria-label={t("back", { name })}>
      <a href={placeHash(back)} onClick={(event) => follow(event, back)}>
        ‹ {t("back", { name: cutTo(name, 100) })}
      </a>
    </nav>
  );
}

/** Keys of the header's actions, while no row has the focus: a key never acts on another thing than the one in sight. */
function HotKeys({ offers: all, target }: { offers: Offer[]; target: Target }) {
  const latest = useRef({ all, target });
  latest.current = { all, target };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const on = event.target;
      if (on instanceof Element && on.closest("input,select,textarea,dialog,[popover],tr[data-key]")) return;
      const hot = latest.current.all.find((offer) => offer.action.hotkey === event.key && offer.reason === undefined);
      if (!hot) return;
      event.preventDefault();
      begin(hot.id, latest.current.target);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return null;
}

function Title({ title }: { title: string }) {
  useEffect(() => {
    thingTitle.value = title;
    return () => {
      thingTitle.value = "";
    };
  }, [title]);
  return null;
}
