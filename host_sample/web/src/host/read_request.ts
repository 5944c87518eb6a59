// From a place in the description to the question the host understands.
import { locale, zone } from "../i18n/translate";
import type { Source } from "./description";
import type { Plugin } from "./plugin_registry";
import { pick, type Fields, type Json, type Read } from "./protocol";

export interface Around {
  row?: Fields | undefined;
  parent?: Fields | undefined;
}

/** The fields that a source's params name, and no others. Undefined while one of them is not known yet. */
export function bindings(source: Source | undefined, around: Around): { row?: Fields; parent?: Fields } | undefined {
  const found: { row: { [key: string]: Json }; parent: { [key: string]: Json } } = { row: {}, parent: {} };
  for (const param of Object.values(source?.params ?? {})) {
    if (typeof param !== "string") continue;
    for (const match of param.matchAll(/\{(row|parent)\.([^{}]+)\}/g)) {
      const root = match[1] === "row" ? "row" : "parent";
      const value = pick(around[root], match[2] ?? "");
      if (value === undefined) return undefined;
      found[root][match[2] ?? ""] = value;
    }
  }
  return {
    ...(Object.keys(found.row).length > 0 ? { row: found.row } : {}),
    ...(Object.keys(found.parent).length > 0 ? { parent: found.parent } : {}),
  };
}

export function readRequest(
  plugin: Plugin,
  at: string,
  source: Source | undefined,
  around: Around,
  engine: string,
  more: Partial<Read> = {},
): Read | null {
  const bound = bindings(source, around);
  if (!bound) return null;
  return { plugin: plugin.id, at, ...bound, ...(engine ? { engines: [engine] } : {}), ...more, locale, zone };
}
