// The door to what runs actions, which is fetched when the first one is needed or told of.
import { signal } from "@preact/signals";

/** Set by the page: how to open a thing from a toast. */
export const opener = signal<((plugin: string, view: string, engine: string, id: string) => void) | null>(null);

export function acting(): Promise<typeof import("./parts")> {
  return import("./parts");
}
