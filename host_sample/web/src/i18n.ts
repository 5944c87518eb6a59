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
  gone: "This is no longer there.",
  goto: "Go to",
  hostGone: "The host does not answer.",
  hotkeys: "Keys",
  live: "Live",
  loading: "Loading…",
  lost: "Not connected",
  lostText: "Not connected for {age}. What you see is as old as it says. {why} It is tried again by itself.",
  menu: "More actions",
  names: "Views",
  next: "Next",
  no: "no",
  notify: "Tell me",
  notServing: "{name} does not serve at the moment.",
  old: "Not updated for {age}.",
  ofTotal: "{from}–{to} of {total}",
  outOf: "{a} of {b}",
  pageSize: "Rows a page",
  partMissing: "A part of this page could not be fetched.",
  paused: "Paused",
  previous: "Previous",
  rate: "of {n}",
  readOnly: "This host is read only.",
  reload: "Load the page anew",
  retry: "Try again",
  saved: "Saved",
  scanned: "{n} of {of} were looked at.",
  incomplete: "Incomplete: {n} of {of} were checked. What matches among the others is not shown.",
  selectAll: "Select all rows of this page",
  selectRow: "Select {name}",
  showMore: "Show all {n}",
  skip: "Skip to the content",
  sortBy: "Sort by {name}",
  state_refused: "refused",
  targets: "{n} rows",
  tooMany: "All tabs together look at more than {n} things. Close some.",
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
