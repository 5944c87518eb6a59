// Telling the person what a list's rules say happened between two looks: in the page while it is seen; by the system while
// it is hidden, if it may.
import "./start";
import "./more";
import { fieldMap } from "./cells";
import { holds } from "./conditions";
import type { NotifyRule, Tone } from "./description";
import { t } from "./i18n";
import type { ListProps } from "./list";
import { wanted } from "./notify";
import { engineName, severalEngines } from "./plugins";
import { record } from "./protocol";
import type { Row } from "./rows";
import { keepWhileHidden } from "./tabs";
import { toast } from "./toasts";

export interface Look {
  where: string;
  /** The first page, in the list's own order. */
  own: boolean;
  /** There may be more rows behind this page. */
  full: boolean;
  rows: readonly Row[];
  body: unknown;
  /** Which rows, and which rules each fulfils. */
  marks: string;
  /** performance.now() of the first look. */
  since: number;
  /** When a row ceased to fulfil a rule, of late. */
  calm: Map<string, number>;
}

/** What a plugin says first may lack what it finds out a moment later: so soon nothing counts as begun. */
const settles = 5_000;
/** More than these at once are reported in one sentence. */
const mostTold = 3;

function tell(text: string, tone: Tone): void {
  toast(tone, text, "");
  if (document.visibilityState === "hidden" && wanted.peek() && keepWhileHidden.peek()) {
    new Notification(document.title, { body: text, tag: text });
  }
}

/** Rows that came. Not those of an engine that had failed, nor those that only moved up from the next page. */
function arrived(before: Look, now: Look): Row[] {
  if (!before.own || !now.own) return [];
  const known = new Set(before.rows.map((row) => row.key));
  const engines = record(record(before.body).engines);
  const failed = (row: Row): boolean => record(engines[row.engine]).error !== undefined;
  const end = before.full ? now.rows.findLastIndex((row) => known.has(row.key)) : now.rows.length;
  return now.rows.slice(0, Math.max(0, end)).filter((row) => !known.has(row.key) && !failed(row));
}

export function tellOf(
  { plugin, list, title }: ListProps,
  rules: readonly NotifyRule[],
  before: Look,
  now: Look,
): void {
  const fields = fieldMap(list.columns);
  const old = new Map(before.rows.map((row) => [row.key, row]));
  const fresh = new Set(arrived(before, now));
  const at = performance.now();
  const { calm, since } = now;
  for (const [mark, when] of calm) if (at - when > settles) calm.delete(mark);
  if (at - since < settles) return;
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
    const said = [...new Set(rows.map((row) => plugin.say(text, { row: row.fields, fields }) + where(row)))];
    if (said.length > mostTold) tell(`${title}: ${t("targets", { n: rows.length })}`, tone);
    else for (const sentence of said) tell(sentence, tone);
  }
}
