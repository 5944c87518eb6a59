// What this tab shows, kept up to date. One entry for each different read, which all components share that need it. An answer
// belongs to the read it was asked with, so one that comes late can never show under another choice.
// Rests on tab_leader.ts, which does the same among the tabs.
import { signal, type Signal } from "@preact/signals";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { read as readOnce } from "./api";
import { asProblem, figure, record, type Problem, type Read } from "./protocol";
import { watchThese } from "./tab_leader";
import type { WatchUpdate } from "./watch_union";

export interface Answer {
  /** The last good body; stays when a later read fails. */
  body: unknown;
  /** By the host's clock, of `body` or of the last time it was found unchanged. */
  asOf: number | undefined;
  /** "waiting" until the first update, then the status of the last one. */
  status: string;
  problem: Problem | null;
  /** No more will come unless it is asked anew. */
  final: boolean;
}

interface Entry {
  content: string;
  read: Read;
  users: number;
  /** By how many it is read beforehand. */
  ahead: number;
  answer: Signal<Answer>;
  failures: number;
  retry: ReturnType<typeof setTimeout> | undefined;
  listeners: Set<(answer: Answer) => void>;
  left: number;
}

const nothing: Answer = { body: undefined, asOf: undefined, status: "waiting", problem: null, final: false };
const idle = signal<Answer>(nothing);
/** So many answers that nobody shows any more are kept for going back. */
const keptUnused = 24;
/** After these only the person can know whether asking again makes sense. */
const settledStatus = new Set(["denied", "invalid", "unsupported", "not_found", "gone", "sign_in_required"]);

const entries = new Map<string, Entry>();
const anew = new Set<string>();
let scheduled = false;

/** When the newest answer is from, and whether something shown cannot be read now: for the sign in the head of the page. */
export const newest = signal<number | undefined>(undefined);
export const troubled = signal(false);
/** What the page asked first has been answered. */
export const firstAnswered = signal(false);

function noteState(): void {
  const used = [...entries.values()].filter(({ users }) => users > 0).map(({ answer }) => answer.peek());
  troubled.value = used.some(({ problem, status }) => problem !== null && !settledStatus.has(status));
  if (used.length > 0 && used.every(({ status }) => status !== "waiting")) firstAnswered.value = true;
}

function isWatched(entry: Entry): boolean {
  return entry.users > 0 || entry.ahead > 0;
}

function obtain(content: string): Entry {
  let entry = entries.get(content);
  if (!entry) {
    entry = {
      content,
      read: JSON.parse(content) as Read,
      users: 0,
      ahead: 0,
      answer: signal(nothing),
      failures: 0,
      retry: undefined,
      listeners: new Set(),
      left: 0,
    };
    entries.set(content, entry);
  }
  return entry;
}

function sync(): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    forgetOldest();
    const all = [...entries.values()].filter(isWatched).sort((a, b) => Number(b.users > 0) - Number(a.users > 0));
    watchThese(
      all.map((entry) => entry.content),
      [...anew],
    );
    anew.clear();
  }, 0);
}

function forgetOldest(): void {
  const unused = [...entries.values()].filter((entry) => !isWatched(entry)).sort((a, b) => b.left - a.left);
  for (const entry of unused.slice(keptUnused)) {
    clearTimeout(entry.retry);
    entries.delete(entry.content);
  }
}

function retain(entry: Entry): void {
  entry.users += 1;
  if (entry.users !== 1) return;
  entries.set(entry.content, entry);
  if (entry.answer.peek().final) askAnew(entry);
  sync();
}

function release(entry: Entry): void {
  entry.users -= 1;
  entry.left = performance.now();
  if (entry.users === 0) {
    clearTimeout(entry.retry);
    noteState();
    sync();
  }
}

function askAnew(entry: Entry): void {
  clearTimeout(entry.retry);
  anew.add(entry.content);
  const answer = entry.answer.peek();
  if (answer.final) entry.answer.value = { ...answer, final: false, status: answer.body ? answer.status : "waiting" };
  sync();
}

function settle(entry: Entry, answer: Answer): void {
  entry.answer.value = answer;
  if (answer.asOf !== undefined && answer.status === "ok") {
    newest.value = Math.max(newest.peek() ?? 0, answer.asOf);
  }
  noteState();
  for (const listen of entry.listeners) listen(answer);
  if (answer.status === "ok") entry.failures = 0;
  if (!answer.final || settledStatus.has(answer.status) || entry.users === 0) return;
  const pause = Math.min(30_000, 1000 * 2 ** entry.failures);
  entry.failures += 1;
  clearTimeout(entry.retry);
  entry.retry = setTimeout(() => askAnew(entry), pause);
}

export function takeUpdate(update: WatchUpdate): void {
  const entry = entries.get(update.of);
  if (!entry) return;
  const before = entry.answer.peek();
  const final = update.final === true;
  if (update.status === "ok") {
    settle(entry, {
      body: update.body === undefined ? before.body : update.body,
      asOf: figure(record(update.body).asOf) ?? figure(update.asOf) ?? update.now,
      status: "ok",
      problem: null,
      final,
    });
  } else {
    const problem = asProblem(update.body, 0, update.status);
    settle(entry, { ...before, status: update.status, problem, final });
  }
}

/** A plugin is back or changed: what ended for good under the old one is asked of the new one. */
export function askEndedAnew(plugin: string): void {
  for (const entry of entries.values()) {
    if (entry.read.plugin === plugin && entry.users > 0 && entry.answer.peek().final) askAnew(entry);
  }
}

export function tryAgain(read: Read): void {
  const entry = entries.get(JSON.stringify(read));
  if (!entry) return;
  // Credentials that were refused are tried again for a person only, and once.
  if (entry.answer.peek().status === "sign_in_required")
    void readOnce({ ...read, again: true }).then(() => askAnew(entry));
  else askAnew(entry);
}

/** Reads it beforehand, until the function it returns is called; who uses it meanwhile goes on with it. See read_ahead.ts. */
export function beginAhead(read: Read): () => void {
  const entry = obtain(JSON.stringify(read));
  entries.set(entry.content, entry);
  entry.ahead += 1;
  sync();
  return () => {
    entry.ahead -= 1;
    // What nobody used is dropped, its errors too.
    if (!isWatched(entry) && entry.left === 0) entries.delete(entry.content);
    sync();
  };
}

/** Reads it while the component is there, beginning before the next frame is drawn. Null asks nothing. */
export function useLive(read: Read | null): Answer {
  const content = read ? JSON.stringify(read) : "";
  const entry = useMemo(() => (content ? obtain(content) : null), [content]);
  useLayoutEffect(() => {
    if (!entry) return undefined;
    retain(entry);
    return () => release(entry);
  }, [entry]);
  return (entry ? entry.answer : idle).value;
}

/** The same without a component: the answer there is and every later one, until the function it returns is called. */
export function listen(read: Read, onAnswer: (answer: Answer) => void): () => void {
  const entry = obtain(JSON.stringify(read));
  retain(entry);
  entry.listeners.add(onAnswer);
  let over = false;
  setTimeout(() => {
    if (!over && entry.answer.peek().status !== "waiting") onAnswer(entry.answer.peek());
  }, 0);
  return () => {
    if (over) return;
    over = true;
    entry.listeners.delete(onAnswer);
    release(entry);
  };
}
