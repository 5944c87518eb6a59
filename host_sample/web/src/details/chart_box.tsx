// A chart section: the drawing is fetched only when one is shown; the numbers are there as a table too.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { number } from "../i18n/format";
import { locale, t } from "../i18n/translate";
import { dataOf, nameOfX, summary, type ChartData } from "./chart_data";
import { EmptySection } from "./empty_section";
import type { BodyProps } from "./section_props";

export function ChartBox(props: BodyProps) {
  const data = useMemo(() => dataOf(props), [props.body]);
  const canvas = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState(false);
  const [failed, setFailed] = useState(false);
  const drawn = useRef<{ update: (next: ChartData) => void; remove: () => void } | null>(null);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    let over = false;
    void import("./chart_drawing").then(
      ({ draw }) => {
        if (!over && canvas.current)
          drawn.current = draw(canvas.current, latest.current, props.section.mark ?? "line", locale);
      },
      () => setFailed(true),
    );
    return () => {
      over = true;
      drawn.current?.remove();
      drawn.current = null;
    };
  }, []);
  useEffect(() => drawn.current?.update(data), [data]);
  if (data.x.length === 0) return <EmptySection plugin={props.plugin} section={props.section} />;
  return (
    <div class="chart">
      {!failed && <div ref={canvas} class="canvas" role="img" aria-label={summary(data)} />}
      <div class="legend">
        {data.series.map((series) => (
          <span key={series.key} class={series.tone}>
            <i /> {series.label}
          </span>
        ))}
        <span class="grow" />
        <button type="button" class="link" aria-expanded={table || failed} onClick={() => setTable(!table)}>
          {t("asTable")}
        </button>
      </div>
      {(table || failed) && (
        <div class="table-box scroll" tabIndex={0} role="region" aria-label={props.label}>
          <table>
            <thead>
              <tr>
                <th />
                {data.series.map((series) => (
                  <th key={series.key} class="end">
                    {series.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.x.map((_, index) => (
                <tr key={index}>
                  <td>{nameOfX(data, index)}</td>
                  {data.series.map((series) => {
                    const value = series.values[index];
                    return (
                      <td key={series.key} class="end">
                        {value === null || value === undefined ? "–" : number(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
