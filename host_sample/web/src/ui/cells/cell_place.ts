// Where a value is drawn, and when there is none.
import type { Plugin } from "../../host/plugin_registry";
import type { Fields, Json } from "../../host/protocol";

export interface CellPlace {
  plugin: Plugin;
  row: Fields;
  id: string;
  engine: string;
  /** Where a details view that is opened from here stands. */
  depth: number;
  /** Short forms in lists, whole ones in details. */
  dense: boolean;
  /** Inside a link. */
  bare?: boolean;
  /** Of what stands inside: only the row with the focus is in the tab order. */
  tabIndex?: number | undefined;
}

export function missing(value: Json | undefined): value is null | undefined | "" {
  return value === undefined || value === null || value === "";
}
