// What a list is drawn from.
import type { List as ListDescription, Section } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import type { Around } from "../host/read_request";

export interface ListProps {
  plugin: Plugin;
  list: ListDescription | (Section & { columns: ListDescription["columns"] });
  at: string;
  around: Around;
  engine: string;
  /** Its name in the address. */
  prefix: string;
  title: string;
  details: string | undefined;
  depth: number;
  /** None: its title stands above it already. */
  heading: "h2" | "h3" | null;
}
