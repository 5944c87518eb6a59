// The one event stream of this tab. It is open while the page is seen, closes when hidden (a browser allows six
// connections a host), and opens again by itself, with growing pauses, when it breaks.
import { signal } from "@preact/signals";
import { setHostClock } from "./clock";
import { t } from "./i18n";
import { asProblem, figure, record, words } from "./protocol";
import { headers, sessionRefused } from "./session";

export interface Connection {
  state: "connecting" | "live" | "lost" | "paused";
  /** performance.now() when it became so. */
  since: number;
  why: string;
}

export const connection = signal<Connection>({ state: "connecting", since: performance.now(), why: "" });

export interface Listener {
  open(stream: string): void;
  event(name: string, data: unknown): void;
}

const silenceLimit = 40_000;
const firstPause = 400;
const longestPause = 10_000;
const hiddenGrace = 2_000;

let attempt: AbortController | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
let listener: Listener | null = null;
/** True while a hidden tab shall keep its stream, to tell about what happens. */
export const keepWhileHidden = signal(false);

function become(state: Connection["state"], why = ""): void {
  const current = connection.peek();
  const since = current.state === state ? current.since : performance.now();
  connection.value = { state, since, why };
}

function again(why: string): void {
  attempt = null;
  if (document.visibilityState === "hidden" && !keepWhileHidden.peek()) {
    become("paused");
    return;
  }
  become("lost", why);
  const pause = Math.min(longestPause, firstPause * 2 ** failures) * (0.8 + Math.random() * 0.4);
  failures += 1;
  clearTimeout(retry);
  retry = setTimeout(() => void open(), pause);
}

/** Bytes of the stream into events: `event:` and `data:` lines, a blank line ends one, a colon begins a comment. */
function reader(emit: (name: string, data: string) => void): (text: string) => void {
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
      else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    }
  };
}

function take(name: string, data: string): void {
  let body: unknown;
  try {
    body = JSON.parse(data);
  } catch {
    return;
  }
  const now = figure(record(body).now);
  if (now !== undefined) setHostClock(now);
  if (name === "open") {
    failures = 0;
    become("live");
    listener?.open(words(record(body).stream) ?? "");
  } else listener?.event(name, body);
}

async function open(): Promise<void> {
  clearTimeout(retry);
  if (attempt) return;
  const mine = new AbortController();
  attempt = mine;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => mine.abort(), silenceLimit);
  };
  const used = headers();
  let why = t("hostGone");
  try {
    heard();
    const response = await fetch("api/stream", { headers: used, signal: mine.signal });
    if (!response.ok || !response.body) {
      const problem = asProblem(await response.json().catch(() => null), response.status, `${response.status}`);
      why = problem.detail;
      if (response.status === 401 && !sessionRefused(used.Authorization, problem.detail)) {
        clearTimeout(silence);
        attempt = null;
        become("lost", why);
        return;
      }
    } else {
      const feed = reader(take);
      const bytes = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await bytes.read();
        if (done) break;
        heard();
        feed(decoder.decode(value, { stream: true }));
      }
    }
  } catch {
    // Refused, cut, or given up after a long silence: all the same to the person.
  }
  clearTimeout(silence);
  if (attempt === mine) again(why);
}

function close(): void {
  clearTimeout(retry);
  const current = attempt;
  attempt = null;
  current?.abort();
  become("paused");
}

/** Opens it anew at once, as when the host no longer knows the stream. */
export function reopen(): void {
  const current = attempt;
  attempt = null;
  current?.abort();
  void open();
}

let watchesVisibility = false;

export function startStream(to: Listener): void {
  listener = to;
  if (!watchesVisibility) {
    watchesVisibility = true;
    let leaving: ReturnType<typeof setTimeout> | undefined;
    document.addEventListener("visibilitychange", () => {
      clearTimeout(leaving);
      if (document.visibilityState === "hidden") {
        leaving = setTimeout(() => {
          if (!keepWhileHidden.peek()) close();
        }, hiddenGrace);
      } else if (!attempt) {
        failures = 0;
        if (connection.peek().state === "paused") become("connecting");
        void open();
      }
    });
    addEventListener("online", () => {
      if (connection.peek().state === "lost") reopen();
    });
    // A page that comes back from the browser's cache has a dead stream.
    addEventListener("pageshow", (event) => {
      if (event.persisted) reopen();
    });
  }
  void open();
}
