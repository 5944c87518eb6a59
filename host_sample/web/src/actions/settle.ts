// After an accepted action: follows each thing until it reached the state the description names, is gone, or time is over.
import { holds } from "../host/conditions";
import type { Action, SettleWhen, Tone } from "../host/description";
import { listen, type Answer } from "../host/live";
import { record, type Fields, type Run } from "../host/protocol";
import { rowsOf } from "../host/rows";
import { t } from "../i18n/translate";
import { changed, outcomes, settledText, thingKey, waiting, type Target, type TargetRow } from "./target";

function found(answer: Answer, row: TargetRow, idField: string | undefined): Fields | "gone" | "unclear" {
  if (answer.status === "not_found" || answer.status === "gone") return "gone";
  if (answer.status !== "ok") return "unclear";
  const body = record(answer.body);
  if (body.fields !== undefined) return record(body.fields);
  if (record(record(body.engines)[row.engine]).error) return "unclear";
  return rowsOf(body, idField).find((other) => other.id === row.id && other.engine === row.engine)?.fields ?? "gone";
}

/** Follows each row until the condition holds, it is gone, or the time is over; reports the outcome. */
export function settle(
  run: Run,
  what: string,
  action: Action,
  target: Target,
  rows: TargetRow[],
  report: (tone: Tone, text: string) => void,
): void {
  const rule = action.settle;
  if (!rule || rows.length === 0) return;
  const waits = target.plugin.text(rule.waiting, { count: rows.length }) || t("waiting");
  const open = new Map(rows.map((row) => [thingKey(target.plugin.id, row.engine, row.id), { ...row }]));
  for (const key of open.keys()) waiting.value = changed(waiting.peek(), key, waits);
  const results: { tone: Tone; text: string }[] = [];
  let reached = 0;

  const over = (key: string, row: TargetRow, how: "until" | "gone" | "timeout", fields: Fields): void => {
    open.delete(key);
    if (how !== "timeout") reached += 1;
    waiting.value = changed(waiting.peek(), key, undefined);
    const is = (when: SettleWhen): boolean =>
      typeof when === "string"
        ? when === how
        : how !== "gone" && holds(when, { row: fields, parent: target.parent, selection: { count: target.count } });
    const outcome = rule.outcomes?.find(({ when }) => is(when));
    if (outcome) {
      const text = target.plugin.text(outcome.text, {
        row: { ...row.fields, ...fields },
        parent: target.parent,
        fields: target.fields,
      });
      results.push({ tone: outcome.tone ?? "neutral", text });
      outcomes.value = changed(outcomes.peek(), key, text);
    } else if (how === "timeout") results.push({ tone: "warning", text: t("settleTimeout", { what: what }) });
    if (open.size === 0) end();
  };
  const onAnswer = (answer: Answer): void => {
    // An answer that was begun before the action ended says nothing about it.
    if (answer.status === "ok" && answer.asOf !== undefined && answer.asOf < (run.ended ?? run.started)) return;
    for (const [key, row] of [...open]) {
      const fields = found(answer, row, target.idField);
      if (fields === "unclear") continue;
      if (fields === "gone") over(key, row, "gone", {});
      else if (rule.until !== "gone" && holds(rule.until, { row: fields, parent: target.parent }))
        over(key, row, "until", fields);
      else row.fields = fields;
    }
  };
  const stop = listen(target.read, onAnswer);
  const clock = setTimeout(
    () => {
      for (const [key, row] of [...open]) over(key, row, "timeout", row.fields);
    },
    (rule.timeout ?? 60) * 1000,
  );
  function end(): void {
    stop();
    clearTimeout(clock);
    const only = results.length === 1 || new Set(results.map((one) => one.text)).size === 1 ? results[0] : undefined;
    const worst = results.find((one) => one.tone === "danger") ?? results.find((one) => one.tone === "warning");
    const text = only?.text ?? (results.length > 0 ? t("settled", { what: what, n: reached, of: rows.length }) : "");
    if (!text) return;
    report((only ?? worst)?.tone ?? "success", text);
    settledText.value = changed(settledText.peek(), run.id, text);
  }
}
