// Reading beforehand what a person is about to open, or what a details view will probably show. A read that nobody uses costs
// nothing that is seen: it is dropped, with its error if it failed.
import { useLayoutEffect } from "preact/hooks";
import { beginAhead } from "./live";
import type { Read } from "./protocol";

/** Of one thing: its details and so many of its sections. */
const mostAhead = 5;
/** For how long, in ms, what was read beforehand is kept up to date for who opens it. */
const keptFor = 3_000;

function begin(reads: readonly Read[]): () => void {
  const ends = reads.slice(0, mostAhead).map(beginAhead);
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

let end: () => void = () => undefined;
let expires: ReturnType<typeof setTimeout> | undefined;

/** Of one thing at a time: the next one takes its place. */
export function readAhead(reads: readonly Read[]): void {
  clearTimeout(expires);
  const endBefore = end;
  end = begin(reads);
  endBefore();
  expires = setTimeout(end, keptFor);
}

/** In one go with what the component itself asks, for as long as it is in `reads`. */
export function useReadAhead(reads: readonly Read[]): void {
  useLayoutEffect(() => begin(reads), [JSON.stringify(reads)]);
}
