// The event stream itself: opened, read, and opened again by itself, with growing pauses, when it breaks. Which of the tabs
// has one is decided in tab_leader.ts.
import { signal } from "@preact/signals";
import { t } from "../i18n/translate";
import { filled, slot } from "./deferred";
import { asProblem, record, words } from "./protocol";
import { headers, sessionRefused } from "./session";

export interface Connection {
  state: "connecting" | "live" | "lost" | "paused";
  /** The stream does not get through, so the events are fetched. */
  polled: boolean;
  /** performance.now() when it became so. */
  since: number;
  why: string;
}

export const connection = signal<Connection>({
  state: "connecting",
  polled: false,
  since: performance.now(),
  why: "",
});

export interface Listener {
  open(stream: string): void;
  event(name: string, data: unknown): void;
  became(): void;
}

/** Events without a stream: until `ended`, or why it failed. */
export const longPoll = slot<(ended: AbortSignal, patience: number) => Promise<string | null>>();

const silenceLimit = 40_000;
/** A host sends the first event at once. When a request is answered but nothing of a stream arrives, something on the way keeps it. */
const firstEventWithin = 5_000;
const firstPause = 400;
const longestPause = 10_000;

let attempt: AbortController | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let listener: Listener | null = null;
/** Decided once for this page: a proxy that holds a stream back goes on doing so. */
let polled = false;

/** `lasted`: for how long it is so already, in ms. */
export function become(state: Connection["state"], why = "", lasted = 0, byPolls = polled): void {
  const current = connection.peek();
  const since = current.state === state ? current.since : performance.now() - lasted;
  connection.value = { state, polled: byPolls, since, why };
  listener?.became();
}

function again(why: string): void {
  attempt = null;
  become("lost", why);
  const pause = Math.min(longestPause, firstPause * 2 ** failures) * (0.8 + Math.random() * 0.4);
  failures += 1;
  clearTimeout(retry);
  retry = setTimeout(() => void open(), pause);
}

/** Bytes of the stream into events: `event:` and `data:` lines, a blank line ends one, a colon begins a comment. */
export function reader(emit: (name: string, data: string) => void): (text: string) => void {
  let rest = "";
  let name = "message";
  let data: string[] = [];
  return (text) => {
    rest += text;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (data.length > 0) emit(name, data.join("\n"));
        name = "message";
        data = [];
      } else if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line[0] === ":") emit("heartbeat", "null");
      else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  };
}

export function take(name: string, data: string): void {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return;
  }
  if (name === "open") {
    failures = 0;
    become("live");
    listener?.open(words(record(body).stream) ?? "");
  }
  listener?.event(name, body);
}

/** What a host answers that gives no stream, in words; null when nothing can be done about it but to sign in. */
export async function refusedBy(response: Response, used: Record<string, string>): Promise<string | null> {
  const problem = asProblem(await response.json().catch(() => null), response.status, `${response.status}`);
  if (response.status === 401 && !sessionRefused(used.Authorization, problem.detail)) {
    attempt = null;
    become("lost", problem.detail);
    return null;
  }
  return problem.detail;
}

/** Whether the host is there and answers plain requests. */
async function hostAnswers(signal: AbortSignal): Promise<boolean> {
  const used = headers();
  return fetch("api/runs", { headers: used, signal }).then(
    (response) => response.ok,
    () => false,
  );
}

async function readStream(mine: AbortController): Promise<string | null> {
  const used = headers();
  let why: string | null = t("hostGone");
  let silence: ReturnType<typeof setTimeout> | undefined;
  let answered = false;
  const onBytes = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => mine.abort(), silenceLimit);
  };
  const firstEvent = setTimeout(async () => {
    if (answered || !(await hostAnswers(mine.signal)) || answered || attempt !== mine) return;
    polled = true;
    reopen();
  }, firstEventWithin);
  try {
    onBytes();
    const response = await fetch("api/stream", { headers: used, signal: mine.signal });
    if (!response.ok || !response.body) {
      answered = true;
      why = await refusedBy(response, used);
    } else {
      const feed = reader(take);
      const bytes = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await bytes.read();
        if (done) break;
        answered = true;
        onBytes();
        feed(decoder.decode(value, { stream: true }));
      }
    }
  } catch {
    // Refused, cut, or given up after a long silence: all the same to the person.
  }
  clearTimeout(firstEvent);
  clearTimeout(silence);
  return why;
}

/** The same events by one plain request after another, where no stream gets through. */
function poll(mine: AbortController): Promise<string | null> {
  return filled(longPoll).then(
    (events) => events(mine.signal, silenceLimit),
    () => t("hostGone"),
  );
}

async function open(): Promise<void> {
  clearTimeout(retry);
  if (attempt) return;
  const mine = new AbortController();
  attempt = mine;
  const why = await (polled ? poll(mine) : readStream(mine));
  if (attempt === mine && why !== null) again(why);
}

/** Closes it, for as long as nobody begins it again. */
export function endStream(): void {
  clearTimeout(retry);
  listener = null;
  const current = attempt;
  attempt = null;
  current?.abort();
}

/** Opens it anew at once, as when the host no longer knows the stream. */
export function reopen(): void {
  const current = attempt;
  attempt = null;
  current?.abort();
  void open();
}

export function beginStream(to: Listener): void {
  listener = to;
  failures = 0;
  become("connecting");
  void open();
}
