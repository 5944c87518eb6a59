// Loads the code that runs actions when the first action is started or reported.
import { signal } from "@preact/signals";

/** Set by the page: how to open a thing from a toast. */
export const opener = signal<((plugin: string, view: string, engine: string, id: string) => void) | null>(null);

export function acting(): Promise<typeof import("./parts")> {
  return import("./parts");
}
