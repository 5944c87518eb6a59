// What is asked to show a thing: its details, and its sections where they can be asked without them. Whoever reads them beforehand
// and whoever draws them ask the same, so that it is read once.
import type { DetailsView, Section } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import type { Fields, Read } from "../host/protocol";
import { readRequest } from "../host/read_request";
import { place, withThing, type Place, type Thing } from "../ui/address";
import { listState, narrowing } from "./list_state";

/** The name of a section's table in the address. */
export function sectionPrefix(depth: number, section: Section): string {
  return `${depth}.${section.id}`;
}

/** Whether a section is asked only once a person opens it. */
export function isClosable(section: Section): boolean {
  return section.collapsed === true || section.lazy === true;
}

export function detailsRead(plugin: Plugin, view: DetailsView, thing: Thing, outer: Fields | undefined): Read | null {
  const row = { id: thing.id, engine: thing.engine };
  return readRequest(plugin, `views/${thing.view}`, view.source, { row, parent: outer }, thing.engine);
}

/** `fields`: of the thing. */
export function sectionRead(
  plugin: Plugin,
  section: Section,
  thing: Thing,
  fields: Fields,
  depth: number,
  at: Place,
): Read | null {
  const path = `views/${thing.view}/sections/${section.id}`;
  if (section.type === "table") {
    const state = listState(section, sectionPrefix(depth, section), at);
    return readRequest(plugin, path, section.source, { parent: fields }, thing.engine, narrowing(state));
  }
  const row = { id: thing.id, engine: thing.engine };
  return readRequest(plugin, path, section.source, { row, parent: fields }, thing.engine);
}

/** The sections that may be asked before the details say which of them are shown. */
export function sectionReads(plugin: Plugin, view: DetailsView, thing: Thing, depth: number, at: Place): Read[] {
  const fields = { id: thing.id, engine: thing.engine };
  return view.sections.flatMap((section) => {
    if (!section.source || isClosable(section)) return [];
    const read = sectionRead(plugin, section, thing, fields, depth, at);
    return read ? [read] : [];
  });
}

/** All that opening the thing will ask, as far as it is known beforehand. */
export function opensWith(plugin: Plugin, thing: Thing, outer: Fields | undefined, depth: number): Read[] {
  const view = plugin.whole ? plugin.details(thing.view) : undefined;
  const own = view && detailsRead(plugin, view, thing, outer);
  return view && own ? [own, ...sectionReads(plugin, view, thing, depth, withThing(place.peek(), depth, thing))] : [];
}
