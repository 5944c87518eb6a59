// The page's own words: here the English ones that a first list needs; the others come with their parts, German in a file. A plugin's words come with its description.

const en = {
  about: "Plugins",
  action: "Actions",
  activity: "Activity",
  addFilter: "Filter",
  age: "{age} ago",
  allEngines: "All engines",
  clearFilters: "Clear filters",
  connecting: "Connecting…",
  copied: "Copied.",
  copy: "Copy",
  copyOf: "Copy {name}",
  cut: "{n} characters in all",
  details: "Details",
  engine: "Engine",
  error: "This could not be read.",
  exportAs: "Export as {format}",
  gone: "This no longer exists.",
  goto: "Go to",
  hostGone: "The host is not responding.",
  hotkeys: "Keys",
  live: "Live",
  loading: "Loading…",
  lost: "Not connected",
  lostText: "Disconnected for {age}; data may be out of date. {why} Reconnecting automatically.",
  menu: "More actions",
  names: "Views",
  next: "Next",
  no: "no",
  notify: "Notify me",
  notServing: "{name} is not available right now.",
  old: "Not updated for {age}.",
  ofTotal: "{from}–{to} of {total}",
  outOf: "{a} of {b}",
  pageSize: "Rows per page",
  partMissing: "Part of this page could not be loaded.",
  paused: "Paused",
  previous: "Previous",
  rate: "of {n}",
  readOnly: "This host is read-only.",
  reload: "Reload the page",
  retry: "Try again",
  saved: "Saved",
  scanned: "{n} of {of} checked",
  incomplete: "Incomplete: {n} of {of} were checked. Matches among the others are not shown.",
  selectAll: "Select all rows of this page",
  selectRow: "Select {name}",
  showMore: "Show all {n}",
  skip: "Skip to content",
  sortBy: "Sort by {name}",
  state_refused: "refused",
  targets: "{n} rows",
  tooMany: "Your open tabs watch more than {n} items together. Close some.",
  total: "{n}",
  totalAtLeast: "{n}+",
  totalEstimate: "≈ {n}",
  yes: "yes",
  youCannot: "Not now: {why}",
};

export type TextKey = keyof typeof en | keyof typeof import("./english").words;

/** For numbers and dates: the person's own language and region. */
export const locale: string = navigator.language || "en";
export const zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** For the page's words: those there are. */
export const language: "en" | "de" = locale.toLowerCase().startsWith("de") ? "de" : "en";
let table: Partial<Record<TextKey, string>> = en;

/** English words that come with a part that is fetched later. */
export function addWords(words: Partial<Record<TextKey, string>>): void {
  table = { ...words, ...table };
}

/** Fetches the words of another language than English. English stands in if that fails. */
export async function loadWords(): Promise<void> {
  if (language === "en") return;
  try {
    table = (await import("./german")).words;
  } catch {
    // English is better than nothing.
  }
}

export function t(key: TextKey, args: { readonly [name: string]: string | number } = {}): string {
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    return value === undefined ? whole : typeof value === "number" ? value.toLocaleString(locale) : value;
  });
}
