// Notices which rows of a list began to fulfil a rule that the person is to be notified of.
import { useEffect, useRef } from "preact/hooks";
import { holds } from "../host/conditions";
import { filled } from "../host/deferred";
import type { Answer } from "../host/live";
import type { Row } from "../host/rows";
import { notifier } from "./deferred_parts";
import type { ListProps } from "./list_props";
import type { ListSnapshot } from "./notify_rules";

/** Compares each answer with the one before: are there other rows, or do they fulfil other conditions? */
export function useNotify(
  props: ListProps,
  rows: readonly Row[],
  where: string,
  own: boolean,
  full: boolean,
  answer: Answer,
) {
  const seen = useRef<ListSnapshot | null>(null);
  useEffect(() => {
    const { notify } = props.list;
    if (!notify || answer.status !== "ok") return;
    const rules = [notify].flat();
    const marks = rows.map(
      ({ key, fields: row }) => key + rules.map(({ when }) => !when || holds(when, { row })).join(),
    );
    const before = seen.current;
    const same = before?.where === where ? before : null;
    const since = same?.since ?? performance.now();
    const now = {
      where,
      own,
      full,
      rows,
      body: answer.body,
      marks: marks.join(),
      since,
      calm: same?.calm ?? new Map(),
    };
    seen.current = now;
    if (!same || same.marks === now.marks) return;
    void filled(notifier).then((notify) => notify(props, rules, same, now));
  }, [rows]);
}
