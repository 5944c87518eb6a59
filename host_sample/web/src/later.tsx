// Parts of the page that are fetched when first needed, so that the first list is there sooner. The first move of the
// pointer, or the first key, fetches them all beforehand.
import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./i18n";
import { Note } from "./ui";

type State<P> = ComponentType<P> | "failed" | null;
const loads: (() => void)[] = [];

/** What it holds is shown without it meanwhile. */
export function later<P>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const state = signal<State<P>>(null);
  let asked = false;
  const fetchIt = (): void => {
    if (asked) return;
    asked = true;
    load().then(
      (part) => (state.value = part),
      () => {
        asked = false;
        state.value = "failed";
      },
    );
  };
  loads.push(fetchIt);
  return function Later(props: P & { key?: string }) {
    useEffect(fetchIt, []);
    const Part = state.value;
    const inside = (props as { children?: ComponentChildren }).children;
    if (inside !== undefined && (Part === null || Part === "failed")) return <>{inside}</>;
    if (Part === null) return <div class="hold" />;
    if (Part !== "failed") return <Part {...props} />;
    return (
      <Note title={t("partMissing")}>
        <button type="button" class="btn small" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      </Note>
    );
  };
}

export function fetchAllOnFirstUse(more: () => void): void {
  const begin = (): void => {
    removeEventListener("pointermove", begin);
    removeEventListener("keydown", begin);
    removeEventListener("touchstart", begin);
    more();
    for (const load of loads) load();
  };
  addEventListener("pointermove", begin, { passive: true });
  addEventListener("keydown", begin, { capture: true });
  addEventListener("touchstart", begin, { passive: true });
}
