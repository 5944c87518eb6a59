// Why something could not be read: in place of it, or above what was read before.
import "./start";
import "./more";
import { asText } from "./format";
import { t, type TextKey } from "./i18n";
import { tryAgain, type Answer } from "./live";
import { known } from "./plugins";
import type { Read } from "./protocol";
import { ageOf } from "./states";
import { Note } from "./ui";

const byStatus: { readonly [status: string]: TextKey } = {
  denied: "denied",
  not_found: "notFound",
  gone: "gone",
  sign_in_required: "signIn",
  unsupported: "unsupported",
  too_large: "tooLarge",
};

export interface ProblemProps {
  answer: Answer;
  read: Read;
  /** Above what is shown, with its age; else in its place. */
  compact: boolean;
}

export function Problem({ answer, read, compact }: ProblemProps) {
  const problem = answer.problem;
  if (!problem) return null;
  const key = byStatus[answer.status];
  const say = known.value.get(read.plugin)?.sayIn;
  const title = key ? t(key) : asText(problem.of?.title, say) || t("error");
  const detail = asText(problem.of?.detail, say) || problem.detail;
  const text = detail === title ? "" : detail;
  const ended = answer.final;
  const again = ended && (
    <button type="button" class="btn small" onClick={() => tryAgain(read)}>
      {t("retry")}
    </button>
  );
  if (!compact) {
    return (
      <Note
        tone={answer.status === "not_found" || answer.status === "gone" ? "neutral" : "danger"}
        title={title}
        text={text}
      >
        {again}
      </Note>
    );
  }
  return (
    <p class="stale" role="status">
      <b>{title}</b> {text} <span class="muted">{t("old", { age: ageOf(answer) })}</span> {again}
    </p>
  );
}
