// Everything that a person chose stands in the address, so that every view is a link and going back works.
//   #/PLUGIN/VIEW?thing=VIEW/ENGINE/ID&thing=…&engine=…&LIST.sort=-key&LIST.page=2&LIST.f.KEY=value
// `thing` is what the right side shows; a second one is opened inside the first. `N.SECTION.…` belongs to the N-th thing.
import { signal } from "@preact/signals";

export interface Thing {
  view: string;
  engine: string;
  id: string;
}

export interface Place {
  plugin: string;
  view: string;
  things: readonly Thing[];
  /** The chosen engine, "" for all. */
  engine: string;
  /** All else, by its whole name. */
  params: ReadonlyMap<string, string>;
}

/** The host's own page about plugins; no plugin can be called so. */
export const aboutPage = ".plugins";

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}

/** Readable where the address allows it. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%3A/gi, ":").replace(/%2C/gi, ",").replace(/%40/g, "@");
}

export function parsePlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [plugin = "", view = ""] = path.split("/").map(decode);
  const things: Thing[] = [];
  const params = new Map<string, string>();
  let engine = "";
  for (const part of query.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? "" : part.slice(at + 1);
    if (name === "thing") {
      const [shown = "", on = "", ...id] = value.split("/");
      if (shown && id.length > 0) things.push({ view: decode(shown), engine: decode(on), id: decode(id.join("/")) });
    } else if (name === "engine") engine = decode(value);
    else params.set(name, decode(value));
  }
  return { plugin, view, things, engine, params };
}

export function placeHash(place: Place): string {
  const parts = place.things.map(({ view, engine, id }) => `thing=${encode(view)}/${encode(engine)}/${encode(id)}`);
  if (place.engine) parts.push(`engine=${encode(place.engine)}`);
  for (const [name, value] of place.params) parts.push(`${encode(name)}=${encode(value)}`);
  const path = place.plugin ? `/${encode(place.plugin)}${place.view ? `/${encode(place.view)}` : ""}` : "/";
  return `#${path}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

export const place = signal<Place>(parsePlace(location.hash));

addEventListener("popstate", () => {
  place.value = parsePlace(location.hash);
});

/** Read anew, as after the token was taken out of it. */
export function readAddress(): void {
  place.value = parsePlace(location.hash);
}

export function go(next: Partial<Place>, how: "push" | "replace" = "push"): void {
  const whole = { ...place.peek(), ...next };
  const hash = placeHash(whole);
  if (hash === placeHash(place.peek())) return;
  if (how === "push") history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  place.value = whole;
}

/** The same place with some params set; null takes one away. */
export function withParams(from: Place, changes: { readonly [name: string]: string | null }): Place {
  const params = new Map(from.params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return { ...from, params };
}

/** Opens a thing at a depth, 0 being the right side itself; what was open deeper closes, with all that was chosen there. */
export function withThing(from: Place, depth: number, thing: Thing | null, section?: string): Place {
  const things = from.things.slice(0, depth);
  if (thing) things.push(thing);
  const params = new Map(
    [...from.params].filter(([name]) => !/^\d+\./.test(name) || Number.parseInt(name, 10) < depth),
  );
  if (thing && section) params.set(`${depth}.${section}.open`, "1");
  return { ...from, things, params };
}

/** Narrowed to an engine, or with "" to none: on the first pages; what is open stays, unless it is in another one. */
export function withEngine(from: Place, engine: string): Place {
  const away = engine !== "" && from.things.some((thing) => thing.engine !== engine);
  const { things, params } = away ? withThing(from, 0, null) : from;
  return { ...from, engine, things, params: new Map([...params].filter(([name]) => !/^[^.]*\.page$/.test(name))) };
}

/** A plain click goes on in this page; any other is the browser's. */
export function follow(event: MouseEvent, to: Place): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(to);
}
