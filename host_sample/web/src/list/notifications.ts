// Whether the person is notified while the page is hidden, and by which tab: by one only. Of what, in notify_rules.ts.
import { signal } from "@preact/signals";
import { keepWhileHidden } from "../host/tab_leader";

const possible = typeof Notification !== "undefined";
/** Whether the person wants to be notified while the page is hidden; and whether that is still to be asked. */
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
