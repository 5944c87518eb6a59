// Opens a thing of a plugin from anywhere on the page, as from a toast.
import { go, place, withThing } from "./address";

export function openThing(plugin: string, view: string, engine: string, id: string): void {
  const here = place.peek();
  const from = here.plugin === plugin ? here : { ...here, plugin, params: new Map<string, string>() };
  go(withThing(from, 0, { view, engine, id }));
}
