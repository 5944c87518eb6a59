// Narrowing a list: pinned filters in sight, the others behind "+ Filter"; each that is set is a chip that can be taken off.
import type { Filter } from "../host/description";
import { t } from "../i18n/translate";
import { Popover } from "../ui/popover";
import { Chip, ClearFilters, FilterEditor, FilterMenu, FilterSearch, SavedMenu } from "./deferred_parts";
import type { FiltersProps } from "./filter_setting";

function inline(filter: Filter): boolean {
  return filter.pinned === true && (filter.type === "text" || filter.type === "id");
}

export function Filters(props: FiltersProps) {
  const { plugin, filters, state } = props;
  const open = filters.filter((filter) => filter.pinned && !inline(filter));
  const isSet = (filter: Filter): boolean => state.filters[filter.key] !== undefined;
  const used = filters.filter((filter) => !filter.pinned && isSet(filter));
  const rest = filters.filter((filter) => !filter.pinned && !isSet(filter));
  const any = filters.some(isSet);
  return (
    <div class="filters">
      {filters.filter(inline).map((filter) => (
        <FilterSearch key={filter.key} filter={filter} {...props} />
      ))}
      {[...open, ...used].map((filter) =>
        isSet(filter) ? (
          <Chip key={filter.key} filter={filter} {...props} />
        ) : (
          <Popover key={filter.key} class="chip" label={plugin.label(filter)}>
            {(close) => <FilterEditor {...props} filter={filter} close={close} />}
          </Popover>
        ),
      )}
      {rest.length > 0 && <Add {...props} rest={rest} />}
      <Popover class="chip add" label={t("saved")}>
        {(close) => <SavedMenu {...props} close={close} />}
      </Popover>
      {any && <ClearFilters {...props} />}
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
