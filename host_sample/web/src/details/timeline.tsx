// What happened, newest first.
import { hostNow } from "../host/clock";
import { items, words } from "../host/protocol";
import { asText } from "../host/value_text";
import { asDate, bothTimes, shortTime } from "../i18n/format";
import { Text } from "../ui/text";
import { EmptySection } from "./empty_section";
import type { BodyProps } from "./section_props";

const tones = new Set(["neutral", "info", "success", "warning", "danger"]);

export function Timeline({ plugin, section, body }: BodyProps) {
  const rows = items(body.rows);
  if (rows.length === 0) return <EmptySection plugin={plugin} section={section} />;
  return (
    <ol class="timeline">
      {rows.map((row, index) => {
        const date = asDate(row.at);
        const tone = words(row.tone) ?? "";
        return (
          <li key={words(row.id) ?? index} class={tones.has(tone) ? tone : "neutral"}>
            {date && (
              <time dateTime={date.toISOString()} title={bothTimes(date, row.at)}>
                {shortTime(date, new Date(hostNow()), true)}
              </time>
            )}
            <div>
              <b>
                <Text text={asText(row.label, plugin.textIn)} limit={200} />
              </b>
              {row.by !== undefined && row.by !== null && (
                <span class="muted">
                  {" · "}
                  <Text text={asText(row.by, plugin.textIn)} limit={100} />
                </span>
              )}
              {row.text !== undefined && row.text !== null && (
                <div>
                  <Text text={asText(row.text, plugin.textIn)} />
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
