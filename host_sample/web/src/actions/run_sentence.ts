// The outcome of a run in a sentence, and how far it is.
import type { Tone } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import { figure, type Run } from "../host/protocol";
import { asText } from "../host/value_text";
import { t } from "../i18n/translate";

export function runSentence(
  run: Run,
  what: string,
  textOf: Plugin["textIn"],
): { tone: Tone; title: string; text: string } {
  const parts = [asText(run.message, textOf)];
  const failures = run.failures ?? [];
  const first = failures[0];
  const why = first ? asText(first.message, textOf) : "";
  if (why && !parts[0]?.includes(why)) parts.push(why);
  if (failures.length > 1) parts.push(t("failedN", { n: failures.length }));
  if (run.skipped?.length) parts.push(t("skippedN", { n: run.skipped.length }));
  if (run.late) parts.push(t("late"));
  const text = parts.filter((part) => part !== "").join(" ");
  switch (run.outcome) {
    case "ok":
      return { tone: "success", title: t("runOk", { what }), text };
    case "accepted":
      return { tone: "info", title: t("runAccepted", { what }), text };
    case "partial":
      return { tone: "warning", title: t("runPartial", { what, why: "" }), text };
    case "failed":
      return { tone: "danger", title: t("runFailedBare", { what }), text };
    default:
      return { tone: "warning", title: t("runUnknown", { what, why: "" }), text: text || t("runUnknownBare") };
  }
}

export function progressOf(run: Run): { done: number; of: number | undefined } | undefined {
  const done = figure(run.progress?.done);
  return done === undefined ? undefined : { done, of: figure(run.progress?.of) };
}
