// Cells that a first list seldom has: errors, code, sparklines. Fetched with the first one.
import "./start";
import "./more";
import { useState } from "preact/hooks";
import type { CellPlace } from "./cells";
import { Code } from "./code";
import type { Field } from "./description";
import { headline } from "./format";
import { t } from "./i18n";
import { longText } from "./longtext";
import { pick, record, words, type Json } from "./protocol";
import { Text } from "./ui";

export { Sparkline } from "./sparkline";

/** Cut in lists; in details whole, and beside the text it is to be compared with. */
export function CodeCell({ field, at, value }: { field: Field; at: CellPlace; value: Json }) {
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

export function ErrorText({ value, tabIndex }: { value: Json; tabIndex?: number | undefined }) {
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
