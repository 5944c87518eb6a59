// Why something could not be read: in place of it, or above what was read before.
import { call } from "../host/api";
import { hostNow, tick } from "../host/clock";
import { tryAgain, type Answer } from "../host/live";
import { engineName, known, type Plugin } from "../host/plugin_registry";
import { figure, record, type Read } from "../host/protocol";
import { asText } from "../host/value_text";
import { age, sentence } from "../i18n/format";
import { t, type TextKey } from "../i18n/translate";
import { ageOf } from "./answer_age";
import { Note } from "./notes";

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
  const say = known.value.get(read.plugin)?.textIn;
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
      <b>{title}</b> {sentence(text)} <span class="muted">{t("old", { age: ageOf(answer) })}</span> {again}
    </p>
  );
}

export interface FailedProps {
  answer: Answer;
  read: Read;
  plugin: Plugin;
}

/**
 * Credentials that were refused are tried again for a person only, and once. The next answer shows the result: the
 * question itself goes on, since the other engines answer it.
 */
function askOnce(read: Read): void {
  void call("POST", "api/read", { ...read, again: true });
}

/** Which of several engines the rows lack, why, and since when. Those that answer go on. */
export function FailedEngines({ answer, read, plugin }: FailedProps) {
  void tick.value;
  return (
    <>
      {Object.entries(record(record(answer.body).engines)).map(([id, state]) => {
        const error = record(record(state).error);
        const since = figure(error.since);
        if (Object.keys(error).length === 0) return null;
        return (
          <p key={id} class="stale" role="status">
            <b>
              {engineName(id)}: {asText(error.title, plugin.textIn)}
            </b>{" "}
            {sentence(asText(error.detail, plugin.textIn))} {t("rowsMissing")}{" "}
            {since !== undefined && <span class="muted">{t("failsFor", { age: age(hostNow() - since) })}</span>}{" "}
            {error.status === 401 && (
              <button type="button" class="btn small" onClick={() => askOnce(read)}>
                {t("retry")}
              </button>
            )}
          </p>
        );
      })}
    </>
  );
}
