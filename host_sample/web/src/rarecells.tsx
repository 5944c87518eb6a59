// Cells that a first list seldom has: errors, code, sparklines. Fetched with the first one.
import "./start";
import "./more";
import { useState } from "preact/hooks";
import { headline } from "./format";
import { t } from "./i18n";
import { longText } from "./longtext";
import { record, words, type Json } from "./protocol";
import { Text } from "./ui";

export { Sparkline } from "./sparkline";

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
