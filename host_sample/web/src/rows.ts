// Rows of an answer, named by engine and id, never by their place; and the rule that nothing slides under the pointer.
import { host } from "./plugins";
import { items, pick, record, words, type Fields } from "./protocol";

export interface Row {
  /** Engine and id: what an action, the choice and the focus go by. */
  key: string;
  id: string;
  engine: string;
  fields: Fields;
  actions: Fields;
  /** No longer in the answer; shown greyed for a moment, with what came of it. */
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

/** What keeps its place: a row, a group. */
export interface Placed {
  key: string;
  gone: boolean;
}

export interface Kept<R extends Placed> {
  rows: R[];
  /** When each gone row went. */
  went: ReadonlyMap<string, number>;
}

/** How long a row that went is shown at least. */
export const ghostFor = 1500;

/**
 * What to show once `incoming` came. While `held` (the pointer is at work in these rows) every row keeps its place: those
 * that went stay as ghosts, new ones are added at the end. Otherwise the new order stands at once, and only ghosts
 * younger than `ghostFor` remain where they were.
 */
export function keepPlaces<R extends Placed>(before: Kept<R>, incoming: R[], held: boolean, now: number): Kept<R> {
  const fresh = new Map(incoming.map((row) => [row.key, row]));
  const went = new Map<string, number>();
  const stays = (row: R): boolean => {
    if (fresh.has(row.key)) return true;
    const since = before.went.get(row.key) ?? now;
    if (!held && now - since >= ghostFor) return false;
    went.set(row.key, since);
    return true;
  };
  const ghost = (row: R): R => ({ ...row, gone: true });
  if (held) {
    const old = before.rows.filter(stays).map((row) => fresh.get(row.key) ?? ghost(row));
    const shown = new Set(old.map((row) => row.key));
    return { rows: [...old, ...incoming.filter((row) => !shown.has(row.key))], went };
  }
  const rows = [...incoming];
  before.rows.forEach((row, index) => {
    if (fresh.has(row.key) || !stays(row)) return;
    const neighbour = before.rows[index - 1];
    const at = neighbour ? rows.findIndex((other) => other.key === neighbour.key) + 1 : 0;
    rows.splice(at, 0, ghost(row));
  });
  return { rows, went };
}
