// The view description (plugin_api/schema/cockpit.view.1.json) as types. The host has checked it before it comes here.
import type { Fields, Json } from "./protocol";

export type Tone = "neutral" | "info" | "success" | "warning" | "danger";
export type Type =
  | "text"
  | "id"
  | "integer"
  | "number"
  | "percent"
  | "bytes"
  | "datetime"
  | "duration"
  | "boolean"
  | "status"
  | "progress"
  | "tags"
  | "user"
  | "link"
  | "error"
  | "code"
  | "json"
  | "sparkline";

export interface Source {
  handler: string;
  params?: Fields;
}

export interface Condition {
  field?: string;
  op?: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "in" | "contains" | "exists";
  value?: Json;
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
}

export interface MapEntry {
  label?: string;
  tone?: Tone;
  icon?: string;
  text?: string;
}

export interface ViewLink {
  view: string;
  id?: string;
  section?: string;
  label?: string;
}

export interface Field {
  key: string;
  label?: string;
  type?: Type;
  below?: string;
  of?: string;
  parts?: { key: string; label?: string; tone?: Tone }[];
  unit?: string;
  tone?: Tone;
  map?: { [value: string]: MapEntry };
  thresholds?: { from: number; tone: Tone }[];
  link?: string | ViewLink;
  noValue?: string;
  description?: string;
  align?: "start" | "center" | "end";
  priority?: number;
  sortable?: boolean;
  copy?: boolean;
  sensitive?: boolean;
  language?: "json" | "xml" | "stacktrace";
  compare?: string;
  when?: Condition;
}

export interface Option {
  value: Json;
  label?: string;
}

export interface Filter {
  key: string;
  label?: string;
  type: "text" | "enum" | "boolean" | "number" | "datetimeRange" | "tags" | "id";
  options?: Option[];
  optionsSource?: Source;
  default?: Json;
  pinned?: boolean;
  when?: Condition;
}

export interface Empty {
  title: string;
  text?: string;
  action?: string;
}

export interface NotifyRule {
  when?: Condition;
  appears?: boolean;
  text: string;
  tone?: Tone;
}

export interface List {
  id: string;
  title?: string;
  source: Source;
  idField?: string;
  columns: Field[];
  filters?: Filter[];
  sort?: { key: string; order?: "asc" | "desc" };
  paging?: { size?: number; sizes?: number[] };
  selection?: "none" | "rows" | "query";
  empty?: Empty;
  export?: ("csv" | "json")[];
  notify?: NotifyRule | NotifyRule[];
  when?: Condition;
  details?: string;
  actions?: string[];
}

export type SectionType = "stats" | "fields" | "table" | "groups" | "chart" | "code" | "timeline" | "json" | "text";

export interface Section extends Partial<Omit<List, "id">> {
  id: string;
  label?: string;
  type: SectionType;
  collapsed?: boolean;
  lazy?: boolean;
  description?: string;
  fields?: Field[];
  key?: string;
  text?: string;
  language?: "json" | "xml" | "stacktrace";
  compare?: string;
  mark?: "line" | "area" | "bar" | "stacked";
}

export interface ListView {
  kind: "list";
  title?: string;
  lists: List[];
  details?: string;
}

export interface DetailsView {
  kind: "details";
  title?: string;
  source: Source;
  status?: Field;
  banner?: { text?: string; actions?: string[] };
  actions?: string[];
  sections: Section[];
}

export interface Navigation {
  id: string;
  label: string;
  icon?: string;
  group?: string;
  order?: number;
  view: string;
  badge?: { source: Source; field: string; tone?: Tone; label?: string };
  keywords?: string[];
}

export interface Param {
  type: "boolean" | "integer" | "number" | "string";
  format?: "datetime";
  title?: string;
  description?: string;
  default?: Json;
  enum?: Json[];
  labels?: { [value: string]: string };
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  order?: number;
}

export type On = "toolbar" | "row" | "bulk" | "header" | "group";
export type SettleWhen = "gone" | "timeout" | Condition;

export interface Action {
  label: string;
  icon?: string;
  tone?: Tone;
  on: On[];
  scope?: "none" | "one" | "many" | "query";
  params?: { properties: { [name: string]: Param }; required?: string[] };
  confirm?: { level: "none" | "ask" | "type"; title?: string; body?: string; phrase?: string; offer?: string };
  dryRun?: boolean | "offered";
  settle?: {
    until: "gone" | Condition;
    timeout?: number;
    waiting?: string;
    outcomes?: { when: SettleWhen; tone?: Tone; text: string }[];
  };
  undo?: string;
  hotkey?: string;
  idempotent?: boolean;
  expect?: string[];
}

export interface Description {
  schema: string;
  plugin: { id: string; name: string; version: string };
  strings?: { [locale: string]: { [key: string]: string } };
  navigation: Navigation[];
  views: { [id: string]: ListView | DetailsView };
  actions?: { [id: string]: Action };
}
