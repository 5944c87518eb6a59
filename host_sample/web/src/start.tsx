// Start: session, event stream, page. Whoever imports this module has the page running; see main.ts.
import { render } from "preact";
import { go, readAddress, withThing, place } from "./address";
import { App } from "./app";
import { listenToKeys } from "./keys";
import { language, loadWords } from "./i18n";
import { askEndedAnew, takeUpdate } from "./live";
import { elect } from "./notify";
import { fetchWhole, known, takeHost } from "./plugins";
import { record, words } from "./protocol";
import { acting, opener } from "./acting";
import { fetchAllOnFirstUse } from "./later";
import { hasSession, onSession, refusal, takeToken } from "./session";
import { startTabs } from "./tabs";
import type { Told } from "./union";

function event(name: string, data: unknown): void {
  switch (name) {
    case "host":
      for (const plugin of takeHost(data)) askEndedAnew(plugin);
      if ([...known.peek().values()].some((plugin) => tells(plugin.description))) elect();
      break;
    case "update":
      takeUpdate(data as Told);
      break;
    case "run":
      void acting().then(({ takeRun }) => takeRun(record(data).run ?? data));
      break;
    case "dismissed":
      void acting().then(({ takeDismissed }) => takeDismissed(words(record(data).id) ?? ""));
      break;
    default:
  }
}

function tells(description: { views: { [id: string]: { kind: string; lists?: { notify?: unknown }[] } } }): boolean {
  return Object.values(description.views).some((view) => view.lists?.some((list) => list.notify !== undefined));
}

async function start(): Promise<void> {
  document.documentElement.lang = language;
  const said = loadWords();
  opener.value = (plugin, view, engine, id) => {
    const here =
      place.peek().plugin === plugin ? place.peek() : { ...place.peek(), plugin, params: new Map<string, string>() };
    go(withThing(here, 0, { view, engine, id }));
  };
  listenToKeys();
  fetchAllOnFirstUse(() => {
    void acting();
    fetchWhole();
  });
  const token = takeToken();
  await said;
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  const begin = (): void => startTabs(event);
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

void start();
