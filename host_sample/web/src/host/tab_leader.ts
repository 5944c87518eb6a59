// All tabs of a profile share one event stream, since a browser allows six connections a host. Tabs that are seen ask for a
// lock: who holds it leads, has the stream and watches what all show (watch_union.ts); the others send over a channel what they
// show, and get their events there. When the leader is closed, hidden or crashes, the browser gives the lock to the next,
// which asks everybody anew. A tab also holds a lock of its own, by which the leader learns that it went.
// Where there are no locks, each tab has its own stream.
import { signal } from "@preact/signals";
import { hostNow, setHostClock } from "./clock";
import { figure, record, words, type Fields, type Update } from "./protocol";
import { runs } from "./run_states";
import { refusal, sessionName } from "./session";
import { become, beginStream, connection, endStream, reopen, type Connection } from "./stream";
import { beginUnion, forget, tabs, take, takeUpdate, unionOpened, type Wish } from "./watch_union";

/** True while a hidden tab shall go on, so that it can notify. */
export const keepWhileHidden = signal(false);

/** What the leader sends, to all or to one tab. */
interface Message {
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
/** A leader sends something every 15 s, or with each attempt while the host is gone. Who receives nothing for so long leads. */
const silenceLimit = 60_000;

let shared = "locks" in navigator && typeof BroadcastChannel !== "undefined";
let member: Membership | null = null;
let watch: readonly string[] = [];
let onEvent: (event: string, body: unknown) => void = () => undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let lastHost: Fields | null = null;

function deliver(event: string, body: unknown): void {
  const fields = record(body);
  const now = figure(fields.now);
  if (now !== undefined) setHostClock(now);
  if (event !== "connection") onEvent(event, body);
  else become(fields.state as Connection["state"], words(fields.why), figure(fields.lasted), fields.polled === true);
}

function send(event: string, body: unknown, to?: string): void {
  member?.channel?.postMessage({ event, body, to } satisfies Message);
}

/** An event for all tabs, this one too; or for one. */
function sendToAll(event: string, body: unknown, to?: string): void {
  if (to !== member?.tab) send(event, body, to);
  if (to === undefined || to === member?.tab) deliver(event, body);
}

function sendConnection(to?: string): void {
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
      // Another tab took the lead from this one, which had sent nothing; or this browser gives no locks here.
      shared = mine.leads;
      leave();
      join();
    });
}

/** A tab the leader did not know: what is known is sent at once, and when it goes its watches go. */
function welcome(mine: Membership, tab: string): void {
  sendConnection(tab);
  if (lastHost) send("host", { ...lastHost, now: hostNow() }, tab);
  for (const run of runs.peek().values()) send("run", run, tab);
  navigator.locks
    .request(`${mine.name} ${tab}`, { signal: mine.gone.signal }, () => forget(tab))
    .catch(() => {
      // This tab leads no more: the next leader waits for that lock.
    });
}

function received(mine: Membership, data: Message | Wish): void {
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
    awaitMessage(mine);
    if (data.to !== undefined && data.to !== mine.tab) return;
    if (data.event === "lead") sendWish([]);
    else deliver(data.event, data.body);
  }
}

function awaitMessage(mine: Membership): void {
  clearTimeout(silence);
  const late = silenceLimit * (1 + Math.random() / 4);
  silence = setTimeout(() => hold(mine, mine.name, () => lead(mine), { steal: true }), late);
}

function lead(mine: Membership): void {
  if (mine.leads) return;
  mine.leads = true;
  clearTimeout(silence);
  beginUnion(sendToAll);
  send("lead", null);
  sendWish([]);
  beginStream({
    open: unionOpened,
    event: (name, data) => {
      if (name === "host") lastHost = record(data);
      if (name === "update") takeUpdate(data as Update);
      else sendToAll(name, data);
    },
    became: sendConnection,
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
  mine.channel.onmessage = (message: MessageEvent<Message | Wish>) => received(mine, message.data);
  awaitMessage(mine);
  hold(mine, mine.name, () => lead(mine));
  hold(mine, `${mine.name} ${tab}`, () => sendWish([]));
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

function sendWish(anew: readonly string[]): void {
  if (!member) return;
  const wish: Wish = { tab: member.tab, watch, anew };
  if (member.leads) take(wish);
  else member.channel?.postMessage(wish);
}

/** All this tab shows, each as the JSON of its READ, and what of it is to be asked anew. */
export function watchThese(all: readonly string[], anew: readonly string[]): void {
  watch = all;
  sendWish(anew);
}

let begun = false;

/** Begins, or begins anew with another session. */
export function startTabs(listener: (event: string, body: unknown) => void): void {
  onEvent = listener;
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
