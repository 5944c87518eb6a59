// The keys of the whole page: `?` lists them, `/` filters, `g` goes to a page. Keys of rows and details are where those are.
import { signal } from "@preact/signals";

export const helpOpen = signal(false);
export const goToOpen = signal(false);

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest("input,select,textarea,dialog,[popover]")) return;
    if (event.key === "?") helpOpen.value = true;
    else if (event.key === "g") goToOpen.value = true;
    else if (event.key === "/") {
      const pane = event.target instanceof Element ? event.target.closest(".list-section") : null;
      const within = pane?.querySelector<HTMLElement>("[data-filter]") ? pane : document;
      const field = within.querySelector<HTMLElement>("[data-filter]");
      const add = document.querySelector<HTMLElement>("[data-filter-add]")?.closest("button");
      if (field) field.focus();
      else add?.click();
    } else return;
    event.preventDefault();
  });
}
