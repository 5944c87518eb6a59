// What all tabs look at, as one set of watches on the leader's stream: what several look at is one watch, and who begins to
// look at something that is known gets that at once.
//
// Limit: the host takes `mostWatches`; those asked first go first, and the others get an error.
import { watchAll } from "./api";
import { hostNow } from "./clock";
import { t } from "./i18n";
import type { Problem, Read, Update } from "./protocol";
import { reopen } from "./stream";

const mostWatches = 256;

/** What a tab says: all it looks at, and what of it is to be asked anew. Each is the JSON of a READ. */
export interface Wish {
  tab: string;
  watch: readonly string[];
  anew: readonly string[];
}

/** An update for all who look at `of`. */
export type Told = Update & { of: string };

interface Watch {
  key: string;
  /** The last good answer, what came since without a body, and the error after it. */
  said: Update[];
  /** Asked, and nothing said yet. */
  waits: boolean;
}

type Tell = (event: "update", body: Told, to?: string) => void;

export const tabs = new Map<string, readonly string[]>();
const watches = new Map<string, Watch>();
let tell: Tell = () => undefined;
let count = 0;
let streamId: string | null = null;
let posted = "";
let sending: Promise<void> = Promise.resolve();

export function beginUnion(to: Tell): void {
  tell = to;
  streamId = null;
  tabs.clear();
  watches.clear();
}

function ask(watch: Watch): void {
  count += 1;
  watch.key = `w${count}`;
  watch.waits = true;
}

function sync(): void {
  const wanted = new Set([...tabs.values()].flat());
  for (const of of watches.keys()) if (!wanted.has(of)) watches.delete(of);
  sending = sending.then(post);
}

export function take({ tab, watch: all, anew }: Wish): void {
  const before = new Set(tabs.get(tab));
  const wish = all.slice(0, mostWatches);
  tabs.set(tab, wish);
  for (const of of wish) {
    let watch = watches.get(of);
    if (!watch) {
      watch = { key: "", said: [], waits: false };
      watches.set(of, watch);
      ask(watch);
    }
    const last = watch.said.at(-1);
    const again = anew.includes(of);
    if (last && !watch.waits && (!before.has(of) ? last.final : again && last.status !== "ok")) {
      watch.said = watch.said.filter(({ status }) => status === "ok");
      ask(watch);
    }
    if (!before.has(of) || again)
      for (const update of watch.said) tell("update", { ...update, of, now: hostNow() }, tab);
  }
  sync();
}

export function forget(tab: string): void {
  tabs.delete(tab);
  sync();
}

function note(of: string, watch: Watch, update: Update): void {
  const good = update.status === "ok";
  const stays = (old: Update): boolean => old.status === "ok" && (!good || old.body !== undefined);
  watch.said = [...(good && update.body !== undefined ? [] : watch.said.filter(stays)), update];
  watch.waits = false;
  tell("update", { ...update, of });
}

export function takeUpdate(update: Update): void {
  for (const [of, watch] of watches) if (watch.key === update.key) note(of, watch, update);
}

function refuse(of: string, watch: Watch, status: string, body: Problem): void {
  note(of, watch, { key: watch.key, status, body, now: hostNow(), final: status === "invalid" });
}

async function post(): Promise<void> {
  const stream = streamId;
  if (stream === null) return;
  const all = [...watches];
  for (const [of, watch] of all.slice(mostWatches)) {
    if (watch.waits) refuse(of, watch, "busy", { title: "", status: 0, detail: t("tooMany", { n: mostWatches }) });
  }
  const watch = all.slice(0, mostWatches).map(([of, { key }]) => ({ key, ...(JSON.parse(of) as Read) }));
  const set = JSON.stringify(watch);
  if (set === posted) return;
  posted = set;
  const reply = await watchAll(stream, watch);
  if (reply.ok || streamId !== stream) return;
  posted = "";
  if (reply.problem.status === 400) {
    // The reason names what was wrong; whoever has no answer yet shows it.
    for (const [of, watch] of watches) if (watch.waits) refuse(of, watch, "invalid", reply.problem);
    return;
  }
  setTimeout(() => {
    if (streamId !== stream) return;
    if (reply.problem.status === 404) {
      streamId = null;
      reopen();
    } else sync();
  }, 1000);
}

export function unionOpened(stream: string): void {
  streamId = stream;
  posted = "[]";
  sync();
}
