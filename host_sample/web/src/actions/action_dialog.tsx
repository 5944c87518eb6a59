// What is asked before an action runs: its form, the plan of a dry run, and a confirmation that names the target.
// The target was fixed when the dialog opened; whatever is chosen or comes in behind it changes nothing here.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { engineName, severalEngines } from "../host/plugin_registry";
import { figure, items, record, type Fields, type Json } from "../host/protocol";
import { asText } from "../host/value_text";
import { visible } from "../i18n/text_safety";
import { t } from "../i18n/translate";
import { Button } from "../ui/buttons";
import { Loading, Note } from "../ui/notes";
import { Text } from "../ui/text";
import { Form, startValues } from "./action_form";
import { openQuestion, type Question } from "./dialog_state";
import { dryRun, submit } from "./submit";
import { actionLabel, type Target } from "./target";

export function askFirst(id: string, target: Target, preview: boolean): void {
  const action = target.plugin.action(id);
  if (action) openQuestion.value = { id, action, target, preview };
}

export function ActionDialog() {
  const question = openQuestion.value;
  return question ? <Asking key={question.id} question={question} close={() => (openQuestion.value = null)} /> : null;
}

function TargetLine({ target }: { target: Target }) {
  const few = target.rows.slice(0, 3);
  return (
    <p class="target">
      <span class="muted">{t("target")} </span>
      <b>{target.label}</b>
      {few.map((row) => (
        <span key={row.id} class="mono block">
          <Text text={row.id} limit={200} />
          {severalEngines() && <span class="muted"> · {engineName(row.engine)}</span>}
        </span>
      ))}
      {target.rows.length > few.length && <span class="muted block">+ {target.rows.length - few.length}</span>}
    </p>
  );
}

function Plan({ plan, message, target }: { plan: Json; message: string; target: Target }) {
  const fields = record(plan);
  const textOf = target.plugin.textIn;
  const count = figure(fields.count) ?? (Array.isArray(fields.ids) ? fields.ids.length : undefined);
  return (
    <div class="plan">
      <h3>{t("plan")}</h3>
      <p>{asText(fields.message, textOf) || message || (count === undefined ? "" : t("planCount", { n: count }))}</p>
      {items(fields.counts).length > 0 && (
        <ul class="inline">
          {items(fields.counts).map((part, index) => (
            <li key={index}>
              <b>{asText(part.count)}</b> {asText(part.label, textOf)}
            </li>
          ))}
        </ul>
      )}
      <ul>
        {items(fields.samples)
          .slice(0, 20)
          .map((sample, index) => (
            <li key={index}>
              <Text text={asText(sample.label, textOf) || asText(sample.id)} limit={200} />{" "}
              <span class="mono muted">{sample.label ? asText(sample.id) : ""}</span>
            </li>
          ))}
      </ul>
      {(Array.isArray(fields.warnings) ? fields.warnings : []).map((warning, index) => (
        <p key={index} class="warning-text">
          {asText(warning, textOf)}
        </p>
      ))}
    </div>
  );
}

type Stage =
  { at: "form" } | { at: "planning" } | { at: "refused"; why: string } | { at: "ready"; plan: Json; message: string };

function Asking({ question, close }: { question: Question; close: () => void }) {
  const { id, action, target } = question;
  const { plugin } = target;
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const hasForm = Object.keys(action.params?.properties ?? {}).length > 0;
  const offersPlan = action.dryRun === "offered";
  const first: Stage =
    action.dryRun === true || (question.preview === true && !hasForm)
      ? hasForm
        ? { at: "form" }
        : { at: "planning" }
      : { at: "ready", plan: null, message: "" };
  const [stage, setStage] = useState<Stage>(first);
  const [values, setValues] = useState<Fields>(() => startValues(action));
  const [typed, setTyped] = useState("");
  const only = target.rows.length === 1 ? target.rows[0] : undefined;
  const scope = { row: only?.fields, parent: target.parent, count: target.count, fields: target.fields };
  const label = actionLabel(plugin, action, id, target).replace(/…$/, "");
  const title = action.confirm?.title ? plugin.text(action.confirm.title, scope) : label;
  const phrase =
    action.confirm?.level === "type"
      ? plugin.text(action.confirm.phrase, scope) || only?.id || String(target.count)
      : "";
  const offer = action.confirm?.offer;
  const offered = offer ? plugin.action(offer) : undefined;
  const danger = action.tone === "danger";

  // Before the next key is read, as all that opens: who types on at once types into it.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>("form input, form select, [data-first]")?.focus();
    return () => {
      if (element.open) element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const plan = (): void => {
    setStage({ at: "planning" });
    void dryRun(id, target, values).then((answer) =>
      setStage(typeof answer === "string" ? { at: "refused", why: answer } : { at: "ready", ...answer }),
    );
  };
  useEffect(() => {
    if (first.at === "planning") plan();
  }, []);

  const confirm = (): void => {
    if (form.current && !form.current.reportValidity()) return;
    if (stage.at === "form") plan();
    else if (stage.at === "ready" && typed.trim() === phrase) {
      close();
      submit(id, target, values, stage.plan);
    }
  };
  const change = (next: Fields): void => {
    setValues(next);
    if (action.dryRun === true && hasForm && stage.at !== "form") setStage({ at: "form" });
    if (offersPlan) setStage({ at: "ready", plan: null, message: "" });
  };
  const waits = stage.at === "planning" || stage.at === "refused";
  const typeFirst = phrase !== "" && typed.trim() !== phrase && stage.at === "ready";
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={close} onCancel={close}>
      <h2 id="ask-title">{title}</h2>
      {(severalEngines() || !(only && title.includes(visible(only.id)))) && <TargetLine target={target} />}
      {action.confirm?.body && <p>{plugin.text(action.confirm.body, scope)}</p>}
      <form
        ref={form}
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        {hasForm && <Form plugin={plugin} action={action} values={values} change={change} />}
        {stage.at === "planning" && <Loading rows={2} />}
        {stage.at === "refused" && <Note tone="danger" title={t("error")} text={stage.why} />}
        {stage.at === "ready" && stage.plan !== null && (
          <Plan plan={stage.plan} message={stage.message} target={target} />
        )}
        {phrase !== "" && stage.at === "ready" && (
          <label class="param">
            <span>{t("phrase", { phrase })}</span>
            <input
              value={typed}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="buttons">
          {offer && offered && (
            <Button
              label={t("offerInstead", { name: actionLabel(plugin, offered, offer, target) })}
              kind="primary"
              press={() => {
                close();
                submit(offer, target, {});
              }}
            />
          )}
          <span class="grow" />
          {offersPlan && stage.at === "ready" && stage.plan === null && <Button label={t("preview")} press={plan} />}
          <button type="button" class={`btn ${danger && !offer ? "primary" : ""}`} data-first onClick={close}>
            {t("cancel")}
          </button>
          <button
            type="submit"
            class={`btn ${danger ? "danger" : "primary"}`}
            aria-disabled={waits || typeFirst || undefined}
            onClick={(event) => {
              if (waits || typeFirst) event.preventDefault();
            }}
          >
            {stage.at === "form" ? t("preview") : label}
          </button>
        </div>
      </form>
    </dialog>
  );
}
