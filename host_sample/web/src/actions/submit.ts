// Actions as runs: each names its targets, has a key so that two clicks are one, ends in a sentence, and where the
// description says so is followed until the thing reached its state.
import type { Action } from "../host/description";
import { engineName, severalEngines } from "../host/plugin_registry";
import { record, words, type Fields, type Json, type Run, type RunRequest } from "../host/protocol";
import { startRun } from "../host/run_requests";
import { runs } from "../host/run_states";
import { asText } from "../host/value_text";
import { t } from "../i18n/translate";
import { openThing } from "../ui/opener";
import { dropToast, toast } from "../ui/toasts";
import { runSentence } from "./run_sentence";
import { settle } from "./settle";
import { actionLabel, busy, changed, marksOf, outcomes, thingKey, type Target, type TargetRow } from "./target";

interface Mine {
  action: Action;
  id: string;
  target: Target;
  part: readonly TargetRow[];
  marks: readonly string[];
  done: boolean;
}

const mine = new Map<string, Mine>();
const dryRuns = new Map<string, (run: Run | null, why: string) => void>();
/** More things at once than this are not followed one by one. */
const settleLimit = 100;

function setBusy(marks: readonly string[], on: boolean): void {
  const next = new Set(busy.peek());
  for (const mark of marks) {
    if (on) next.add(mark);
    else next.delete(mark);
  }
  busy.value = next;
}

function byEngine(target: Target): (readonly TargetRow[])[] {
  const engines = new Map<string, TargetRow[]>();
  for (const row of target.rows) engines.set(row.engine, [...(engines.get(row.engine) ?? []), row]);
  return engines.size > 0 ? [...engines.values()] : [[]];
}

function requestFor(
  id: string,
  action: Action,
  target: Target,
  part: readonly TargetRow[],
  params: Fields,
): RunRequest {
  const engine = part[0]?.engine ?? target.engine;
  const only = part.length === 1 && target.rows.length === 1 ? part[0] : undefined;
  const expect = Object.fromEntries((action.expect ?? []).map((key) => [key, only?.fields[key] ?? null]));
  return {
    key: crypto.randomUUID(),
    plugin: target.plugin.id,
    action: id,
    at: target.read.at,
    ...(engine ? { engine } : {}),
    ...(target.query ? { query: target.query } : part.length > 0 ? { ids: part.map((row) => row.id) } : {}),
    params,
    row: target.read.row ?? {},
    parent: target.read.parent ?? {},
    dryRun: false,
    plan: null,
    ...(only && action.expect?.length ? { expect } : {}),
  };
}

/** Begins it, once for each engine among the targets. A target this is already being done to is not asked again. */
export function submit(id: string, target: Target, params: Fields, plan: Json = null): void {
  const action = target.plugin.action(id);
  if (!action) return;
  for (const part of byEngine(target)) {
    const marks = marksOf(id, target, part);
    if (marks.some((mark) => busy.peek().has(mark))) continue;
    setBusy(marks, true);
    for (const row of part)
      outcomes.value = changed(outcomes.peek(), thingKey(target.plugin.id, row.engine, row.id), undefined);
    const request = { ...requestFor(id, action, target, part, params), plan };
    mine.set(request.key, { action, id, target, part, marks, done: false });
    void startRun(request).then((reply) => {
      if (reply.ok) {
        onRun(reply.body);
        return;
      }
      const what = naming(mine.get(request.key));
      finish(request.key);
      if (reply.sent) toast("danger", t("runFailedBare", { what }), reply.problem.detail);
      else toast("danger", t("runUnknown", { what, why: "" }), `${reply.problem.detail} ${t("runUnknownBare")}`);
    });
  }
}

/** Asks what it would do. The answer names a plan, or why there is none. */
export function dryRun(id: string, target: Target, params: Fields): Promise<{ plan: Json; message: string } | string> {
  const action = target.plugin.action(id);
  const [part = [], ...others] = byEngine(target);
  if (!action) return Promise.resolve(id);
  // A plan is one engine's.
  if (others.length > 0) return Promise.resolve(t("oneEngine"));
  const request = { ...requestFor(id, action, target, part, params), dryRun: true };
  return new Promise((resolve) => {
    dryRuns.set(request.key, (run, why) => {
      const message = asText(run?.message, target.plugin.textIn);
      if (run && run.plan) resolve({ plan: run.plan, message });
      else resolve(message || why || t("error"));
    });
    void startRun(request).then((reply) => {
      if (reply.ok) onRun(reply.body);
      else {
        dryRuns.get(request.key)?.(null, reply.problem.detail);
        dryRuns.delete(request.key);
      }
    });
  });
}

/** Of several engines each has its own run: its part is named by how many, and by the engine. */
function naming(entry: Mine | undefined): string {
  if (!entry) return "";
  const { target, part } = entry;
  const label = actionLabel(target.plugin, entry.action, entry.id, target).replace(/…$/, "");
  const many = part.length < target.rows.length;
  const name = many ? t("targets", { n: part.length }) : target.label;
  const engine = part[0]?.engine ?? target.engine;
  return [label, name, severalEngines() && engineName(engine)].filter(Boolean).join(" · ");
}

function finish(key: string): void {
  const entry = mine.get(key);
  if (!entry) return;
  setBusy(entry.marks, false);
  entry.done = true;
}

/** The host reports a run; those begun in other tabs only stand in the list. */
export function onRun(body: unknown): void {
  const fields = record(body);
  const id = words(fields.id);
  const key = words(fields.key);
  if (!id || !key) return;
  const run = fields as unknown as Run;
  const dry = dryRuns.get(key);
  if (dry) {
    if (run.state === "ended") {
      dryRuns.delete(key);
      dry(run, "");
    }
    return;
  }
  const before = runs.peek().get(id);
  if (before?.state === "ended" && run.state !== "ended") return;
  if (run.dryRun !== true) runs.value = changed(runs.peek(), id, run);
  const entry = mine.get(key);
  if (!entry || run.state !== "ended") return;
  if (entry.done && !run.late) return;
  finish(key);
  conclude(run, entry);
}

function conclude(run: Run, entry: Mine): void {
  const { target, action } = entry;
  const textOf = target.plugin.textIn;
  const sentence = runSentence(run, naming(entry), textOf);
  const follow = run.follow;
  const undo = action.undo ? target.plugin.action(action.undo) : undefined;
  const undoId = action.undo ?? "";
  const worked = run.outcome === "ok" || run.outcome === "accepted" || run.outcome === "partial";
  // Of what is not known nobody is offered a repeat: it may have been done.
  const again = action.idempotent && run.outcome === "failed";
  const button = again
    ? { label: t("retry"), press: () => submit(entry.id, { ...target, rows: entry.part }, {}) }
    : follow && worked
      ? { label: t("open"), press: () => openThing(target.plugin.id, follow.view, follow.engine ?? "", follow.id) }
      : undo && worked && target.rows.length > 0
        ? {
            label: `${t("undo")}: ${actionLabel(target.plugin, undo, undoId, target)}`,
            press: () => submit(undoId, { ...target, rows: entry.part }, {}),
          }
        : undefined;
  const offered = again && action.params ? undefined : button;
  const shown = toast(sentence.tone, sentence.title, sentence.text, offered);
  const bad = new Set((run.failures ?? []).map((failure) => failure.id));
  for (const row of entry.part) {
    const failed = bad.has(row.id) || run.outcome === "failed";
    const failure = run.failures?.find((item) => item.id === row.id);
    const text = failed ? asText(failure?.message ?? run.message, textOf) : sentence.title;
    outcomes.value = changed(outcomes.peek(), thingKey(target.plugin.id, row.engine, row.id), text);
  }
  if (worked && action.settle && entry.part.length > 0 && entry.part.length <= settleLimit) {
    const rows = entry.part.filter((row) => !bad.has(row.id));
    settle(run, naming(entry), action, target, rows, (tone, text) => {
      dropToast(shown);
      toast(tone, text, "", tone === "success" ? offered : undefined);
    });
  }
}

export function onDismissed(id: string): void {
  runs.value = changed(runs.peek(), id, undefined);
}
