// Narrowing a list: pinned filters in sight, the others behind "+ Filter"; each that is set is a chip that can be taken off.
import { useEffect, useRef, useState } from "preact/hooks";
import { go, place, withParams } from "./address";
import type { Around } from "./ask";
import { optionLabel } from "./cells";
import type { Filter } from "./description";
import { asDate, asText, exactTime } from "./format";
import { t } from "./i18n";
import { later } from "./later";
import type { EditorProps } from "./filteredit";
import { filterParam, type ListState } from "./liststate";
import type { Plugin } from "./plugins";
import { record, type Json } from "./protocol";
import { Icon } from "./icons";
import { Popover } from "./ui";

const Editor = later<EditorProps>(() => import("./parts").then((part) => part.FilterEditor));

export interface FiltersProps {
  plugin: Plugin;
  /** Where the list stands in the description; its filters' own sources stand below. */
  at: string;
  around: Around;
  engine: string;
  prefix: string;
  filters: readonly Filter[];
  state: ListState;
}

export function setFilter(filter: Filter, prefix: string, value: Json | undefined): void {
  go(withParams(place.peek(), filterParam(filter, prefix, value)), "replace");
}

function inline(filter: Filter): boolean {
  return filter.pinned === true && (filter.type === "text" || filter.type === "id");
}

export function Filters(props: FiltersProps) {
  const { plugin, prefix, filters, state } = props;
  const open = filters.filter((filter) => filter.pinned && !inline(filter));
  const used = filters.filter((filter) => !filter.pinned && state.filters[filter.key] !== undefined);
  const rest = filters.filter((filter) => !filter.pinned && state.filters[filter.key] === undefined);
  const any = filters.some((filter) => state.filters[filter.key] !== undefined);
  const clear = (): void => {
    const changes = Object.assign({}, ...filters.map((filter) => filterParam(filter, prefix, undefined)));
    go(withParams(place.peek(), changes), "push");
  };
  return (
    <div class="filters">
      {filters.filter(inline).map((filter) => (
        <Search
          key={filter.key}
          label={plugin.label(filter)}
          value={asText(state.filters[filter.key])}
          set={(text) => setFilter(filter, prefix, text || undefined)}
        />
      ))}
      {[...open, ...used].map((filter) => (
        <Chip key={filter.key} filter={filter} {...props} />
      ))}
      {rest.length > 0 && <Add {...props} rest={rest} />}
      {any && (
        <button type="button" class="link" onClick={clear}>
          {t("clearFilters")}
        </button>
      )}
    </div>
  );
}

/** Typed text is taken once the person pauses. */
function Search({ label, value, set: take }: { label: string; value: string; set: (text: string) => void }) {
  const [text, setText] = useState(value);
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typed = useRef(value);
  useEffect(() => {
    if (value !== typed.current) {
      typed.current = value;
      setText(value);
    }
  }, [value]);
  const commit = (next: string): void => {
    clearTimeout(pending.current);
    typed.current = next.trim();
    take(next.trim());
  };
  return (
    <span class="search">
      <Icon name="search" />
      <input
        type="search"
        data-filter
        value={text}
        aria-label={label}
        placeholder={label}
        maxLength={1000}
        onInput={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(pending.current);
          pending.current = setTimeout(() => commit(next), 300);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(text);
        }}
      />
    </span>
  );
}

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

function Chip(props: FiltersProps & { filter: Filter }) {
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
        {(close) => <Editor {...props} close={close} />}
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

function Add(props: FiltersProps & { rest: readonly Filter[] }) {
  const [chosen, choose] = useState<Filter | null>(null);
  return (
    <Popover class="chip add" label={<span data-filter-add>+ {t("addFilter")}</span>}>
      {(close) =>
        chosen && props.rest.includes(chosen) ? (
          <Editor
            {...props}
            filter={chosen}
            close={() => {
              close();
              choose(null);
            }}
          />
        ) : (
          <div class="menu">
            {props.rest.map((filter) => (
              <button type="button" class="btn quiet" key={filter.key} onClick={() => choose(filter)}>
                {props.plugin.label(filter)}
              </button>
            ))}
          </div>
        )
      }
    </Popover>
  );
}
