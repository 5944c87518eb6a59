// A filter that is set, in words, with its form behind it and a way to take it off.
import "./start";
import "./more";
import { optionLabel } from "./options";
import type { Filter } from "./description";
import { FilterEditor } from "./filteredit";
import { setFilter, type FiltersProps } from "./filters";
import { asDate, asText, exactTime } from "./format";
import { t } from "./i18n";
import { Icon } from "./icons";
import type { Plugin } from "./plugins";
import { record, type Json } from "./protocol";
import { Popover } from "./ui";

function dateWords(value: Json | undefined): string {
  const date = asDate(value);
  return date ? exactTime(date) : "";
}

function inWords(plugin: Plugin, filter: Filter, value: Json): string {
  const range = record(value);
  switch (filter.type) {
    case "boolean":
      return t(value === true ? "yes" : "no");
    case "number":
      return `${asText(range.from) || "…"} – ${asText(range.to) || "…"}`;
    case "datetimeRange":
      return `${dateWords(range.from) || "…"} – ${dateWords(range.to) || "…"}`;
    case "tags":
      return (Array.isArray(value) ? value : [])
        .map((tag) => inWords(plugin, { ...filter, type: "enum" }, tag))
        .join(", ");
    default: {
      const option = filter.options?.find((item) => item.value === value);
      return option ? optionLabel(plugin, option) : asText(value);
    }
  }
}

export function Chip(props: FiltersProps & { filter: Filter }) {
  const { plugin, filter, prefix, state } = props;
  const value = state.filters[filter.key];
  const label = plugin.label(filter);
  const says = value === undefined ? t("any") : inWords(plugin, filter, value);
  return (
    <span class={`chip${value === undefined ? "" : " set"}`}>
      <Popover
        class="chip-open"
        label={
          <>
            {label} <b>{says}</b>
          </>
        }
      >
        {(close) => <FilterEditor {...props} close={close} />}
      </Popover>
      {value !== undefined && (
        <button
          type="button"
          class="chip-off"
          aria-label={t("remove", { name: label })}
          title={t("remove", { name: label })}
          onClick={() => setFilter(filter, prefix, undefined)}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}
