// A component whose code is fetched later: its place, its props, and what stands there meanwhile.
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { fetchDeferred, fetchFailed, slot } from "../host/deferred";
import { t } from "../i18n/translate";
import { Note } from "./notes";

export type LazyComponent<P> = ComponentType<P> & { fill: (part: ComponentType<P>) => void };

/** What it holds is shown without it meanwhile. */
export function lazy<P = object>(): LazyComponent<P> {
  const part = slot<ComponentType<P>>();
  const Lazy = (props: P & { key?: string }) => {
    useEffect(() => {
      if (!part.peek()) fetchDeferred().catch(() => undefined);
    }, []);
    const Part = part.value;
    if (Part) return <Part {...props} />;
    const inside = (props as { children?: ComponentChildren }).children;
    if (inside !== undefined) return <>{inside}</>;
    if (!fetchFailed.value) return <div class="hold" />;
    return (
      <Note title={t("partMissing")}>
        <button type="button" class="btn small" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      </Note>
    );
  };
  const fill = (found: ComponentType<P>): void => {
    part.value = found;
  };
  return Object.assign(Lazy, { fill });
}
