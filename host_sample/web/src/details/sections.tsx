// The sections of a details view: each with its own read and its own states; those described so are closed at first, and read when opened.
import type { ComponentChildren } from "preact";
import type { Field } from "../host/description";
import { useLive } from "../host/live";
import { shown, type Plugin } from "../host/plugin_registry";
import { pick, record, type Json } from "../host/protocol";
import { asText } from "../host/value_text";
import { isClosable, sectionPrefix, sectionRead } from "../list/details_reads";
import { List } from "../list/list";
import { go, place, withParams } from "../ui/address";
import type { CellPlace } from "../ui/cells/cell_place";
import { Cell } from "../ui/cells/cells";
import { longText } from "../ui/cells/long_text";
import { Code } from "../ui/code/code";
import { Above, Instead } from "../ui/placeholders";
import { Text } from "../ui/text";
import { ChartBox } from "./chart_box";
import { EmptySection } from "./empty_section";
import { Groups } from "./groups";
import type { BodyProps, SectionProps } from "./section_props";
import { Timeline } from "./timeline";

export function SectionBox(props: SectionProps) {
  const { plugin, section, depth } = props;
  const label = section.label
    ? plugin.text(section.label, { row: props.fields })
    : section.title
      ? plugin.text(section.title)
      : section.id;
  const named = section.label !== undefined || section.title !== undefined;
  const closable = isClosable(section);
  const name = `${depth}.${section.id}.open`;
  const open = !closable || place.value.params.get(name) === "1";
  const about = section.description ? plugin.text(section.description) : "";
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
        prefix={sectionPrefix(depth, section)}
        title={props.label}
        details={section.details}
        depth={depth + 1}
        heading={isClosable(section) ? null : "h2"}
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
  const { plugin, section, thing, fields, depth } = props;
  const asking = sectionRead(plugin, section, thing, fields, depth, place.value);
  const answer = useLive(asking);
  return (
    <>
      <Above answer={answer} read={asking} plugin={plugin} />
      <Instead answer={answer} read={asking} rows={2} />
      {answer.body !== undefined && <Body {...props} answer={answer} read={asking} body={record(answer.body)} />}
    </>
  );
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
        <EmptySection {...props} />
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
        <EmptySection {...props} />
      ) : (
        <Code text={jsonText(value)} language="json" name={`${props.label} ${props.thing.id}`} />
      );
    default: {
      const text = section.text
        ? plugin.text(section.text, { row: props.fields, parent: own })
        : asText(value, plugin.textIn);
      if (!text) return known ? <EmptySection {...props} /> : null;
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
      <dt title={field.description ? plugin.text(field.description) : undefined}>{plugin.label(field)}</dt>
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
