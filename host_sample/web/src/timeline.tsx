// What happened, newest first.
import { hostNow } from "./clock";
import { asDate, asText, bothTimes, shortTime } from "./format";
import { items, words } from "./protocol";
import { Empty, type BodyProps } from "./sections";
import { Text } from "./ui";

const tones = new Set(["neutral", "info", "success", "warning", "danger"]);

export function Timeline({ plugin, section, body }: BodyProps) {
  const rows = items(body.rows);
  if (rows.length === 0) return <Empty plugin={plugin} section={section} />;
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
                <Text text={asText(row.label, plugin.sayIn)} limit={200} />
              </b>
              {row.by !== undefined && row.by !== null && (
                <span class="muted">
                  {" · "}
                  <Text text={asText(row.by, plugin.sayIn)} limit={100} />
                </span>
              )}
              {row.text !== undefined && row.text !== null && (
                <div>
                  <Text text={asText(row.text, plugin.sayIn)} />
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
