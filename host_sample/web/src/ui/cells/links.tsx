// Where values lead: addresses that are checked, and details views of the same plugin.
import type { ComponentChildren } from "preact";
import type { Field, ViewLink } from "../../host/description";
import { pick, type Fields, type Json } from "../../host/protocol";
import { follow, place, placeHash, withThing, type Thing } from "../address";
import { Icon } from "../icons";
import { missing as isMissing, type CellPlace } from "./cell_place";

/** http and https only; null for anything that could do more than lead somewhere. */
export function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A template of the description: values stand in path and query only, percent-encoded; host and scheme are its own. */
export function filledAddress(template: string, row: Fields): string | null {
  const head = /^https?:\/\/[^/?#{}]+/i.exec(template)?.[0] ?? "";
  const rest = template.slice(head.length);
  if (head === "" && (/^[a-z][a-z0-9+.-]*:/i.test(rest) || /^[\\/]{2}/.test(rest) || rest.startsWith("{"))) return null;
  if (head !== "" && rest !== "" && !/^[/?#]/.test(rest)) return null;
  let missing = false;
  const filled = rest.replace(/\{([^{}]+)\}/g, (_, path: string) => {
    const value = pick(row, path.replace(/^row\./, ""));
    if (value === undefined || value === null) missing = true;
    return encodeURIComponent(String(value)).replace(/^\.{1,2}$/, (dots) => dots.replaceAll(".", "%2E"));
  });
  return missing ? null : head + filled;
}

export function WebLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" onClick={(event) => event.stopPropagation()}>
      {children} <Icon name="out" />
    </a>
  );
}

export interface ThingLinkProps {
  depth: number;
  thing: Thing;
  section?: string | undefined;
  class?: string;
  tabIndex?: number | undefined;
  children: ComponentChildren;
}

export function ThingLink({ depth, thing, section, class: kind, tabIndex, children }: ThingLinkProps) {
  const to = withThing(place.value, depth, thing, section);
  return (
    <a
      href={placeHash(to)}
      class={kind}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        follow(event, to);
      }}
    >
      {children}
    </a>
  );
}

/** Whose details a link of the description means. */
export function linkedThing(link: ViewLink, row: Fields, id: string, engine: string): Thing | null {
  const path = link.id ?? "{row.id}";
  let missing = false;
  const whose = path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const key = name.replace(/^row\./, "");
    const value = key === "id" ? id : pick(row, key);
    if (value === undefined || value === null || value === "") missing = true;
    return String(value);
  });
  return missing ? null : { view: link.view, engine, id: whose };
}

export interface LinkedProps {
  field: Field;
  at: CellPlace;
  value: Json | undefined;
  children: ComponentChildren;
}

/** A value that the description makes a link. */
export function Linked({ field, at, value, children }: LinkedProps) {
  const { link } = field;
  if (!link || (isMissing(value) && !(typeof link === "object" && link.label))) return <>{children}</>;
  if (typeof link === "string") {
    const href = filledAddress(link, at.row);
    return href ? <WebLink href={href}>{children}</WebLink> : <>{children}</>;
  }
  const thing = linkedThing(link, at.row, at.id, at.engine);
  if (!thing) return <>{children}</>;
  const go = (what: ComponentChildren) => (
    <ThingLink depth={at.depth} thing={thing} section={link.section} tabIndex={at.tabIndex}>
      {what}
    </ThingLink>
  );
  if (!link.label) return go(children);
  return (
    <>
      {children}
      <div class="more">{go(at.plugin.text(link.label, { row: at.row }))}</div>
    </>
  );
}
