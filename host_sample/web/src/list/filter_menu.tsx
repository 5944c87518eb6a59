// Filters that the first list rarely has: a field to type into, the choice of those that are not pinned, and the way to set none.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Filter } from "../host/description";
import { asText } from "../host/value_text";
import { t } from "../i18n/translate";
import { go, place, withParams } from "../ui/address";
import { Icon } from "../ui/icons";
import { FilterEditor } from "./filter_editor";
import { filterParam, setFilter, type FiltersProps } from "./filter_setting";

export type SearchProps = FiltersProps & { filter: Filter };

export type MenuProps = FiltersProps & { rest: readonly Filter[]; close: () => void };

/** Typed text is taken once the person pauses. */
export function FilterSearch({ plugin, prefix, state, filter }: SearchProps) {
  const label = plugin.label(filter);
  const value = asText(state.filters[filter.key]);
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
    setFilter(filter, prefix, typed.current || undefined);
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

export function ClearFilters({ prefix, filters }: FiltersProps) {
  const clear = (): void => {
    const changes = Object.assign({}, ...filters.map((filter) => filterParam(filter, prefix, undefined)));
    go(withParams(place.peek(), changes), "push");
  };
  return (
    <button type="button" class="link" onClick={clear}>
      {t("clearFilters")}
    </button>
  );
}

/** Begins anew each time it is opened: who closed it over the wrong filter can choose another one. */
export function FilterMenu(props: MenuProps) {
  const { rest, close } = props;
  const [chosen, choose] = useState<Filter | null>(null);
  if (chosen && rest.includes(chosen)) return <FilterEditor {...props} filter={chosen} close={close} />;
  return (
    <div class="menu">
      {rest.map((filter) => (
        <button type="button" class="btn quiet" key={filter.key} onClick={() => choose(filter)}>
          {props.plugin.label(filter)}
        </button>
      ))}
    </div>
  );
}
