// Reads what a row opens from the moment the button goes down on it, or the focus rests on it: earlier than the click.
import type { Plugin } from "../host/plugin_registry";
import type { Fields } from "../host/protocol";
import { readAhead } from "../host/read_ahead";
import type { Thing } from "../ui/address";
import { opensWith } from "./details_reads";

/** For so long, in ms, the focus stays on a row before that is read: who holds an arrow key down reads nothing on the way. */
const restsAfter = 120;
/** What does something else than to open the row it stands in. */
const ownPurpose = "button,input,select,summary,a:not(.row-link),.tick,.popover";

export interface Opening {
  plugin: Plugin;
  thing: Thing;
  /** The fields of the thing that the row stands in. */
  outer: Fields | undefined;
  depth: number;
}

let rests: ReturnType<typeof setTimeout> | undefined;

function begin({ plugin, thing, outer, depth }: Opening): void {
  clearTimeout(rests);
  readAhead(opensWith(plugin, thing, outer, depth));
}

export const rowReader = {
  onPointerDown(event: PointerEvent, opening: Opening): void {
    // A finger that goes down may begin to scroll.
    if (event.button !== 0 || event.pointerType === "touch") return;
    if (event.target instanceof Element && !event.target.closest(ownPurpose)) begin(opening);
  },
  onFocus(opening: Opening): void {
    clearTimeout(rests);
    rests = setTimeout(begin, restsAfter, opening);
  },
  onLeave(): void {
    clearTimeout(rests);
  },
};
