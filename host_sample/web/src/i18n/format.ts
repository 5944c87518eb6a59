// Numbers, dates and durations by Intl in the person's language.
import { locale, t } from "./translate";

/** Making one takes milliseconds: each is made with its first use, and the first list is there sooner. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const whole = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const fraction = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }));
const time = once(() => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }));
const timeExact = once(
  () => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
);
const day = once(
  () => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
);
const dayOfYear = once(() => new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric" }));
const entire = once(() => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }));
const exact = once(() => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }));

export function number(value: number): string {
  return Number.isInteger(value) ? whole().format(value) : fraction().format(value);
}

const share = once(() => new Intl.NumberFormat(locale, { style: "percent" }));

/** Rounded down, so that 100 % means all of it. */
export function percent(value: number): string {
  return share().format(Math.floor(value * 100 + 1e-9) / 100);
}

export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  const units = ["B", "kB", "MB", "GB", "TB"];
  while (Math.abs(size) >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0 }).format(size)}\u00a0${units[unit]}`;
}

/** In its two largest units: 12 min, 1 h 5 min, 3 d 2 h. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 1000) return `${whole().format(ms)}\u00a0ms`;
  const seconds = Math.round(ms / 1000);
  const steps: [number, string][] = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  for (const [index, [size, unit]] of steps.entries()) {
    if (seconds < size) continue;
    const first = Math.floor(seconds / size);
    const next = steps[index + 1];
    const second = next && first < 10 ? Math.floor((seconds % size) / next[0]) : 0;
    const head = `${whole().format(first)}\u00a0${unit}`;
    return second > 0 && next ? `${head} ${second}\u00a0${next[1]}` : head;
  }
  return `0\u00a0s`;
}

/** The length of a wait, for "… ago": one unit. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}\u00a0s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0min`;
  return duration(seconds * 1000);
}

function sameDay(a: Date, b: Date): boolean {
  return a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth() && a.getDate() === b.getDate();
}

export function asDate(value: unknown): Date | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** As short as it is clear: the time today, the day this year, the date before that. */
export function shortTime(date: Date, now: Date, seconds = false): string {
  if (sameDay(date, now)) return (seconds ? timeExact : time)().format(date);
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear)().format(date);
}

export function exactTime(date: Date): string {
  return exact().format(date);
}

/** For who points at a time: the person's own zone in full, and what the engine answered, with its offset. */
export function bothTimes(date: Date, value: unknown): string {
  const given = /^([\d-]+)T([\d:.]+)([+-][\d:]+|Z)$/.exec(String(value));
  return entire().format(date) + (given ? `\n${t("engine")}: ${given[1]} ${given[2]} ${given[3]}` : "");
}

/** As somebody else wrote it, closed where it is not. */
export function sentence(text: string): string {
  return text && !/[.!?…]$/.test(text) ? `${text}.` : text;
}

export function headline(text: string): string {
  const line = text.trimStart().split("\n", 1)[0] ?? "";
  return line.trim();
}
