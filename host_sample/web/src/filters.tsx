// Narrowing a list: pinned filters in sight, the others behind "+ Filter"; each that is set is a chip that can be taken off.
import { go, place, withParams } from "./address";
import type { Around } from "./ask";
import type { Filter } from "./description";
import { asText } from "./format";
import { t } from "./i18n";
import { later } from "./later";
import type { EditorProps } from "./filteredit";
import type { MenuProps, SearchProps } from "./filtermore";
import type { SavedMenuProps } from "./savedmenu";
import { filterParam, type ListState } from "./liststate";
import type { Plugin } from "./plugins";
import type { Json } from "./protocol";
import { Popover } from "./ui";

const Editor = later<EditorProps>(() => import("./parts").then((part) => part.FilterEditor));
const SavedMenu = later<SavedMenuProps>(() => import("./parts").then((part) => part.SavedMenu));
const Chip = later<FiltersProps & { filter: Filter }>(() => import("./parts").then((part) => part.Chip));
const FilterSearch = later<SearchProps>(() => import("./parts").then((part) => part.FilterSearch));
const FilterMenu = later<MenuProps>(() => import("./parts").then((part) => part.FilterMenu));

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
        <FilterSearch
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

function Add(props: FiltersProps & { rest: readonly Filter[] }) {
  return (
    <Popover class="chip add" label={<span data-filter-add>+ {t("addFilter")}</span>}>
      {(close) => <FilterMenu {...props} close={close} />}
    </Popover>
  );
}
