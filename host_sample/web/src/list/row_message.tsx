// A message about a row, in the place of its actions.
import type { ComponentChildren } from "preact";
import type { Row } from "../host/rows";
import { Pill } from "../ui/notes";

/** It lies over the actions, which keep their room: no row grows, no column moves. */
export function RowMessage({
  row,
  words,
  children,
}: {
  row: Row;
  words: string | undefined;
  children: ComponentChildren;
}) {
  if (words === undefined) return <>{children}</>;
  return (
    <>
      <span class="kept" inert>
        {children}
      </span>
      <span class="said" title={words}>
        {row.gone ? words : <Pill tone="info">{words}</Pill>}
      </span>
    </>
  );
}
