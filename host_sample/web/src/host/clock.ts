// The host's clock as seen here (this machine's own may be off), and a signal that ticks each second while the page is seen.
import { signal } from "@preact/signals";

let hostAt = Date.now();
let seenAt = performance.now();

export function setHostClock(now: number): void {
  if (!Number.isFinite(now) || now <= 0) return;
  hostAt = now;
  seenAt = performance.now();
}

/** ms since 1970 by the host's clock. */
export function hostNow(): number {
  return hostAt + (performance.now() - seenAt);
}

export const tick = signal(0);
setInterval(() => {
  if (document.visibilityState === "visible") tick.value += 1;
}, 1000);
