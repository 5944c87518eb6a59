// The sections of a details view: each with its own question and its own states, closed and asked late where so described.
import type { ComponentChildren } from "preact";
import { go, place, withParams, type Thing } from "./address";
import { question } from "./ask";
import { Cell, type CellPlace } from "./cells";
import { ChartBox } from "./chartbox";
import { Code } from "./code";
import type { Field, Section } from "./description";
import { asText } from "./format";
import { Groups } from "./groups";
import { t } from "./i18n";
import { List } from "./list";
import { longText } from "./longtext";
import { useLive, type Answer } from "./live";
import { shown, type Plugin } from "./plugins";
import { pick, record, type Fields, type Json, type Read } from "./protocol";
import { Above, Instead } from "./states";
import type { Target } from "./target";
import { Timeline } from "./timeline";
import { Note, Text } from "./ui";

export interface SectionProps {
  plugin: Plugin;
  view: string;
  section: Section;
  thing: Thing;
  depth: number;
  details: Answer;
  fields: Fields;
  caps: Fields;
  cell: CellPlace;
  target: Target;
}

export function SectionBox(props: SectionProps) {
  const { plugin, section, depth } = props;
  const label = section.label
    ? plugin.say(section.label, { row: props.fields })
    : section.title
      ? plugin.say(section.title)
      : section.id;
  const named = section.label !== undefined || section.title !== undefined;
  const closable = section.collapsed === true || section.lazy === true;
  const name = `${depth}.${section.id}.open`;
  const open = !closable || place.value.params.get(name) === "1";
  const about = section.description ? plugin.say(section.description) : "";
  if (section.type === "table" && !closable) {
    return (
      <div class="section" id={`section-${section.id}`}>
        <Content {...props} label={label} />
      </div>
    );
  }
  return (
    <section class={`section ${section.type}`} id={`section-${section.id}`} aria-label={label}>
      {closable ? (
        <h2>
          <button
            type="button"
            class="fold"
            aria-expanded={open}
            onClick={() => go(withParams(place.peek(), { [name]: open ? null : "1" }), "replace")}
          >
            <span class="arrow" aria-hidden="true" />
            {label}
          </button>
        </h2>
      ) : (
        named && section.type !== "stats" && section.type !== "groups" && <h2>{label}</h2>
      )}
      {about && open && section.type !== "groups" && <p class="muted">{about}</p>}
      {open && <Content {...props} label={label} />}
    </section>
  );
}

function Content(props: SectionProps & { label: string }) {
  const { plugin, section, view, thing, depth, fields } = props;
  if (section.type === "table" && section.columns) {
    const { columns } = section;
    return (
      <List
        plugin={plugin}
        list={{ ...section, columns }}
        at={`views/${view}/sections/${section.id}`}
        around={{ parent: fields }}
        engine={thing.engine}
        prefix={`${depth}.${section.id}`}
        title={props.label}
        details={section.details}
        depth={depth + 1}
        heading={section.collapsed || section.lazy ? null : "h2"}
      />
    );
  }
  return section.source ? (
    <Asked {...props} />
  ) : (
    <Body {...props} answer={props.details} read={null} body={{ fields: fields as Json }} />
  );
}

function Asked(props: SectionProps & { label: string }) {
  const { plugin, section, view, thing, fields } = props;
  const asking = question(
    plugin,
    `views/${view}/sections/${section.id}`,
    section.source,
    { row: { id: thing.id, engine: thing.engine }, parent: fields },
    thing.engine,
  );
  const answer = useLive(asking);
  return (
    <>
      <Above answer={answer} read={asking} plugin={plugin} />
      <Instead answer={answer} read={asking} rows={2} />
      {answer.body !== undefined && <Body {...props} answer={answer} read={asking} body={record(answer.body)} />}
    </>
  );
}

export interface BodyProps extends SectionProps {
  label: string;
  answer: Answer;
  read: Read | null;
  body: Fields;
}

function Body(props: BodyProps) {
  const { plugin, section, body } = props;
  const own = record(body.fields);
  const cell: CellPlace = { ...props.cell, row: own };
  const fields = (section.fields ?? []).filter((field) => shown(field, { ...props.caps, ...record(body.caps) }));
  const value = pick(own, section.key ?? section.id);
  // Fields of the view itself that have not come yet: their places stand, so that nothing jumps.
  const known = props.read !== null || props.details.body !== undefined;
  switch (section.type) {
    case "stats":
      return (
        <dl class="tiles" aria-label={props.label}>
          {fields.map((field) => (
            <Pair key={field.key} field={field} plugin={plugin}>
              {known ? <Cell field={field} at={{ ...cell, dense: field.type === "datetime" }} /> : " "}
            </Pair>
          ))}
        </dl>
      );
    case "fields":
      return (
        <dl class="facts">
          {fields.map((field) => (
            <Pair key={field.key} field={field} plugin={plugin}>
              {known ? <Cell field={field} at={cell} /> : " "}
            </Pair>
          ))}
        </dl>
      );
    case "groups":
      return <Groups {...props} />;
    case "timeline":
      return <Timeline {...props} />;
    case "chart":
      return <ChartBox {...props} />;
    case "code":
      return isNothing(value) ? (
        <Empty {...props} />
      ) : (
        <Code
          text={codeText(value)}
          total={longText(value ?? "").total}
          before={section.compare ? codeText(pick(own, section.compare)) : undefined}
          language={section.language}
          name={`${props.label} ${props.thing.id}`}
        />
      );
    case "json":
      return isNothing(value) ? (
        <Empty {...props} />
      ) : (
        <Code text={jsonText(value)} language="json" name={`${props.label} ${props.thing.id}`} />
      );
    default: {
      const text = section.text
        ? plugin.say(section.text, { row: props.fields, parent: own })
        : asText(value, plugin.sayIn);
      if (!text) return known ? <Empty {...props} /> : null;
      return (
        <p class="prose">
          <Text text={text} limit={4000} />
        </p>
      );
    }
  }
}

function Pair({ field, plugin, children }: { field: Field; plugin: Plugin; children: ComponentChildren }) {
  return (
    <div>
      <dt title={field.description ? plugin.say(field.description) : undefined}>{plugin.label(field)}</dt>
      <dd class={`type-${field.type ?? "text"}`}>{children}</dd>
    </div>
  );
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "";
}

function codeText(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  const text = record(value).text;
  return typeof text === "string" ? text : jsonText(value);
}

function jsonText(value: Json | undefined): string {
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

export function Empty({ plugin, section }: Pick<SectionProps, "plugin" | "section">) {
  return (
    <Note title={section.empty ? plugin.say(section.empty.title) : t("empty")} text={plugin.say(section.empty?.text)} />
  );
}
