// What was started, here or in another tab: how far it is, how it ended, what failed; to cancel and to dismiss.
import { engineName, known, severalEngines } from "../host/plugin_registry";
import { record, type Run } from "../host/protocol";
import { cancelRun, dismissRun } from "../host/run_requests";
import { runs } from "../host/run_states";
import { asText } from "../host/value_text";
import { shortTime } from "../i18n/format";
import { cutTo, visible } from "../i18n/text_safety";
import { t } from "../i18n/translate";
import { Pill } from "../ui/notes";
import { saveRows } from "../ui/save_file";
import { Text } from "../ui/text";
import { toast } from "../ui/toasts";
import { progressOf, runSentence } from "./run_sentence";
import { onDismissed } from "./submit";
import { actionLabel, settledText } from "./target";

const failuresShown = 20;

export function RunsPanel() {
  const all = [...runs.value.values()].sort((a, b) => b.started - a.started);
  const ended = all.filter((run) => run.state === "ended");
  return (
    <div class="runs">
      <h2>{t("activity")}</h2>
      {all.length === 0 && <p class="muted">{t("activityNone")}</p>}
      <ol>
        {all.map((run) => (
          <RunItem key={run.id} run={run} />
        ))}
      </ol>
      {ended.length > 1 && (
        <button type="button" class="btn small quiet" onClick={() => ended.forEach(dismiss)}>
          {t("dismissAll")}
        </button>
      )}
    </div>
  );
}

function dismiss(run: Run): void {
  onDismissed(run.id);
  void dismissRun(run.id).then((reply) => {
    if (!reply.ok && reply.problem.status !== 404) toast("danger", t("dismiss"), reply.problem.detail);
  });
}

function RunItem({ run }: { run: Run }) {
  const plugin = known.value.get(run.plugin);
  const textOf = plugin?.textIn ?? ((text: string) => text);
  const ids = run.ids ?? [];
  const label = plugin
    ? actionLabel(plugin, plugin.action(run.action), run.action)
        .replace(/\{[^}]*\}|–/g, "")
        .trim()
    : run.action;
  const where = severalEngines() && run.engine ? ` · ${engineName(run.engine)}` : "";
  const what = `${label}${where}${ids.length === 1 ? ` · ${visible(ids[0] ?? "")}` : ids.length > 1 ? ` · ${ids.length}` : ""}`;
  const progress = progressOf(run);
  const result = run.state === "ended" ? runSentence(run, what, textOf) : null;
  const failures = run.failures ?? [];
  const settled = settledText.value.get(run.id);
  return (
    <li>
      <div class="run-head">
        <Pill tone={result?.tone ?? "info"}>{result ? (run.outcome ?? "unknown") : t("activity")}</Pill>
        <span class="grow">{cutTo(result?.title ?? t("running", { what }), 300)}</span>
        <time class="muted">{shortTime(new Date(run.started), new Date(), true)}</time>
      </div>
      {progress && run.state === "running" && (
        <div class="run-progress">
          <progress max={progress.of} value={progress.of === undefined ? undefined : progress.done} aria-label={what} />
          <span>
            {progress.of === undefined
              ? t("done", { done: progress.done })
              : t("doneOf", { done: progress.done, of: progress.of })}
          </span>
          {run.progress?.current && <Text text={asText(run.progress.current)} limit={100} />}
        </div>
      )}
      {result?.text && <p>{cutTo(result.text, 600)}</p>}
      {settled && <p>{settled}</p>}
      {failures.length > 1 && (
        <ul class="failures">
          {failures.slice(0, failuresShown).map((failure, index) => (
            <li key={index}>
              <span class="mono">{asText(record(failure).id)}</span>{" "}
              <Text text={asText(failure.message, textOf)} limit={300} />
            </li>
          ))}
          {failures.length > failuresShown && <li class="muted">+ {failures.length - failuresShown}</li>}
        </ul>
      )}
      {failures.length > 0 && run.state === "ended" && (
        <button
          type="button"
          class="link"
          title={t("failedN", { n: failures.length })}
          onClick={() =>
            saveRows(
              [["id", "message"], ...failures.map(({ id, message }) => [id, asText(message, textOf)])],
              `${run.action} ${run.id}`,
            )
          }
        >
          {t("download")}
        </button>
      )}{" "}
      {run.state === "running" ? (
        <button
          type="button"
          class="link"
          onClick={() =>
            void cancelRun(run.id).then((reply) =>
              toast(reply.ok ? "neutral" : "danger", what, reply.ok ? t("cancelling") : reply.problem.detail),
            )
          }
        >
          {t("cancelRun")}
        </button>
      ) : (
        <button type="button" class="link" onClick={() => dismiss(run)}>
          {t("dismiss")}
        </button>
      )}
    </li>
  );
}
