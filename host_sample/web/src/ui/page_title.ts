// The title of the tab: the thing, the view, the host.
import { effect, signal } from "@preact/signals";
import { host } from "../host/plugin_registry";

export const thingTitle = signal("");
export const viewTitle = signal("");

/** How many need attention, so that a tab in the background shows it. */
export const needs = signal(0);

effect(() => {
  const parts = [thingTitle.value, viewTitle.value, host.value?.name || "cockpit-host"];
  const name = parts.filter((part) => part !== "").join(" · ");
  document.title = (needs.value > 0 ? `(${needs.value}) ` : "") + name;
});
