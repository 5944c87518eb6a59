// Whether the person is notified while the page is hidden, and by which tab: by one only. How, in telling.ts.
import { signal } from "@preact/signals";
import { keepWhileHidden } from "./tabs";

const possible = typeof Notification !== "undefined";
/** Whether the person asked for notifications while the page is hidden, and whether permission is still to be requested. */
export const wanted = signal(possible && Notification.permission === "granted");
export const canAsk = signal(possible && Notification.permission === "default");

export async function askToNotify(): Promise<void> {
  if (!possible) return;
  wanted.value = (await Notification.requestPermission()) === "granted";
  canAsk.value = false;
  elect();
}

let standing = false;

/** The tab that gets the lock keeps its stream while hidden; the others let theirs go. */
export function elect(): void {
  if (standing || !wanted.peek() || !("locks" in navigator)) return;
  standing = true;
  void navigator.locks.request("cockpit-notify", () => {
    keepWhileHidden.value = true;
    return new Promise<void>(() => undefined);
  });
}
