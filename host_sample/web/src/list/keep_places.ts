// Nothing slides under the pointer: while it is at work in a pane, or a dialog is open, what stands there keeps its place.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { openQuestion } from "../actions/dialog_state";

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
 * What to show once `incoming` arrived. While `held` (the pointer is at work in these rows) every row keeps its place: those
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

/** For how long after its last move a pointer counts as being at work. */
const pointerRests = 4000;
const panes = ".list-pane,.details-pane";

let pane: Element | null = null;
let moved = -pointerRests;

function follow(event: PointerEvent): void {
  if (event.pointerType === "touch" || !(event.target instanceof Element)) return;
  pane = event.target.closest(panes);
  moved = performance.now();
}
addEventListener("pointermove", follow, { passive: true, capture: true });
addEventListener("pointerdown", follow, { passive: true, capture: true });
document.addEventListener("pointerleave", () => (pane = null));

/** The rows to show: `rows`, or for a while what was there before. `question` names what was asked for; another one lets go. */
export function useSteadyRows<R extends Placed>(
  rows: R[],
  question: string,
  element: { current: Element | null },
): R[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const kept = useRef<Kept<R> & { question: string }>({ rows, went: new Map(), question });
  const now = performance.now();
  const mine = element.current?.closest(panes) ?? null;
  const held = openQuestion.value !== null || (pane !== null && pane === mine && now - moved < pointerRests);
  kept.current =
    kept.current.question === question
      ? { ...keepPlaces(kept.current, rows, held, now), question }
      : { rows, went: new Map(), question };
  const shown = kept.current.rows;
  const outOfPlace = shown.length !== rows.length || shown.some((row, index) => row.key !== rows[index]?.key);
  useEffect(() => {
    if (!outOfPlace) return undefined;
    const timer = setTimeout(redraw, 300, undefined);
    return () => clearTimeout(timer);
  });
  return shown;
}
