// Nothing slides under the pointer: while it is at work in a pane, or a dialog is open, what stands there keeps its place.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { asked } from "./asked";
import { keepPlaces, type Kept, type Placed } from "./rows";

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
export function useHeld<R extends Placed>(rows: R[], question: string, element: { current: Element | null }): R[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const kept = useRef<Kept<R> & { question: string }>({ rows, went: new Map(), question });
  const now = performance.now();
  const mine = element.current?.closest(panes) ?? null;
  const held = asked.value !== null || (pane !== null && pane === mine && now - moved < pointerRests);
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
