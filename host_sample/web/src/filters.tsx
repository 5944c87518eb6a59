// Narrowing a list: pinned filters in sight, the others behind "+ Filter"; each that is set is a chip that can be taken off.
import { useEffect, useRef, useState } from "preact/hooks";
import { go, place, withParams } from "./address";
import type { Around } from "./ask";
import type { Filter } from "./description";
import { asText } from "./format";
import { t } from "./i18n";
import { later } from "./later";
import type { EditorProps } from "./filteredit";
import type { SavedMenuProps } from "./savedmenu";
import { filterParam, type ListState } from "./liststate";
import type { Plugin } from "./plugins";
import type { Json } from "./protocol";
import { Icon } from "./icons";
import { Popover } from "./ui";

const Editor = later<EditorProps>(() => import("./parts").then((part) => part.FilterEditor));
const SavedMenu = later<SavedMenuProps>(() => import("./parts").then((part) => part.SavedMenu));
const Chip = later<FiltersProps & { filter: Filter }>(() => import("./parts").then((part) => part.Chip));

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
  const isSet = (filter: Filter): boolean => state.filters[filter.key] !== undefined;
  const used = filters.filter((filter) => !filter.pinned && isSet(filter));
  const rest = filters.filter((filter) => !filter.pinned && !isSet(filter));
  const any = filters.some(isSet);
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
      {[...open, ...used].map((filter) =>
        isSet(filter) ? (
          <Chip key={filter.key} filter={filter} {...props} />
        ) : (
          <Popover key={filter.key} class="chip" label={plugin.label(filter)}>
            {(close) => <Editor {...props} filter={filter} close={close} />}
          </Popover>
        ),
      )}
      {rest.length > 0 && <Add {...props} rest={rest} />}
      <Popover class="chip add" label={t("saved")}>
        {(close) => <SavedMenu {...props} close={close} />}
      </Popover>
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

function Add(props: FiltersProps & { rest: readonly Filter[] }) {
  return (
    <Popover class="chip add" label={<span data-filter-add>+ {t("addFilter")}</span>}>
      {(close) => <AddMenu {...props} close={close} />}
    </Popover>
  );
}

/** Begins anew each time it is opened: who closed it over the wrong filter can choose another one. */
function AddMenu(props: FiltersProps & { rest: readonly Filter[]; close: () => void }) {
  const { rest, close } = props;
  const [chosen, choose] = useState<Filter | null>(null);
  if (chosen && rest.includes(chosen)) return <Editor {...props} filter={chosen} close={close} />;
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
