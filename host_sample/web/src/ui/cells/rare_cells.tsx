// Cells that a first list seldom has: errors, code, sparklines, links, tags, what is hidden. Fetched with the first one.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Field } from "../../host/description";
import { figure, pick, record, words, type Json } from "../../host/protocol";
import { asText } from "../../host/value_text";
import { headline } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { Code } from "../code/code";
import { Text } from "../text";
import type { CellPlace } from "./cell_place";
import { webAddress, WebLink } from "./links";
import { longText } from "./long_text";
import { Sparkline } from "./sparkline";

export interface RareProps {
  field: Field;
  at: CellPlace;
  value: Json;
  /** Its plain form. */
  text: string;
}

export function Rare({ field, at, value, text }: RareProps) {
  switch (field.type) {
    case "tags":
      return (
        <span class="tags">
          {(Array.isArray(value) ? value : [value]).map((tag, index) => (
            <span class="tag" key={index}>
              <Text bare={at.bare} text={asText(tag)} limit={60} />
            </span>
          ))}
        </span>
      );
    case "link": {
      const href = webAddress(words(record(value).href) ?? (typeof value === "string" ? value : ""));
      return href ? (
        <WebLink href={href}>
          <Text bare={at.bare} text={text} limit={200} />
        </WebLink>
      ) : (
        <Text bare={at.bare} text={text} />
      );
    }
    case "json":
      return (
        <code class="mono">
          <Text bare={at.bare} text={text} limit={at.dense ? 120 : 2000} />
        </code>
      );
    case "error":
      return <ErrorText value={value} tabIndex={at.tabIndex} />;
    case "code":
      return <CodeCell field={field} at={at} value={value} />;
    default:
      return <Sparkline values={Array.isArray(value) ? value.map(figure) : []} label={at.plugin.label(field)} />;
  }
}

export interface HiddenProps {
  name: string;
  tabIndex: number | undefined;
  cell: ComponentChildren;
}

/** A sensitive value: dots, until the person asks to see it. */
export function Hidden({ name, tabIndex, cell }: HiddenProps) {
  const [revealed, setRevealed] = useState(false);
  return revealed ? (
    <>
      {cell}
      <button type="button" class="link" onClick={() => setRevealed(false)}>
        {" "}
        {t("hide")}
      </button>
    </>
  ) : (
    <span>
      <span aria-hidden="true">••••••</span>{" "}
      <button type="button" class="link" tabIndex={tabIndex} onClick={() => setRevealed(true)}>
        {t("reveal")}
        <span class="hidden"> {name}</span>
      </button>
    </span>
  );
}

/** Cut in lists; in details whole, and beside the text it is to be compared with. */
function CodeCell({ field, at, value }: Omit<RareProps, "text">) {
  const { text, total } = longText(value);
  const before = field.compare ? pick(at.row, field.compare) : undefined;
  if (!at.dense && !at.bare) {
    return (
      <Code
        text={text}
        total={total}
        before={before === undefined || before === null ? undefined : longText(before).text}
        language={field.language}
        name={`${at.plugin.label(field)} ${at.id}`}
      />
    );
  }
  return (
    <pre class="code small">
      <Text bare={at.bare} text={text} limit={200} />
    </pre>
  );
}

function ErrorText({ value, tabIndex }: { value: Json; tabIndex?: number | undefined }) {
  const [open, setOpen] = useState(false);
  const fields = record(value);
  const named = words(fields.headline);
  const { text: body, total } = longText(named === undefined ? value : (fields.text ?? ""));
  const first = named ?? headline(body);
  const rest = named === undefined ? body.trimStart().slice(first.length).trim() : body;
  const long = first.length > 240;
  return (
    <span class="error-text">
      <span class={open ? undefined : "clamp"}>
        <Text text={open || !long ? first : `${first.slice(0, 240)}…`} />
      </span>
      {(rest !== "" || long) && (
        <>
          {" "}
          <button
            type="button"
            class="link"
            tabIndex={tabIndex}
            aria-expanded={open}
            onClick={(event) => {
              event.stopPropagation();
              setOpen(!open);
            }}
          >
            {t(open ? "collapse" : "expand")}
          </button>
        </>
      )}
      {open && rest !== "" && (
        <pre class="code small">
          <Text text={rest} total={total} />
        </pre>
      )}
    </span>
  );
}
