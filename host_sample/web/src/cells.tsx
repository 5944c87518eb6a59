// One value, drawn by its type. Everything a plugin sent is text here; a type that does not fit falls back to text.
import type { ComponentChildren } from "preact";
import type { Field } from "./description";
import { asDate, asText, bothTimes, number, percent, plain, share, shareText, shortTime, toneOf } from "./format";
import type { LinkedProps } from "./links";
import { hostNow } from "./clock";
import { t } from "./i18n";
import type { Plugin } from "./plugins";
import { figure, pick, record, words, type Fields, type Json } from "./protocol";
import { later } from "./later";
import type { HiddenProps, RareProps } from "./rarecells";
import { longText } from "./longtext";
import { Copy, Pill, Text } from "./ui";

const Linked = later<LinkedProps>(() => import("./parts").then((part) => part.Linked));
const Rare = later<RareProps>(() => import("./parts").then((part) => part.Rare));
const Hidden = later<HiddenProps>(() => import("./parts").then((part) => part.Hidden));

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

export const endAligned = new Set(["integer", "number", "percent", "bytes", "duration"]);

function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;
}

export function missing(value: Json | undefined): value is null | undefined | "" {
  return value === undefined || value === null || value === "";
}

export interface CellProps {
  field: Field;
  at: CellPlace;
  /** Puts the value, and nothing that can be pressed, into something else. */
  wrap?: ((children: ComponentChildren) => ComponentChildren) | undefined;
  /** A sensitive one that the person asked to see. */
  shown?: boolean;
}

export function Cell({ field, at, wrap, shown }: CellProps) {
  const value = pick(at.row, field.key);
  if (field.sensitive && !missing(value) && !shown) {
    return (
      <Hidden
        name={at.plugin.label(field)}
        tabIndex={at.tabIndex}
        cell={<Cell field={field} at={at} wrap={wrap} shown />}
      />
    );
  }
  const inLink = wrap !== undefined || (typeof field.link === "object" ? !field.link.label : field.link !== undefined);
  const drawn = <Drawn field={field} at={inLink ? { ...at, bare: true } : at} value={value} />;
  const inner = wrap ? wrap(drawn) : drawn;
  const canCopy = field.copy && !missing(value);
  return (
    <>
      {field.link ? (
        <Linked field={field} at={at} value={value}>
          {inner}
        </Linked>
      ) : (
        inner
      )}
      {canCopy && (
        <Copy
          text={typeof value === "string" ? value : JSON.stringify(value)}
          name={at.plugin.label(field)}
          tabIndex={at.tabIndex}
        />
      )}
    </>
  );
}

function Drawn({ field, at, value }: { field: Field; at: CellPlace; value: Json | undefined }) {
  const { plugin, row } = at;
  if (missing(value)) return <span class="muted">{field.noValue ? plugin.say(field.noValue, { row }) : "–"}</span>;
  const tone = toneOf(value, field);
  const long = typeof value === "string" && value.length > 4000 && !field.map;
  const text = long ? value : plain(value, field, row, plugin.sayIn);
  const amount = figure(value);
  switch (field.type) {
    case "status": {
      const entry = field.map?.[String(value)];
      return (
        <Pill
          tone={tone ?? "neutral"}
          icon={entry?.icon}
          title={entry?.text ? plugin.say(entry.text, { row }) : undefined}
        >
          <Text bare={at.bare} text={text} limit={60} />
        </Pill>
      );
    }
    case "id": {
      const id = asText(value);
      return (
        <span class="mono" title={at.dense ? id : undefined}>
          {at.dense ? <bdi>{shortId(id)}</bdi> : <Text bare={at.bare} text={id} limit={400} />}
        </span>
      );
    }
    case "integer":
    case "number": {
      const of = field.of ? figure(pick(row, field.of)) : undefined;
      const unit = field.unit ? plugin.say(field.unit, { row }) : "";
      if (amount === undefined) return <Text bare={at.bare} text={text} />;
      return (
        <span class={`figure ${tone ?? ""}`}>
          {number(amount)}
          {(of !== undefined || unit) && (
            <small>{` ${of === undefined ? "" : t("rate", { n: of })}${of !== undefined && unit ? " " : ""}${unit}`}</small>
          )}
        </span>
      );
    }
    case "percent":
    case "bytes":
    case "duration":
      return <span class={`figure ${tone ?? ""}`}>{text}</span>;
    case "datetime": {
      const date = asDate(value);
      if (!date) return <Text bare={at.bare} text={text} />;
      return (
        <time dateTime={date.toISOString()} title={bothTimes(date, value)}>
          {at.dense ? shortTime(date, new Date(hostNow())) : text}
        </time>
      );
    }
    case "boolean":
      return <span>{t(value === true ? "yes" : "no")}</span>;
    case "progress":
      return <Progress field={field} at={at} value={value} />;
    case "user": {
      const id = words(record(value).id);
      return (
        <span title={id}>
          <Text bare={at.bare} text={text} limit={200} />
        </span>
      );
    }
    case "code":
    case "error":
    case "json":
    case "link":
    case "sparkline":
    case "tags":
      return <Rare field={field} at={at} value={value} text={text} />;
    default: {
      const { text: first, total } = longText(value);
      const own = typeof value === "string" && !field.map && !field.unit;
      const whole = own ? value : total === undefined ? text : first;
      return (
        <span class={tone ? `figure ${tone}` : undefined}>
          <Text bare={at.bare} text={whole} limit={at.dense ? 200 : 2000} total={total} />
        </span>
      );
    }
  }
}

/** Stacked: what the parts say in words is there for who does not see the bar. */
function Progress({ field, at, value }: { field: Field; at: CellPlace; value: Json }) {
  const { plugin, row } = at;
  const whole = share(value, field, row);
  if (!whole) return <Text text={asText(value)} />;
  const parts = (field.parts ?? [{ key: field.key, tone: "success" as const }]).map((part) => ({
    label: "label" in part && part.label ? plugin.say(part.label, { row }) : "",
    tone: part.tone ?? "info",
    amount: figure(pick(row, part.key)) ?? 0,
  }));
  const told = parts
    .filter((part) => part.label && part.amount > 0)
    .map((part) => `${number(part.amount)} ${part.label}`);
  const title = `${field.of ? t("outOf", { a: whole.done, b: whole.of }) : percent(whole.done)}${told.length > 0 ? `: ${told.join(", ")}` : ""}`;
  return (
    <span class="progress" title={title}>
      <span class="bar" aria-hidden="true">
        {parts.map((part, index) => (
          <i
            key={index}
            class={part.tone}
            style={{ width: `${whole.of > 0 ? Math.min(100, Math.max(0, (part.amount / whole.of) * 100)) : 0}%` }}
          />
        ))}
      </span>
      <span class="figure">{shareText(whole)}</span>
      {told.length > 0 && <span class="hidden">{told.join(", ")}</span>}
    </span>
  );
}

/** A cell with its second line, if the description gives it one and it has a value. */
export function TwoLines({ field, all, at, wrap }: CellProps & { all: readonly Field[] }) {
  if (!field.below) return <Cell field={field} at={at} wrap={wrap} />;
  const below = all.find((other) => other.key === field.below) ?? { key: field.below };
  return (
    <>
      <div>
        <Cell field={field} at={at} wrap={wrap} />
      </div>
      {!missing(pick(at.row, below.key)) && (
        <div class="below">
          <Cell field={below} at={at} />
        </div>
      )}
    </>
  );
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
  const name = naming ? plain(pick(row, naming.key), naming, row, plugin.sayIn) : "";
  const short = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return short && short !== id ? `${short} ${shortId(asText(id))}` : asText(id);
}
