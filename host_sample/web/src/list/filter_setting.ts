// What a filter is set from, and where it is set: in the address.
import type { Filter } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import { record, type Json } from "../host/protocol";
import type { Around } from "../host/read_request";
import { go, place, withParams } from "../ui/address";
import type { ListState } from "./list_state";

export interface FiltersProps {
  plugin: Plugin;
  /** Where the list stands in the description; its filters' own sources stand below. */
  at: string;
  around: Around;
  engine: string;
  prefix: string;
  filters: readonly Filter[];
  state: ListState;
}

export function setFilter(filter: Filter, prefix: string, value: Json | undefined): void {
  go(withParams(place.peek(), filterParam(filter, prefix, value)), "replace");
}

export function filterText(filter: Filter, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  switch (filter.type) {
    case "number":
    case "datetimeRange": {
      const range = record(value);
      return range.from === undefined && range.to === undefined ? "" : `${range.from ?? ""}..${range.to ?? ""}`;
    }
    case "tags":
      return Array.isArray(value) ? value.map((tag) => encodeURIComponent(String(tag))).join(",") : "";
    default:
      return String(value);
  }
}

/** The address param that sets a filter; a default that is taken away leaves an empty one behind. */
export function filterParam(
  filter: Filter,
  prefix: string,
  value: Json | undefined,
): { [name: string]: string | null } {
  const text = filterText(filter, value);
  const standing = filterText(filter, filter.default);
  return { [`${prefix}.f.${filter.key}`]: text === standing ? null : text, [`${prefix}.page`]: null };
}
