// What a list says when there is nothing in it, and what helps.
import { ActionButton, offers } from "../actions/action_buttons";
import type { Target } from "../actions/target";
import { record, type Fields } from "../host/protocol";
import { t } from "../i18n/translate";
import { go, place, withParams } from "../ui/address";
import { Note } from "../ui/notes";
import type { ListProps } from "./list_props";
import type { ListState } from "./list_state";

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
    <Note title={list.empty ? plugin.text(list.empty.title) : t("empty")} text={plugin.text(list.empty?.text)}>
      {offer && <ActionButton offer={offer} target={target} small primary />}
    </Note>
  );
}
