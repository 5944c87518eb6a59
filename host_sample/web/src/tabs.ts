// All tabs of a profile share one event stream, since a browser allows six connections a host. Tabs that are seen ask for a
// lock: who holds it leads, has the stream and looks at what all look at (union.ts); the others say over a channel what they
// look at, and get their events there. When the leader is closed, hidden or crashes, the browser gives the lock to the next,
// which asks everybody anew. A tab also holds a lock of its own, by which the leader learns that it went.
// Where there are no locks, each tab has its own stream.
import { signal } from "@preact/signals";
import { hostNow, setHostClock } from "./clock";
import { figure, record, words, type Fields, type Update } from "./protocol";
import { refusal, sessionName } from "./session";
import { become, beginStream, connection, endStream, reopen, type Connection } from "./stream";
import { runs } from "./target";
import { beginUnion, forget, take, takeUpdate, tabs, unionOpened, type Wish } from "./union";

/** True while a hidden tab shall go on, to tell about what happens. */
export const keepWhileHidden = signal(false);

/** What the leader says, to all or to one tab. */
interface Word {
  event: string;
  body: unknown;
  to?: string | undefined;
}

interface Membership {
  name: string;
  tab: string;
  gone: AbortController;
  channel: BroadcastChannel | null;
  leads: boolean;
}

const hiddenGrace = 2_000;
/** A leader says something every 15 s, or with each attempt while the host is gone. Who hears nothing for so long leads. */
const silenceLimit = 60_000;

let shared = "locks" in navigator && typeof BroadcastChannel !== "undefined";
let member: Membership | null = null;
let watch: readonly string[] = [];
let hear: (event: string, body: unknown) => void = () => undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let lastHost: Fields | null = null;

function listen(event: string, body: unknown): void {
  const fields = record(body);
  const now = figure(fields.now);
  if (now !== undefined) setHostClock(now);
  if (event !== "connection") hear(event, body);
  else become(fields.state as Connection["state"], words(fields.why), figure(fields.lasted), fields.polled === true);
}

function send(event: string, body: unknown, to?: string): void {
  member?.channel?.postMessage({ event, body, to } satisfies Word);
}

/** An event for all tabs, this one too; or for one. */
function tell(event: string, body: unknown, to?: string): void {
  if (to !== member?.tab) send(event, body, to);
  if (to === undefined || to === member?.tab) listen(event, body);
}

function sayConnection(to?: string): void {
  const { state, polled, why, since } = connection.peek();
  if (member?.leads) send("connection", { state, polled, why, lasted: performance.now() - since }, to);
}

/** Holds a lock until this tab leaves. */
function hold(mine: Membership, lock: string, then: () => void, options?: LockOptions): void {
  navigator.locks
    .request(lock, options ?? { signal: mine.gone.signal }, () => {
      if (member !== mine) return undefined;
      then();
      return new Promise((resolve) => mine.gone.signal.addEventListener("abort", resolve));
    })
    .catch(() => {
      if (member !== mine) return;
      // Another tab took the lead from this one, which had said nothing; or this browser gives no locks here.
      shared = mine.leads;
      leave();
      join();
    });
}

/** A tab the leader did not know: what is known is said at once, and when it goes its watches go. */
function welcome(mine: Membership, tab: string): void {
  sayConnection(tab);
  if (lastHost) send("host", { ...lastHost, now: hostNow() }, tab);
  for (const run of runs.peek().values()) send("run", run, tab);
  navigator.locks
    .request(`${mine.name} ${tab}`, { signal: mine.gone.signal }, () => forget(tab))
    .catch(() => {
      // This tab leads no more: the next leader waits for that lock.
    });
}

function received(mine: Membership, data: Word | Wish): void {
  if (!("event" in data)) {
    if (!mine.leads) return;
    if (document.visibilityState === "hidden") {
      // Timers of hidden tabs are slow: one that is seen shall lead.
      leave();
      join();
      return;
    }
    if (!tabs.has(data.tab)) welcome(mine, data.tab);
    take(data);
  } else if (!mine.leads) {
    awaitWord(mine);
    if (data.to !== undefined && data.to !== mine.tab) return;
    if (data.event === "lead") say([]);
    else listen(data.event, data.body);
  }
}

function awaitWord(mine: Membership): void {
  clearTimeout(silence);
  const late = silenceLimit * (1 + Math.random() / 4);
  silence = setTimeout(() => hold(mine, mine.name, () => lead(mine), { steal: true }), late);
}

function lead(mine: Membership): void {
  if (mine.leads) return;
  mine.leads = true;
  clearTimeout(silence);
  beginUnion(tell);
  send("lead", null);
  say([]);
  beginStream({
    open: unionOpened,
    event: (name, data) => {
      if (name === "host") lastHost = record(data);
      if (name === "update") takeUpdate(data as Update);
      else tell(name, data);
    },
    became: sayConnection,
  });
}

function join(): void {
  const seen = document.visibilityState === "visible" || keepWhileHidden.peek();
  if (member || !seen || refusal.peek() !== null) return;
  const tab = shared ? crypto.randomUUID() : "";
  const mine: Membership = { name: sessionName(), tab, gone: new AbortController(), channel: null, leads: false };
  member = mine;
  become("connecting");
  if (!shared) {
    lead(mine);
    return;
  }
  mine.channel = new BroadcastChannel(mine.name);
  mine.channel.onmessage = (message: MessageEvent<Word | Wish>) => received(mine, message.data);
  awaitWord(mine);
  hold(mine, mine.name, () => lead(mine));
  hold(mine, `${mine.name} ${tab}`, () => say([]));
}

function leave(): void {
  const mine = member;
  if (!mine) return;
  member = null;
  clearTimeout(silence);
  endStream();
  mine.channel?.close();
  mine.gone.abort();
  lastHost = null;
  become("paused");
}

function say(anew: readonly string[]): void {
  if (!member) return;
  const wish: Wish = { tab: member.tab, watch, anew };
  if (member.leads) take(wish);
  else member.channel?.postMessage(wish);
}

/** All this tab looks at, as the questions' JSON, and what of it is to be asked anew. */
export function lookAt(all: readonly string[], anew: readonly string[]): void {
  watch = all;
  say(anew);
}

let begun = false;

/** Begins, or begins anew with another session. */
export function startTabs(listener: (event: string, body: unknown) => void): void {
  hear = listener;
  leave();
  join();
  if (begun) return;
  begun = true;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const hurry = (): void => {
    if (member?.leads && connection.peek().state === "lost") reopen();
    else join();
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.visibilityState === "visible") hurry();
    else {
      leaving = setTimeout(() => {
        if (keepWhileHidden.peek() && !(member?.leads && tabs.size > 1)) return;
        leave();
        join();
      }, hiddenGrace);
    }
  });
  addEventListener("online", hurry);
  addEventListener("pagehide", leave);
  // A page that comes back from the browser's cache.
  addEventListener("pageshow", join);
  keepWhileHidden.subscribe(join);
  refusal.subscribe((why) => {
    if (why !== null) leave();
  });
}
