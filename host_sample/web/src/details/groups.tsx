// What rows have in common, counted: a number, the words, since when, an example, and what may be done to all of them.
import { useRef } from "preact/hooks";
import { ActionBar, offers } from "../actions/action_buttons";
import type { Target } from "../actions/target";
import { hostNow } from "../host/clock";
import { figure, items, record, words, type Fields, type Json } from "../host/protocol";
import { asText } from "../host/value_text";
import { asDate, bothTimes, number, shortTime } from "../i18n/format";
import { shortened } from "../i18n/text_safety";
import { t } from "../i18n/translate";
import { useSteadyRows } from "../list/keep_places";
import { linkedThing, ThingLink } from "../ui/cells/links";
import { Text } from "../ui/text";
import { EmptySection } from "./empty_section";
import type { BodyProps } from "./section_props";

function When({ value }: { value: Json | undefined }) {
  const date = asDate(value);
  if (!date) return null;
  return (
    <time dateTime={date.toISOString()} title={bothTimes(date, value)}>
      {shortTime(date, new Date(hostNow()), true)}
    </time>
  );
}

export function Groups(props: BodyProps) {
  const { plugin, section, body, read, thing, depth, fields, label } = props;
  const list = useRef<HTMLUListElement>(null);
  const incoming = items(body.rows).map((fields) => ({
    key: words(fields.key) ?? asText(fields.label),
    gone: false,
    fields,
  }));
  const rows = useSteadyRows(incoming, `${props.read?.at} ${thing.id}`, list);
  const scanned = figure(body.scanned);
  const of = figure(body.of);
  const about = scanned === undefined || of === undefined ? "" : t("scanned", { n: scanned, of });
  const targetOf = (row: Fields): Target => {
    const count = figure(row.count) ?? 0;
    return {
      plugin,
      read: read ?? { plugin: plugin.id, at: "", locale: "", zone: "" },
      idField: undefined,
      rows: [],
      query: { filters: {}, group: words(row.key) ?? "", count },
      label: `${number(count)} × ${shortened(asText(row.label, plugin.textIn), 120)}`,
      count,
      engine: thing.engine,
      parent: fields,
      fields: new Map(),
    };
  };
  const group = (key: string, gone: boolean, row: Fields) => {
    const sample = record(row.sample);
    const id = words(sample.id);
    const example = asText(sample.text ?? (typeof row.sample === "string" ? row.sample : undefined), plugin.textIn);
    const opens = section.details && id ? linkedThing({ view: section.details }, {}, id, thing.engine) : null;
    const same = row.first === row.last;
    const parts = items(row.parts);
    const joins = Math.max(parts.length, figure(row.of) ?? 0);
    return (
      <li key={key} class={gone ? "gone" : undefined}>
        <span class="amount figure">{number(figure(row.count) ?? 0)}</span>
        <div class="what">
          <Text text={asText(row.label, plugin.textIn)} limit={240} />
          <div class="below">
            <When value={row.first} />
            {row.last !== undefined && row.last !== null && !same && (
              <>
                {" – "}
                <When value={row.last} />
              </>
            )}
            {opens && (
              <>
                {row.first || row.last ? " · " : ""}
                <ThingLink depth={depth + 1} thing={opens}>
                  {t("open")}
                  <span class="hidden"> {id}</span>
                </ThingLink>
              </>
            )}
            {example && (
              <span class="sample" title={example.slice(0, 1000)}>
                <Text text={example.split("\n", 1)[0] ?? ""} limit={300} bare />
              </span>
            )}
          </div>
        </div>
        {!gone && (
          <ActionBar
            all={offers(plugin, "group", section.actions, record(row._actions))}
            target={targetOf(row)}
            inline={2}
          />
        )}
        {parts.length > 0 && (
          <details class="parts">
            <summary>
              {joins > parts.length ? t("joinedMore", { n: parts.length, of: joins }) : t("joined", { n: joins })}
            </summary>
            <ul class="groups">{parts.map((part) => group(words(part.key) ?? asText(part.label), false, part))}</ul>
          </details>
        )}
      </li>
    );
  };
  return (
    <>
      <h2>
        {label} {incoming.length > 0 && <span class="count">{number(incoming.length)}</span>}{" "}
        {about && <span class="count">{about}</span>}
      </h2>
      {section.description && <p class="muted">{plugin.text(section.description)}</p>}
      {rows.length === 0 && <EmptySection plugin={plugin} section={section} />}
      <ul class="groups" ref={list}>
        {rows.map(({ key, gone, fields: row }) => group(key, gone, row))}
      </ul>
    </>
  );
}
