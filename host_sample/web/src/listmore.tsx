// Parts of a list that are needed only sometimes: what may be done to a selection, the export, words for an empty list.
import "./start";
import "./more";
import { ActionButton, offers } from "./actions";
import { go, place, withParams } from "./address";
import { exportAll } from "./exporting";
import { t } from "./i18n";
import type { ListProps } from "./list";
import type { ListState } from "./liststate";
import { severalEngines, type Plugin } from "./plugins";
import { record, type Fields, type Read } from "./protocol";
import type { Row } from "./rows";
import type { Target } from "./target";
import { toast } from "./toasts";
import { Note } from "./ui";

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
    for (const [id, word] of Object.entries(row.actions)) if (word === true) merged[id] = true;
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

export type NothingProps = ListProps & { state: ListState; body: Fields; target: Target };

export function Nothing({ plugin, list, prefix, state, body, target }: NothingProps) {
  const filters = list.filters ?? [];
  if (Object.keys(state.filters).length > 0) {
    const off = Object.fromEntries(
      filters.map((filter) => [`${prefix}.f.${filter.key}`, filter.default === undefined ? null : ""]),
    );
    return (
      <Note title={t("emptyFiltered")}>
        <button type="button" class="btn small" onClick={() => go(withParams(place.peek(), off))}>
          {t("clearFilters")}
        </button>
      </Note>
    );
  }
  const helps = list.empty?.action;
  const offer = helps ? offers(plugin, "toolbar", [helps], record(body._actions))[0] : undefined;
  return (
    <Note title={list.empty ? plugin.say(list.empty.title) : t("empty")} text={plugin.say(list.empty?.text)}>
      {offer && <ActionButton offer={offer} target={target} small primary />}
    </Note>
  );
}

export interface ExportMenuProps {
  read: Read;
  formats: readonly ("csv" | "json")[];
  close: () => void;
}

export function ExportMenu({ read, formats, close }: ExportMenuProps) {
  return (
    <div class="menu">
      {formats.map((format) => (
        <button
          type="button"
          key={format}
          class="btn quiet"
          onClick={() => {
            close();
            const { page: _, ...whole } = read;
            void exportAll(whole, format).then((why) =>
              why === null ? toast("success", t("exported"), "") : toast("danger", t("exportFailed", { why: "" }), why),
            );
          }}
        >
          {t("exportAs", { format: format.toUpperCase() })}
        </button>
      ))}
    </div>
  );
}
