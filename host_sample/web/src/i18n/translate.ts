// The page's own words in the person's language: the English ones that a first list needs are here at once, the others come
// with the parts that are fetched later, German in a file. A plugin's words come with its description.
import { words as firstWords } from "./english_first";

export type TextKey = keyof typeof firstWords | keyof typeof import("./english").words;

/** For numbers and dates: the person's own language and region. */
export const locale: string = navigator.language || "en";
export const zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** For the page's words: those there are. */
export const language: "en" | "de" = locale.toLowerCase().startsWith("de") ? "de" : "en";
let table: Partial<Record<TextKey, string>> = firstWords;

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
