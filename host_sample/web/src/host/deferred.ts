// Parts of the page that are fetched after the first list. Whoever needs one names a slot for it; parts.ts, an entry of its
// own, fills all slots in one go. What is here knows neither: main.ts says how parts.ts is fetched.
import { signal, type Signal } from "@preact/signals";

export type Slot<T> = Signal<T | null>;

export function slot<T>(): Slot<T> {
  return signal<T | null>(null);
}

/** The last try to fetch them failed; whoever needs one tries again. */
export const fetchFailed = signal(false);

let load: () => Promise<unknown> = () => Promise.reject(new Error("nothing to fetch"));
let fetching: Promise<unknown> | null = null;

export function fetchDeferredBy(how: () => Promise<unknown>): void {
  load = how;
}

/** Fetches all of them, once. */
export function fetchDeferred(): Promise<unknown> {
  fetching ??= load().then(
    () => (fetchFailed.value = false),
    (error: unknown) => {
      fetching = null;
      fetchFailed.value = true;
      throw error;
    },
  );
  return fetching;
}

/** What fills the slot, fetched if it is not here yet. */
export async function filled<T>(part: Slot<T>): Promise<T> {
  if (part.peek() === null) await fetchDeferred();
  const found = part.peek();
  if (found === null) throw new Error("nothing fills this slot");
  return found;
}
