// A filter that is set, in words, with its form behind it and a way to take it off.
import type { Filter } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import { record, type Json } from "../host/protocol";
import { asText } from "../host/value_text";
import { asDate, exactTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/icon_button";
import { Popover } from "../ui/popover";
import { FilterEditor } from "./filter_editor";
import { optionLabel } from "./filter_options";
import { setFilter, type FiltersProps } from "./filter_setting";

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

export type ChipProps = FiltersProps & { filter: Filter };

export function Chip(props: ChipProps) {
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
        <IconButton
          icon="close"
          class="chip-off"
          name={t("remove", { name: label })}
          press={() => setFilter(filter, prefix, undefined)}
        />
      )}
    </span>
  );
}
