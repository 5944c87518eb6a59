// Values of answers as plain text, which every type has, and their tones.
import { asDate, bytes, duration, exactTime, headline, number, percent } from "../i18n/format";
import { visible } from "../i18n/text_safety";
import { t } from "../i18n/translate";
import type { Field, Tone } from "./description";
import { figure, pick, record, words, type Fields, type Json } from "./protocol";

/** A text as answers carry it: plain, {text, cut}, or {key, args, fallback} that the plugin's words resolve. */
export type TextOf = (template: string, row?: Fields) => string;

export function asText(value: Json | undefined, textOf?: TextOf): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return visible(value);
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (Array.isArray(value)) return value.map((item) => asText(item, textOf)).join(", ");
  if (typeof value.key === "string" && textOf) {
    const text = textOf(`%${value.key}%`, record(value.args));
    return text === `%${value.key}%` ? visible(words(value.fallback) ?? value.key) : text;
  }
  const best = value.text ?? value.name ?? value.label ?? value.fallback ?? value.headline ?? value.id;
  return typeof best === "string" ? visible(best) : visible(JSON.stringify(value));
}

export interface Share {
  done: number;
  of: number;
}

export function share(value: Json | undefined, field: Field, row: Fields): Share | undefined {
  const done = figure(value);
  const of = field.of ? figure(pick(row, field.of)) : 1;
  return done === undefined || of === undefined ? undefined : { done, of };
}

export function shareText({ done, of }: Share): string {
  return percent(of > 0 ? Math.min(1, Math.max(0, done / of)) : 1);
}

/** The plain text form of a value; every type has one. */
export function plain(value: Json | undefined, field: Field, row: Fields, textOf: TextOf): string {
  if (value === undefined || value === null || value === "") return field.noValue ? textOf(field.noValue, row) : "–";
  const unit = field.unit ? `\u00a0${textOf(field.unit, row)}` : "";
  const amount = figure(value);
  switch (field.type) {
    case "integer":
    case "number":
      return amount === undefined ? asText(value, textOf) : number(amount) + unit;
    case "percent":
      return amount === undefined ? asText(value, textOf) : percent(amount);
    case "bytes":
      return amount === undefined ? asText(value, textOf) : bytes(amount);
    case "duration":
      return amount === undefined ? asText(value, textOf) : duration(amount);
    case "datetime": {
      const date = asDate(value);
      return date ? exactTime(date) : asText(value, textOf);
    }
    case "status": {
      const entry = field.map?.[String(value)];
      return entry?.label ? textOf(entry.label, row) : asText(value, textOf);
    }
    case "progress": {
      const part = share(value, field, row);
      return part ? shareText(part) : asText(value, textOf);
    }
    case "error":
      return headline(asText(value, textOf));
    case "link":
      return asText(record(value).label ?? record(value).href ?? value, textOf);
    case "json":
      return visible(typeof value === "string" ? value : JSON.stringify(value));
    case "sparkline":
      return Array.isArray(value) ? asText(value.at(-1), textOf) : asText(value, textOf);
    default: {
      const entry = field.map?.[String(value)];
      return (entry?.label ? textOf(entry.label, row) : asText(value, textOf)) + unit;
    }
  }
}

export function toneOf(value: Json | undefined, field: Field): Tone | undefined {
  const entry = field.map?.[String(value)];
  if (entry?.tone) return entry.tone;
  const amount = figure(value);
  if (amount === undefined || !field.thresholds) return field.tone;
  return field.thresholds.findLast((threshold) => amount >= threshold.from)?.tone;
}
