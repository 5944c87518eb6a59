// What an action is done to, and what is known of a thing because of it: that it waits, or what came of it.
import { signal } from "@preact/signals";
import type { Action, Field } from "./description";
import type { Plugin } from "./plugins";
import type { Fields, Read, Run } from "./protocol";
import { rowKey } from "./rows";

export interface TargetRow {
  id: string;
  engine: string;
  fields: Fields;
}

/** What an action is done to, fixed when it was asked for: nothing that is chosen later changes it. */
export interface Target {
  plugin: Plugin;
  /** The question whose answer showed it. */
  read: Read;
  idField: string | undefined;
  rows: readonly TargetRow[];
  query?: { filters: Fields; group?: string; count: number };
  /** In people's words: the thing's name, or how many. */
  label: string;
  count: number;
  /** Of a query: the chosen engine. */
  engine: string;
  parent: Fields | undefined;
  fields: ReadonlyMap<string, Field>;
}

/** Every run the host reported, by id. */
export const runs = signal<ReadonlyMap<string, Run>>(new Map());
/** plugin/action/engine/id of everything being done or asked for right now. */
export const busy = signal<ReadonlySet<string>>(new Set());
/** plugin, engine and id of what waits for its state, with words. */
export const waiting = signal<ReadonlyMap<string, string>>(new Map());
/** What came of something done to a thing, shown in its row while that is still there. */
export const outcomes = signal<ReadonlyMap<string, string>>(new Map());
/** What was said when a run's things reached their state, by run. */
export const settledText = signal<ReadonlyMap<string, string>>(new Map());

export function thingKey(plugin: string, engine: string, id: string): string {
  return `${plugin}\n${rowKey(engine, id)}`;
}

export function changed<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): Map<string, V> {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
}

export function busyKey(plugin: string, action: string, engine: string, id: string): string {
  return `${action}\n${thingKey(plugin, engine, id)}`;
}

/** By these it is known that something is being done. */
export function marksOf(action: string, target: Target, part: readonly TargetRow[]): string[] {
  if (part.length > 0) return part.map((row) => busyKey(target.plugin.id, action, row.engine, row.id));
  return [busyKey(target.plugin.id, action, target.engine, JSON.stringify([target.read.at, target.query ?? null]))];
}

export function isBusy(action: string, target: Target): boolean {
  const parts = marksOf(action, target, target.rows);
  return parts.some((mark) => busy.value.has(mark));
}

export function actionLabel(plugin: Plugin, action: Action | undefined, id: string, target?: Target): string {
  if (!action) return id;
  return plugin.say(action.label, {
    row: target?.rows.length === 1 ? target.rows[0]?.fields : undefined,
    parent: target?.parent,
    count: target?.count ?? 1,
    ...(target ? { fields: target.fields } : {}),
  });
}
