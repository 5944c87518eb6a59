// Long texts as answers carry them.
import { figure, record, type Json } from "../../host/protocol";
import { asText } from "../../host/value_text";

/** {text, cut} of a long text in a row, or a plain one. */
export function longText(value: Json): { text: string; total: number | undefined } {
  const fields = record(value);
  if (typeof fields.text === "string" && fields.cut !== undefined)
    return { text: fields.text, total: figure(fields.cut) };
  return { text: typeof value === "string" ? value : asText(value), total: undefined };
}
