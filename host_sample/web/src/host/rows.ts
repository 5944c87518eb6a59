// Rows of an answer, named by engine and id, never by their place.
import { host } from "./plugin_registry";
import { items, pick, record, words, type Fields } from "./protocol";

export interface Row {
  /** Engine and id: what an action, the choice and the focus go by. */
  key: string;
  id: string;
  engine: string;
  fields: Fields;
  actions: Fields;
  /** No longer in the answer; shown greyed for a moment, with its outcome. */
  gone: boolean;
}

export function rowKey(engine: string, id: string): string {
  return `${engine}\n${id}`;
}

export function rowsOf(body: unknown, idField = "id"): Row[] {
  const only = host.peek()?.engines[0]?.id ?? "";
  const seen = new Set<string>();
  const rows: Row[] = [];
  for (const fields of items(record(body).rows)) {
    const found = pick(fields, idField);
    if (found === undefined || found === null) continue;
    const id = String(found);
    const engine = words(fields.engine) ?? only;
    const key = rowKey(engine, id);
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push({ key, id, engine, fields, actions: record(fields._actions), gone: false });
  }
  return rows;
}
