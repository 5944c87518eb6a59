// Notifies the person of what a list's rules find between two of its answers: in the page while it is seen; by the system
// while it is hidden, if it may.
import { holds } from "../host/conditions";
import type { NotifyRule, Tone } from "../host/description";
import { engineName, severalEngines } from "../host/plugin_registry";
import { record } from "../host/protocol";
import type { Row } from "../host/rows";
import { keepWhileHidden } from "../host/tab_leader";
import { t } from "../i18n/translate";
import { fieldMap } from "../ui/cells/names";
import { toast } from "../ui/toasts";
import type { ListProps } from "./list_props";
import { wanted } from "./notifications";

export interface ListSnapshot {
  where: string;
  /** The first page, in the list's own order. */
  own: boolean;
  /** There may be more rows behind this page. */
  full: boolean;
  rows: readonly Row[];
  body: unknown;
  /** Which rows, and which rules each fulfils. */
  marks: string;
  /** performance.now() of the first one. */
  since: number;
  /** When a row ceased to fulfil a rule, of late. */
  calm: Map<string, number>;
}

/** A first answer may lack what the plugin finds out a moment later: so soon nothing counts as begun. */
const quietFor = 5_000;
/** More than these at once are one sentence. */
const mostAtOnce = 3;

function notify(text: string, tone: Tone): void {
  toast(tone, text, "");
  if (document.visibilityState === "hidden" && wanted.peek() && keepWhileHidden.peek()) {
    new Notification(document.title, { body: text, tag: text });
  }
}

/** Rows that are new. Not those of an engine that had failed, nor those that only moved up from the next page. */
function arrived(before: ListSnapshot, now: ListSnapshot): Row[] {
  if (!before.own || !now.own) return [];
  const known = new Set(before.rows.map((row) => row.key));
  const engines = record(record(before.body).engines);
  const failed = (row: Row): boolean => record(engines[row.engine]).error !== undefined;
  const end = before.full ? now.rows.findLastIndex((row) => known.has(row.key)) : now.rows.length;
  return now.rows.slice(0, Math.max(0, end)).filter((row) => !known.has(row.key) && !failed(row));
}

export function notifyOf(
  { plugin, list, title }: ListProps,
  rules: readonly NotifyRule[],
  before: ListSnapshot,
  now: ListSnapshot,
): void {
  const fields = fieldMap(list.columns);
  const old = new Map(before.rows.map((row) => [row.key, row]));
  const fresh = new Set(arrived(before, now));
  const at = performance.now();
  const { calm, since } = now;
  for (const [mark, when] of calm) if (at - when > quietFor) calm.delete(mark);
  if (at - since < quietFor) return;
  for (const [index, { when, appears, text, tone = "info" }] of rules.entries()) {
    const fulfils = (row: Row): boolean => !when || holds(when, { row: row.fields });
    const rows = now.rows.filter((row) => {
      const was = old.get(row.key);
      const mark = `${index} ${row.key}`;
      if (!was) return appears === true && fresh.has(row) && fulfils(row);
      if (fulfils(was) && !fulfils(row)) calm.set(mark, at);
      return fulfils(row) && !fulfils(was) && !calm.has(mark);
    });
    const where = (row: Row): string => (severalEngines() ? ` · ${engineName(row.engine)}` : "");
    const texts = [...new Set(rows.map((row) => plugin.text(text, { row: row.fields, fields }) + where(row)))];
    if (texts.length > mostAtOnce) notify(`${title}: ${t("targets", { n: rows.length })}`, tone);
    else for (const sentence of texts) notify(sentence, tone);
  }
}
