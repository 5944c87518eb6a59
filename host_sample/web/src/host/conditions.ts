// Conditions of the description: questions about data, as data.
import type { Condition } from "./description";
import { pick, type Fields, type Json } from "./protocol";

export interface Roots {
  row?: Fields | undefined;
  parent?: Fields | undefined;
  selection?: Fields | undefined;
  host?: Fields | undefined;
  caps?: Fields | undefined;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function compared(a: Json | undefined, b: Json | undefined): number | undefined {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return undefined;
}

function asks(condition: Condition, roots: Roots): boolean {
  const path = condition.field ?? "";
  const dot = path.indexOf(".");
  const root = roots[path.slice(0, dot) as keyof Roots];
  const found = pick(root, path.slice(dot + 1));
  const value = condition.value;
  const order = compared(found, value);
  switch (condition.op) {
    case "eq":
      return same(found, value);
    case "ne":
      return !same(found, value);
    case "lt":
      return order !== undefined && order < 0;
    case "le":
      return order !== undefined && order <= 0;
    case "gt":
      return order !== undefined && order > 0;
    case "ge":
      return order !== undefined && order >= 0;
    case "in":
      return Array.isArray(value) && value.some((item) => same(item, found));
    case "contains":
      if (typeof found === "string") return typeof value === "string" && found.includes(value);
      return Array.isArray(found) && found.some((item) => same(item, value));
    case "exists":
      return (found !== undefined && found !== null) === (value !== false);
    default:
      return false;
  }
}

export function holds(condition: Condition, roots: Roots): boolean {
  if (condition.all && !condition.all.every((part) => holds(part, roots))) return false;
  if (condition.any && !condition.any.some((part) => holds(part, roots))) return false;
  if (condition.not && holds(condition.not, roots)) return false;
  return condition.field === undefined || asks(condition, roots);
}
