// What a person chose for one list (filters, order, page), as it stands in the address under the list's name.
import type { Filter, List, Section } from "../host/description";
import { record, words, type Fields, type Json } from "../host/protocol";
import type { Place } from "../ui/address";

export type Choices = { readonly [key: string]: Json };

export interface ListState {
  filters: Choices;
  sort: { key: string; order: "asc" | "desc" } | undefined;
  /** The person chose it; otherwise it is the description's own, which the host knows. */
  sorted: boolean;
  first: number;
  size: number;
}

export const defaultSize = 20;

export function filterValue(filter: Filter, text: string): Json | undefined {
  if (text === "") return undefined;
  switch (filter.type) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "number": {
      const [from = "", to = ""] = text.split("..", 2);
      const range: { [key: string]: Json } = {};
      if (from !== "" && Number.isFinite(Number(from))) range.from = Number(from);
      if (to !== "" && Number.isFinite(Number(to))) range.to = Number(to);
      return Object.keys(range).length > 0 ? range : undefined;
    }
    case "datetimeRange": {
      const [from = "", to = ""] = text.split("..", 2);
      const range: { [key: string]: Json } = {};
      if (from !== "" && !Number.isNaN(Date.parse(from))) range.from = from;
      if (to !== "" && !Number.isNaN(Date.parse(to))) range.to = to;
      return Object.keys(range).length > 0 ? range : undefined;
    }
    case "tags": {
      const tags = text.split(",").filter((tag) => tag !== "");
      return tags.map((tag) => {
        try {
          return decodeURIComponent(tag);
        } catch {
          return tag;
        }
      });
    }
    case "enum":
      return filter.options?.find((option) => String(option.value) === text)?.value ?? text;
    default:
      return text;
  }
}

function given(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

export function listState(list: List | Section, prefix: string, place: Place): ListState {
  const filters: { [key: string]: Json } = {};
  for (const filter of list.filters ?? []) {
    const text = place.params.get(`${prefix}.f.${filter.key}`);
    const value = text === undefined ? filter.default : filterValue(filter, text);
    if (given(value) && value !== undefined) filters[filter.key] = value;
  }
  const sorted = place.params.get(`${prefix}.sort`);
  const key = sorted?.replace(/^-/, "");
  const chosen =
    key && list.columns?.some((column) => column.key === key && column.sortable)
      ? { key, order: sorted?.startsWith("-") ? ("desc" as const) : ("asc" as const) }
      : undefined;
  const sort = chosen ?? (list.sort ? { key: list.sort.key, order: list.sort.order ?? ("asc" as const) } : undefined);
  const wanted = Number(place.params.get(`${prefix}.size`));
  const size = Number.isInteger(wanted) && wanted > 0 && wanted <= 1000 ? wanted : (list.paging?.size ?? defaultSize);
  const page = Number(place.params.get(`${prefix}.page`));
  const first = Number.isInteger(page) && page > 1 && page < 1e7 ? (page - 1) * size : 0;
  return { filters, sort, sorted: chosen !== undefined, first, size };
}

/** The members of a READ that a list adds. */
export function narrowing(state: ListState): {
  filters?: Fields;
  sort?: { key: string; order: "asc" | "desc" };
  page: { first: number; size: number };
} {
  return {
    ...(Object.keys(state.filters).length > 0 ? { filters: state.filters } : {}),
    ...(state.sort && state.sorted ? { sort: state.sort } : {}),
    page: { first: state.first, size: state.size },
  };
}

export function totalOf(body: unknown): { total: number | undefined; kind: string; next: boolean } {
  const answer = record(body);
  const total = typeof answer.total === "number" ? answer.total : undefined;
  const kind = words(answer.totalKind) ?? (total === undefined ? "unknown" : "exact");
  return { total, kind, next: answer.next !== undefined && answer.next !== null && answer.next !== false };
}
