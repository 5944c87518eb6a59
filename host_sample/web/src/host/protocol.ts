// The words of the host's protocol (host_sample/http/README.md) as types, and careful ways into what a plugin answered.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Fields = { readonly [key: string]: Json | undefined };

export interface Problem {
  title: string;
  status: number;
  detail: string;
  /** As received: a plugin's words may be there by their key. */
  of?: Fields;
}

export interface Engine {
  id: string;
  name: string;
}

/** What is asked: a place in a plugin's description, and how it is narrowed. */
export interface Read {
  plugin: string;
  at: string;
  row?: Fields;
  parent?: Fields;
  engines?: string[];
  filters?: Fields;
  sort?: { key: string; order: "asc" | "desc" };
  page?: { first: number; size: number };
  locale: string;
  zone: string;
  /** A person asks again after the credentials were refused. */
  again?: boolean;
}

export interface Update {
  key: string;
  status: string;
  asOf?: number;
  now: number;
  body?: unknown;
  final?: boolean;
}

export type Outcome = "ok" | "partial" | "failed" | "accepted" | "unknown";

export interface RunRequest {
  key: string;
  plugin: string;
  action: string;
  at: string;
  engine?: string;
  ids?: string[];
  query?: { filters: Fields; group?: string; count: number };
  params: Fields;
  row: Fields;
  parent: Fields;
  dryRun: boolean;
  plan: Json;
  expect?: Fields;
}

export interface Run {
  id: string;
  key: string;
  plugin: string;
  action: string;
  engine?: string;
  ids?: string[];
  state: "running" | "ended";
  progress?: { done?: number; of?: number; failed?: number; current?: Json };
  outcome?: Outcome;
  message?: Json;
  affected?: number;
  skipped?: { id: string; message?: Json }[];
  failures?: { id: string; message?: Json }[];
  plan?: Json;
  follow?: { view: string; engine?: string; id: string } | null;
  started: number;
  ended?: number;
  late?: boolean;
  dryRun?: boolean;
}

export function record(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function items(value: unknown): Fields[] {
  return Array.isArray(value)
    ? value.filter((item): item is Fields => typeof item === "object" && item !== null && !Array.isArray(item))
    : [];
}

export function words(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function figure(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The member of a row that a key names; dots lead into objects. */
export function pick(fields: Fields | undefined, key: string): Json | undefined {
  if (!fields) return undefined;
  if (Object.hasOwn(fields, key)) return fields[key];
  let value: Json | undefined = fields as Json;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = value[part];
  }
  return value;
}

function plainly(text: Json | undefined): string | undefined {
  return words(text) ?? words(record(text).fallback);
}

export function asProblem(body: unknown, status: number, fallback: string): Problem {
  const fields = record(body);
  return {
    title: plainly(fields.title) ?? "",
    status: figure(fields.status) ?? status,
    detail: plainly(fields.detail) ?? plainly(fields.title) ?? fallback,
    of: fields,
  };
}
