// Start: session, event stream, page.
import { render } from "preact";
import { runner, type Runner } from "../actions/deferred_parts";
import { filled } from "../host/deferred";
import { askEndedAnew, takeUpdate } from "../host/live";
import { known, takeHost } from "../host/plugin_registry";
import { record, words } from "../host/protocol";
import { hasSession, onSession, refusal, takeToken } from "../host/session";
import { startTabs } from "../host/tab_leader";
import type { WatchUpdate } from "../host/watch_union";
import { language, loadWords } from "../i18n/translate";
import { elect } from "../list/notifications";
import { readAddress } from "../ui/address";
import { App } from "./app";
import { fetchAheadWhenIdle } from "./fetch_ahead";
import { listenToKeys } from "./page_keys";

function onEvent(name: string, data: unknown): void {
  switch (name) {
    case "host":
      for (const plugin of takeHost(data)) askEndedAnew(plugin);
      if ([...known.peek().values()].some((plugin) => notifies(plugin.description))) elect();
      break;
    case "update":
      takeUpdate(data as WatchUpdate);
      break;
    case "run":
      withRunner(({ onRun }) => onRun(record(data).run ?? data));
      break;
    case "dismissed":
      withRunner(({ onDismissed }) => onDismissed(words(record(data).id) ?? ""));
      break;
    default:
  }
}

/** The host sends every run again with the next stream, should the parts not come now. */
function withRunner(use: (runs: Runner) => void): void {
  filled(runner).then(use, () => undefined);
}

function notifies(description: { views: { [id: string]: { kind: string; lists?: { notify?: unknown }[] } } }): boolean {
  return Object.values(description.views).some((view) => view.lists?.some((list) => list.notify !== undefined));
}

export async function start(): Promise<void> {
  document.documentElement.lang = language;
  const texts = loadWords();
  listenToKeys();
  fetchAheadWhenIdle();
  const token = takeToken();
  await texts;
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  const begin = (): void => startTabs(onEvent);
  onSession(begin);
  await token;
  readAddress();
  if (refusal.peek() !== null) return;
  if (!hasSession()) refusal.value = "";
  else begin();
}

addEventListener("hashchange", () => {
  // An address with a token that is put into an open tab.
  if (location.hash.startsWith("#token=")) location.reload();
});
