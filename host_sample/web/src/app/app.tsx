// The whole page: head with menu, list on the left, details on the right; what stands there when there is nothing to show.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ActionDialog } from "../actions/deferred_parts";
import { openQuestion } from "../actions/dialog_state";
import { tick } from "../host/clock";
import type { ListView } from "../host/description";
import { host, known, menu, shown, type Plugin } from "../host/plugin_registry";
import { refusal } from "../host/session";
import { connection } from "../host/stream";
import { age, sentence } from "../i18n/format";
import { t } from "../i18n/translate";
import { List } from "../list/list";
import { aboutPage, go, place, type Place } from "../ui/address";
import { ToastBox } from "../ui/deferred_parts";
import { Loading } from "../ui/notes";
import { viewTitle } from "../ui/page_title";
import { toasts } from "../ui/toasts";
import { About, Details, GoTo, HeldBack, Help, NoView, Refused } from "./deferred_parts";
import { Top } from "./header";
import { goToOpen, helpOpen } from "./page_keys";

export function App() {
  if (refusal.value !== null) return <Refused why={refusal.value} />;
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {t("skip")}
      </a>
      <Top />
      <LostBar />
      <Middle />
      {openQuestion.value && <ActionDialog />}
      {helpOpen.value && <Help />}
      {goToOpen.value && <GoTo />}
      <Toasts />
    </>
  );
}

/** Where sentences about outcomes are shown and read out; it is there before the first one. */
function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" aria-atomic="false">
      {toasts.value.map((entry) => (
        <ToastBox key={entry.id} entry={entry} />
      ))}
    </div>
  );
}

function skip(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>("#main")?.focus();
}

/** Said after a moment, so that a short break of the line does not alarm. */
function LostBar() {
  const { state, polled, since, why } = connection.value;
  void tick.value;
  const lasted = performance.now() - since;
  const lost = state === "lost" && lasted > 800;
  return (
    <div role="status">
      {lost && <p class="cut-off">{t("lostText", { age: age(lasted), why: sentence(why) })}</p>}
      {!lost && polled && <HeldBack />}
    </div>
  );
}

function Alone({ children }: { children: ComponentChildren }) {
  return (
    <main id="main" class="alone" tabIndex={-1}>
      <h1 class="hidden">{host.value?.name || "cockpit"}</h1>
      {children}
    </main>
  );
}

function Middle() {
  const here = place.value;
  const reported = host.value;
  const entries = menu.value;
  const first = entries.find((item) => item.serving) ?? entries[0];
  const nowhere = here.plugin === "";
  // Before anything is asked, so that menu and lists ask together.
  useLayoutEffect(() => {
    if (nowhere && first) go({ plugin: first.plugin.id, view: first.entry.view }, "replace");
  }, [nowhere, first?.plugin.id, first?.entry.view]);
  if (here.plugin === aboutPage) return <About />;
  if (!reported) {
    return (
      <Alone>
        <Loading rows={4} />
      </Alone>
    );
  }
  const plugin = known.value.get(here.plugin);
  const view = plugin?.view(here.view);
  if (plugin && view?.kind === "list")
    return <Page key={`${plugin.id}/${here.view}`} plugin={plugin} view={view} here={here} />;
  viewTitle.value = "";
  return <Alone>{nowhere && first ? <Loading rows={4} /> : <NoView plugin={here.plugin} />}</Alone>;
}

/** Scrolls by itself. What is opened inside begins at its top; the way back leads to where one was. */
function DetailsPane({ depth, children }: { depth: number; children: ComponentChildren }) {
  const pane = useRef<HTMLDivElement>(null);
  const left = useRef<number[]>([]);
  useLayoutEffect(() => {
    left.current.length = depth;
    pane.current?.scrollTo(0, left.current[depth - 1] ?? 0);
  }, [depth]);
  return (
    <div
      class="details-pane"
      role="region"
      aria-label={t("details")}
      ref={pane}
      onScroll={(event) => (left.current[depth - 1] = event.currentTarget.scrollTop)}
    >
      {children}
    </div>
  );
}

function Page({ plugin, view, here }: { plugin: Plugin; view: ListView; here: Place }) {
  const title = plugin.text(view.title) || plugin.description.plugin.name;
  const state = host.value?.plugins.find((other) => other.id === plugin.id);
  const chosen = here.things.length > 0 && plugin.details(here.things[0]?.view) !== undefined;
  useEffect(() => {
    viewTitle.value = title;
  }, [title]);
  const depth = here.things.length;
  useEffect(() => {
    // Where only one side is in sight, what was opened gets the focus; and so does what was opened inside another.
    const narrow = matchMedia("(max-width: 820px)").matches;
    if (depth > 1 || (depth > 0 && narrow)) document.querySelector<HTMLElement>("[data-heading]")?.focus();
  }, [depth, here.things.at(-1)?.id]);
  return (
    <main id="main" class={`panes${chosen ? " chosen" : ""}`} tabIndex={-1}>
      <div class="list-pane" role="region" aria-label={title}>
        <h1>{title}</h1>
        {state && state.state !== "serving" && (
          <p class="stale">{`${t("notServing", { name: state.name })} ${state.reason}`}</p>
        )}
        {view.lists
          .filter((list) => shown(list, {}))
          .map((list) => (
            <List
              key={list.id}
              plugin={plugin}
              list={list}
              at={`views/${here.view}/lists/${list.id}`}
              around={{}}
              engine={here.engine}
              prefix={list.id}
              title={plugin.text(list.title) || title}
              details={list.details ?? view.details}
              depth={0}
              heading="h2"
            />
          ))}
      </div>
      {chosen && (
        <DetailsPane key={`${here.things[0]?.engine}/${here.things[0]?.id}`} depth={depth}>
          <Details plugin={plugin} things={here.things} depth={0} outer={undefined} trail={[title]} />
        </DetailsPane>
      )}
    </main>
  );
}
