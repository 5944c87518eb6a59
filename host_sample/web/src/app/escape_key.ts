// Esc closes the innermost details, and gives the focus back to the row they were opened from.
import { go, place, withThing } from "../ui/address";

function onKey(event: KeyboardEvent): void {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (event.target instanceof Element && event.target.closest("dialog,[popover],input,select,textarea")) return;
  const things = place.peek().things;
  if (things.length === 0) return;
  const last = things.at(-1);
  go(withThing(place.peek(), things.length - 1, null));
  setTimeout(() => {
    if (document.activeElement !== document.body) return;
    [...document.querySelectorAll<HTMLElement>("tr[data-key]")].find((row) => row.dataset.id === last?.id)?.focus();
  }, 50);
}

export function listenForEscape(): void {
  document.addEventListener("keydown", onKey);
}
