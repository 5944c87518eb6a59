// Telling the person what happened: in the page while it is seen; by the system while it is hidden, if it may, and then by
// one tab only.
import { signal } from "@preact/signals";
import type { Tone } from "./description";
import { keepWhileHidden } from "./tabs";
import { toast } from "./toasts";

const possible = typeof Notification !== "undefined";
/** Whether the person asked to be told while the page is hidden; and whether that is still to be asked. */
const wanted = signal(possible && Notification.permission === "granted");
export const canAsk = signal(possible && Notification.permission === "default");

export function notify(text: string, tone: Tone): void {
  toast(tone, text, "");
  if (document.visibilityState === "hidden" && wanted.peek() && keepWhileHidden.peek()) {
    new Notification(document.title, { body: text, tag: text });
  }
}

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
