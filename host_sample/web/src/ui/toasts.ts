// Sentences about outcomes: shown for a while, and read out politely.
import { signal } from "@preact/signals";
import type { Tone } from "../host/description";

export interface Toast {
  id: string;
  tone: Tone;
  title: string;
  text: string;
  /** Offered with it. */
  button?: { label: string; press: () => void };
  sticky: boolean;
}

export const toasts = signal<readonly Toast[]>([]);

const shownAtOnce = 5;
let count = 0;

/** What failed stays until it is dismissed. */
export function toast(tone: Tone, title: string, text: string, button?: Toast["button"]): string {
  count += 1;
  const entry: Toast = { id: `t${count}`, tone, title, text, sticky: tone === "danger", ...(button ? { button } : {}) };
  toasts.value = [...toasts.peek(), entry].slice(-shownAtOnce);
  return entry.id;
}

export function dropToast(id: string): void {
  toasts.value = toasts.peek().filter((entry) => entry.id !== id);
}
