// Filters that a person saved under a name, for each list, in this browser. What is read back may be anybody's: whatever
// does not fit is left out.
import { record, words } from "../host/protocol";
import { withParams, type Place } from "../ui/address";

/** Of one list. */
export const mostSaved = 20;
export const longestName = 60;
/** Of one saved filter, as it stands in the address. */
const longestParams = 4000;

/** What of a list's address is saved: filters and order, without the list's own name, which differs by where it stands. */
export interface Saved {
  name: string;
  params: { readonly [name: string]: string };
}

function keyOf(list: string): string {
  return `cockpit.saved ${list}`;
}

function isSaved(name: string): boolean {
  return name.startsWith("f.") || name === "sort";
}

export function readSaved(list: string): Saved[] {
  let found: unknown = null;
  try {
    found = JSON.parse(localStorage.getItem(keyOf(list)) ?? "[]");
  } catch {
    // No storage, or something else in it: nothing is saved.
  }
  if (!Array.isArray(found)) return [];
  return found.slice(0, mostSaved).flatMap((entry: unknown) => {
    const name = words(record(entry).name);
    if (!name) return [];
    const params: { [name: string]: string } = {};
    for (const [key, value] of Object.entries(record(record(entry).params))) {
      if (isSaved(key) && typeof value === "string") params[key] = value;
    }
    return [{ name: name.slice(0, longestName), params }];
  });
}

/** False when the browser keeps nothing. */
export function writeSaved(list: string, saved: readonly Saved[]): boolean {
  try {
    localStorage.setItem(keyOf(list), JSON.stringify(saved.slice(0, mostSaved)));
    return true;
  } catch {
    return false;
  }
}

/** What is chosen now, for saving; nothing when no filter is set or it is too long. */
export function chosenNow(prefix: string, place: Place): Saved["params"] | undefined {
  const params: { [name: string]: string } = {};
  for (const [name, value] of place.params) {
    const own = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : "";
    if (isSaved(own)) params[own] = value;
  }
  const filters = Object.keys(params).some((name) => name !== "sort");
  return filters && JSON.stringify(params).length <= longestParams ? params : undefined;
}

/** The address with the saved filters of that list and no others of it, on its first page. */
export function withSaved(prefix: string, place: Place, params: Saved["params"]): Place {
  const changes: { [name: string]: string | null } = { [`${prefix}.page`]: null };
  for (const name of place.params.keys()) {
    if (name.startsWith(`${prefix}.`) && isSaved(name.slice(prefix.length + 1))) changes[name] = null;
  }
  for (const [name, value] of Object.entries(params)) changes[`${prefix}.${name}`] = value;
  return withParams(place, changes);
}

export function sameParams(a: Saved["params"], b: Saved["params"] | undefined): boolean {
  const [left, right] = [Object.entries(a), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([name, value]) => right[name] === value);
}
