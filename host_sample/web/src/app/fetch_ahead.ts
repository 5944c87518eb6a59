// What the next click needs, fetched once the first lists are on screen and the browser has nothing else to do: the deferred
// parts, and the whole descriptions.
import { effect } from "@preact/signals";
import { fetchDeferred } from "../host/deferred";
import { firstAnswered } from "../host/live";
import { fetchWhole } from "../host/plugin_registry";

/** A browser that is never idle, or cannot say so, fetches after this many ms all the same. */
const patience = 2_000;

function whenIdle(begin: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(begin, { timeout: patience });
  else setTimeout(begin, patience / 10);
}

export function fetchAheadWhenIdle(): void {
  const stop = effect(() => {
    if (!firstAnswered.value) return;
    whenIdle(() => {
      stop();
      // Who needs a part that did not come tries again, and shows it.
      fetchDeferred().catch(() => undefined);
      fetchWhole();
    });
  });
}
