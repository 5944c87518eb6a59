// One value, drawn by its type. Everything a plugin sent is text here; a type that does not fit falls back to text.
import type { ComponentChildren } from "preact";
import { hostNow } from "../../host/clock";
import type { Field } from "../../host/description";
import { figure, pick, record, words, type Json } from "../../host/protocol";
import { asText, plain, share, shareText, toneOf } from "../../host/value_text";
import { asDate, bothTimes, number, percent, shortTime } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { Copy } from "../buttons";
import { Hidden, Linked, Rare } from "../deferred_parts";
import { Pill } from "../notes";
import { Text } from "../text";
import { missing, type CellPlace } from "./cell_place";
import { longText } from "./long_text";

export const endAligned = new Set(["integer", "number", "percent", "bytes", "duration"]);

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
  if (missing(value)) return <span class="muted">{field.noValue ? plugin.text(field.noValue, { row }) : "–"}</span>;
  const tone = toneOf(value, field);
  const long = typeof value === "string" && value.length > 4000 && !field.map;
  const text = long ? value : plain(value, field, row, plugin.textIn);
  const amount = figure(value);
  switch (field.type) {
    case "status": {
      const entry = field.map?.[String(value)];
      return (
        <Pill
          tone={tone ?? "neutral"}
          icon={entry?.icon}
          title={entry?.text ? plugin.text(entry.text, { row }) : undefined}
        >
          <Text bare={at.bare} text={text} limit={60} />
        </Pill>
      );
    }
    case "id": {
      const id = asText(value);
      return (
        <span class="mono" title={at.dense ? id : undefined}>
          {at.dense ? <bdi class="id">{id}</bdi> : <Text bare={at.bare} text={id} limit={400} />}
        </span>
      );
    }
    case "integer":
    case "number": {
      const of = field.of ? figure(pick(row, field.of)) : undefined;
      const unit = field.unit ? plugin.text(field.unit, { row }) : "";
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
    label: "label" in part && part.label ? plugin.text(part.label, { row }) : "",
    tone: part.tone ?? "info",
    amount: figure(pick(row, part.key)) ?? 0,
  }));
  const amounts = parts
    .filter((part) => part.label && part.amount > 0)
    .map((part) => `${number(part.amount)} ${part.label}`);
  const title = `${field.of ? t("outOf", { a: whole.done, b: whole.of }) : percent(whole.done)}${amounts.length > 0 ? `: ${amounts.join(", ")}` : ""}`;
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
      {amounts.length > 0 && <span class="hidden">{amounts.join(", ")}</span>}
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
