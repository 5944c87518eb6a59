// The host's icons: strokes on a 16 px grid. A description names one; an unknown name draws nothing. Those that a first list
// seldom has come with the parts that are fetched later, at once if one is needed.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fetchDeferred } from "../host/deferred";

export type Paths = { readonly [name: string]: string };

const paths: Paths = {
  alert: "M8 2 15 14H1zM8 6.5v3.5M8 12v.2",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.5h3",
  check: "M3 8.5l3.5 3.5L13 4.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 2",
  copy: "M6 6h8v8H6zM3.5 10H2V2h8v1.5",
  download: "M8 2v8M4.5 7L8 10.5 11.5 7M2.5 14h11",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5v.2",
  more: "M3 8h.2M8 8h.2M13 8h.2",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M4.5 2.5v11l9-5.5z",
  plug: "M5.5 2v3M10.5 2v3M3.5 5h9v3a4.5 4.5 0 0 1-9 0zM8 12.5V15",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.5 10.5L14 14",
  stack: "M2 5l6-3 6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 10h6.6L12 4M6.7 7v4M9.3 7v4",
};

export const moreIcons = signal<Paths>({});

export function Icon({ name = "" }: { name: string | undefined }) {
  const all = Object.hasOwn(paths, name) ? paths : moreIcons.value;
  const path = Object.hasOwn(all, name) ? all[name] : undefined;
  const missing = name !== "" && !path;
  useEffect(() => {
    if (missing) fetchDeferred().catch(() => undefined);
  }, [missing]);
  if (!path) return null;
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
