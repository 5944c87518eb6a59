// The head of a column: its name, and the order of the rows by it.
import type { Field } from "../host/description";
import type { Plugin } from "../host/plugin_registry";
import { t } from "../i18n/translate";
import { endAligned } from "../ui/cells/cells";

export interface Sort {
  key: string;
  order: "asc" | "desc";
}

export function cellClass(column: Field): string {
  const align = column.align ?? (endAligned.has(column.type ?? "text") ? "end" : "start");
  return `p${column.priority ?? 0} ${align} type-${column.type ?? "text"}`;
}

interface HeadProps {
  column: Field;
  label: string;
  plugin: Plugin;
  sort: Sort | undefined;
  onSort: ((sort: Sort) => void) | undefined;
}

export function Head({ column, label, plugin, sort, onSort }: HeadProps) {
  const sorted = sort?.key === column.key ? sort.order : undefined;
  const about = column.description ? plugin.text(column.description) : undefined;
  return (
    <th
      scope="col"
      class={cellClass(column)}
      title={about}
      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          class="sort"
          title={t("sortBy", { name: label })}
          onClick={() => onSort({ key: column.key, order: sorted === "asc" ? "desc" : "asc" })}
        >
          {label}
          <span aria-hidden="true">{sorted === "asc" ? " ↑" : sorted === "desc" ? " ↓" : ""}</span>
        </button>
      ) : (
        label
      )}
    </th>
  );
}
