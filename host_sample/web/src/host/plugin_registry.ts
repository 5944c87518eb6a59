// What the host reports of itself and its plugins, and each plugin's texts: `%key%` from its strings, `{field}` from data.
import { computed, signal } from "@preact/signals";
import { isolated } from "../i18n/text_safety";
import { locale, t } from "../i18n/translate";
import { call } from "./api";
import { holds, type Roots } from "./conditions";
import type { Action, Condition, Description, DetailsView, Field, ListView, Navigation } from "./description";
import { figure, items, pick, record, words, type Engine, type Fields } from "./protocol";
import { asText, plain } from "./value_text";

export interface PluginState {
  id: string;
  name: string;
  version: string;
  file: string;
  state: string;
  reason: string;
}

export interface Host {
  name: string;
  version: string;
  readOnly: boolean;
  principal: string;
  engines: Engine[];
  plugins: PluginState[];
}

/** What a text may take its `{field}`s from. */
export interface Scope {
  row?: Fields | undefined;
  parent?: Fields | undefined;
  count?: number;
  fields?: ReadonlyMap<string, Field>;
}

const plural = new Intl.PluralRules(locale);

export class Plugin {
  readonly id: string;
  readonly description: Description;
  /** Whether its details views are here, too; until then they are there by their kind alone. */
  readonly whole: boolean;
  private readonly strings: readonly { readonly [key: string]: string }[];

  constructor(id: string, description: Description, whole: boolean) {
    this.id = id;
    this.whole = whole;
    this.description = description;
    const tables = description.strings ?? {};
    const base = locale.split("-")[0] ?? "";
    const order = [locale, base, "en", ...Object.keys(tables)];
    this.strings = order.flatMap((tag) => (Object.hasOwn(tables, tag) && tables[tag] ? [tables[tag]] : []));
  }

  view(id: string): ListView | DetailsView | undefined {
    return Object.hasOwn(this.description.views, id) ? this.description.views[id] : undefined;
  }

  details(id: string | undefined): DetailsView | undefined {
    const view = id === undefined ? undefined : this.view(id);
    return view?.kind === "details" ? view : undefined;
  }

  action(id: string): Action | undefined {
    const actions = this.description.actions ?? {};
    return Object.hasOwn(actions, id) ? actions[id] : undefined;
  }

  private phrase(key: string, scope: Scope): string | undefined {
    const [name = "", by] = key.split(":", 2);
    for (const table of this.strings) {
      if (!by && Object.hasOwn(table, name)) return table[name];
      const amount = by === undefined || by === "count" ? (scope.count ?? 1) : (figure(pick(scope.row, by)) ?? 1);
      const form = table[`${name}.${plural.select(amount)}`] ?? table[`${name}.other`];
      if (form !== undefined) return form;
      if (Object.hasOwn(table, name)) return table[name];
    }
    // An answer may name words that nothing in the lists does.
    if (!this.whole) void fetchOne(this.id, true);
    return undefined;
  }

  private value(path: string, scope: Scope): string {
    if (path === "count" && scope.count !== undefined) return asText(scope.count);
    const [root, rest] = path.startsWith("parent.")
      ? [scope.parent, path.slice(7)]
      : [scope.row, path.replace(/^row\./, "")];
    const found = pick(root, rest);
    if (found === undefined || found === null) return "–";
    const field = root === scope.row ? scope.fields?.get(rest) : undefined;
    const text = field
      ? plain(found, { ...field, unit: "" }, root ?? {}, (template, row) => this.text(template, { row }))
      : asText(found, (template, row) => this.text(template, { row }));
    return typeof found === "number" ? text : isolated(text);
  }

  /** A text of the description in the person's language, with its values filled in. */
  text(template: string | undefined, scope: Scope = {}): string {
    if (!template) return "";
    return template
      .replace(/%([A-Za-z0-9_.-]+(?::[A-Za-z0-9_.-]+)?)%/g, (all, key: string) => this.phrase(key, scope) ?? all)
      .replace(/\{([A-Za-z0-9_.-]+)\}/g, (_, path: string) => this.value(path, scope));
  }

  /** For a cell: a template and the row it stands in. */
  readonly textIn = (template: string, row?: Fields): string => this.text(template, { row });

  label(field: { key: string; label?: string }): string {
    return field.label ? this.text(field.label) : field.key;
  }
}

export const host = signal<Host | null>(null);
/** The last description of each plugin stays, so that what it showed can go on being seen when it stops. */
export const known = signal<ReadonlyMap<string, Plugin>>(new Map());

const given = new Map<string, string>();
const fetching = new Map<string, string | undefined>();
/** Details were needed, or soon are: from then on every description is fetched whole. */
let wanted = false;
/** Why a description is not here whole. */
export const unfetched = signal("");

export function fetchWhole(): void {
  wanted = true;
  for (const { id, whole } of known.peek().values()) if (!whole) void fetchOne(id);
}

const tried = new Set<string | undefined>();

/** `once`: not again where it failed before. */
async function fetchOne(id: string, once = false): Promise<void> {
  const asked = given.get(id);
  if (fetching.get(id) === asked || (once && tried.has(asked))) return;
  tried.add(asked);
  fetching.set(id, asked);
  const reply = await call("GET", `api/plugins/${id}`);
  if (fetching.get(id) === asked) fetching.delete(id);
  unfetched.value = reply.ok ? "" : reply.problem.detail;
  // A newer one may have come meanwhile.
  if (!reply.ok || given.get(id) !== asked) return;
  known.value = new Map(known.peek()).set(id, new Plugin(id, reply.body as Description, true));
}

/** Takes over what the host reports; returns the plugins that are new, changed or back. */
export function takeHost(body: unknown): string[] {
  const fields = record(body);
  const before = host.peek();
  const states = items(fields.plugins).map((plugin) => ({
    id: words(plugin.id) ?? "",
    name: words(plugin.name) || words(plugin.id) || words(plugin.file) || "?",
    version: words(plugin.version) ?? "",
    file: words(plugin.file) ?? "",
    state: words(plugin.state) ?? "",
    reason: asText(plugin.reason),
    description: plugin.description,
  }));
  const changed: string[] = [];
  const next = new Map([...known.peek()].filter(([id]) => states.some((plugin) => plugin.id === id)));
  for (const { id, state, description } of states) {
    if (state !== "serving" || typeof description !== "object" || description === null) continue;
    const text = JSON.stringify(description);
    const wasServing = before?.plugins.some((plugin) => plugin.id === id && plugin.state === "serving");
    if (given.get(id) !== text || !wasServing) changed.push(id);
    if (given.get(id) === text && next.has(id)) continue;
    given.set(id, text);
    next.set(id, new Plugin(id, description as unknown as Description, false));
  }
  known.value = next;
  if (wanted) fetchWhole();
  host.value = {
    name: words(fields.name) ?? "",
    version: words(fields.version) ?? "",
    readOnly: fields.readOnly === true,
    principal: words(record(fields.principal).name) ?? words(record(fields.principal).id) ?? "",
    engines: items(fields.engines).map((engine) => ({
      id: words(engine.id) ?? "",
      name: words(engine.name) || (words(engine.id) ?? ""),
    })),
    plugins: states,
  };
  return changed;
}

export interface Entry {
  plugin: Plugin;
  entry: Navigation;
  label: string;
  group: string;
  serving: boolean;
}

/** The menu: by order, then by label. */
export const menu = computed<Entry[]>(() => {
  const serving = new Set(
    host.value?.plugins.filter((plugin) => plugin.state === "serving").map((plugin) => plugin.id),
  );
  const entries = [...known.value.values()].flatMap((plugin) =>
    plugin.description.navigation.map((entry) => ({
      plugin,
      entry,
      label: plugin.text(entry.label),
      group: plugin.text(entry.group),
      serving: serving.has(plugin.id),
    })),
  );
  const order = (item: Entry): number => item.entry.order ?? 1000;
  return entries.sort((a, b) => order(a) - order(b) || a.label.localeCompare(b.label, locale));
});

export function hostRoot(): Fields {
  const current = host.value;
  return { readOnly: current?.readOnly ?? false, version: current?.version ?? "", name: current?.name ?? "" };
}

/** Whether something with a `when` is shown. */
export function shown(item: { when?: Condition }, caps: Fields, more: Roots = {}): boolean {
  return !item.when || holds(item.when, { ...more, caps, host: hostRoot() });
}

export function engineName(id: string): string {
  return host.value?.engines.find((engine) => engine.id === id)?.name ?? id;
}

export function severalEngines(): boolean {
  return (host.value?.engines.length ?? 0) > 1;
}

/** Where a list shows several engines: each row's, below the first column if there is room. A pill, which opens nothing. */
export function withEngineColumn([first, ...rest]: readonly Field[]): Field[] {
  const names = host.value?.engines.map(({ id, name }) => [id, { label: name }]) ?? [];
  const engine: Field = { key: "engine", label: t("engine"), type: "status", map: Object.fromEntries(names) };
  if (!first) return [];
  return first.below ? [engine, first, ...rest] : [{ ...first, below: engine.key }, engine, ...rest];
}
