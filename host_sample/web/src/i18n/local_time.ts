// Points in time as the browser's own fields have them: `2030-01-31T14:31`, in the person's zone.
import { asDate } from "./format";

export function localTime(value: unknown): string {
  const date = asDate(value);
  if (!date) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** As the plugin gets it; "" for none. */
export function instantOf(local: string): string {
  return local ? new Date(local).toISOString() : "";
}
