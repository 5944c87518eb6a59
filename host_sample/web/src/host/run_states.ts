// The runs of this person that the host reported: those of other tabs, too.
import { signal } from "@preact/signals";
import type { Run } from "./protocol";

/** Every run the host reported, by id. */
export const runs = signal<ReadonlyMap<string, Run>>(new Map());
