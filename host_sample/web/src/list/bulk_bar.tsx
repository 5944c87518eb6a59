// What may be done to the rows that are selected.
import { ActionButton, offers } from "../actions/action_buttons";
import type { Target } from "../actions/target";
import { severalEngines, type Plugin } from "../host/plugin_registry";
import { record, type Fields } from "../host/protocol";
import type { Row } from "../host/rows";
import { t } from "../i18n/translate";
import type { ListProps } from "./list_props";
import type { ListState } from "./list_state";

export interface BulkProps {
  plugin: Plugin;
  list: ListProps["list"];
  chosen: readonly Row[];
  everything: boolean;
  setEverything: (all: boolean) => void;
  clear: () => void;
  body: Fields;
  total: number | undefined;
  state: ListState;
  pageFull: boolean;
  target: (rows: readonly Row[]) => Target;
}

/** What may be done to the selection: to those of it that allow it, and it says how many these are. */
export function Bulk({
  plugin,
  list,
  chosen,
  everything,
  setEverything,
  clear,
  body,
  total,
  state,
  pageFull,
  target,
}: BulkProps) {
  const merged: { [id: string]: true } = {};
  for (const row of chosen) {
    for (const [id, allowed] of Object.entries(row.actions)) if (allowed === true) merged[id] = true;
  }
  const all = everything && total !== undefined;
  // A query is answered by one engine.
  const oneEngine = target([]).engine !== "" || !severalEngines();
  const found = offers(plugin, "bulk", list.actions, all ? record(body._actions) : merged);
  const targetFor = (id: string): Target =>
    all
      ? {
          ...target([]),
          query: { filters: state.filters, count: total },
          label: t("targets", { n: total }),
          count: total,
        }
      : target(chosen.filter((row) => row.actions[id] === true));
  return (
    <div class="bulk" role="group" aria-label={t("selected", { n: all ? total : chosen.length })}>
      <b>{t("selected", { n: all ? total : chosen.length })}</b>
      {list.selection === "query" && oneEngine && pageFull && !all && total !== undefined && total > chosen.length && (
        <button type="button" class="link" onClick={() => setEverything(true)}>
          {t("selectEvery", { n: total })}
        </button>
      )}
      <button type="button" class="link" onClick={clear}>
        {t("clear")}
      </button>
      <span class="grow" />
      {found.map((offer) => {
        const of = targetFor(offer.id);
        const partly = !all && of.count < chosen.length;
        return (
          <span key={offer.id}>
            <ActionButton offer={offer} target={of} small />
            {partly && <small class="muted"> {t("outOf", { a: of.count, b: chosen.length })}</small>}
          </span>
        );
      })}
    </div>
  );
}
