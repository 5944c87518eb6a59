// Which fields have a cell of their own, and what a thing is called in a sentence.
import type { Field } from "../../host/description";
import type { Plugin } from "../../host/plugin_registry";
import { pick, type Fields } from "../../host/protocol";
import { asText, plain } from "../../host/value_text";
import { missing } from "./cell_place";

function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}

/** Fields that have a cell of their own: what stands below another has not. */
export function ownCells(fields: readonly Field[]): Field[] {
  const below = new Set(fields.flatMap((field) => (field.below ? [field.below] : [])));
  return fields.filter((field) => !below.has(field.key));
}

export function fieldMap(...groups: (readonly Field[] | undefined)[]): ReadonlyMap<string, Field> {
  return new Map(groups.flatMap((group) => group ?? []).map((field) => [field.key, field]));
}

/** What to call a thing in a sentence: its first plain text, and its id. */
export function nameOf(plugin: Plugin, fields: readonly Field[], row: Fields, id: string): string {
  const naming = fields.find(
    (field) => (field.type ?? "text") === "text" && !field.sensitive && !missing(pick(row, field.key)),
  );
  const name = naming ? plain(pick(row, naming.key), naming, row, plugin.textIn) : "";
  const short = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return short && short !== id ? `${short} ${shortId(asText(id))}` : asText(id);
}
