// A chart section: the drawing is fetched only when one is shown; the numbers are there as a table too.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Field } from "./description";
import { exactTime, number } from "./format";
import { locale, t } from "./i18n";
import { figure, record, type Json } from "./protocol";
import { Empty, type BodyProps } from "./sections";

export interface Series {
  key: string;
  label: string;
  tone: string;
  unit: string;
  values: (number | null)[];
}

export interface ChartData {
  x: number[];
  /** Words of each x, where they are categories. */
  names: string[] | null;
  time: boolean;
  series: Series[];
}

const toneCycle = ["success", "info", "warning", "danger", "neutral"];

function dataOf(props: BodyProps): ChartData {
  const { plugin, section, body } = props;
  const given = record(body.series);
  const units = record(body.units);
  const described = new Map<string, Field>((section.fields ?? []).map((field) => [field.key, field]));
  const keys =
    described.size > 0 ? [...described.keys()].filter((key) => Object.hasOwn(given, key)) : Object.keys(given);
  const raw: Json[] = Array.isArray(body.x) ? body.x : [];
  const named = raw.some((value) => typeof value === "string");
  const x = named ? raw.map((_, index) => index) : raw.map((value) => figure(value) ?? 0);
  return {
    x,
    names: named ? raw.map(String) : null,
    time: !named && units.x === "time",
    series: keys.map((key, index) => {
      const field = described.get(key);
      const list = given[key];
      const unit = field?.unit ? plugin.say(field.unit) : typeof units[key] === "string" ? units[key] : "";
      return {
        key,
        label: field?.label ? plugin.say(field.label) : key,
        tone: field?.tone ?? toneCycle[index % toneCycle.length] ?? "info",
        unit,
        values: x.map((_, at) => (Array.isArray(list) ? (figure(list[at]) ?? null) : null)),
      };
    }),
  };
}

function nameOfX(data: ChartData, index: number): string {
  const value = data.x[index] ?? 0;
  return data.names?.[index] ?? (data.time ? exactTime(new Date(value)) : number(value));
}

/** What the drawing shows, in a sentence. */
function summary(data: ChartData): string {
  const last = data.x.length - 1;
  const told = data.series.map(({ label, values, unit }) => {
    const value = values.findLast((item) => item !== null);
    return `${label} ${value === undefined || value === null ? "–" : number(value)}${unit ? ` ${unit}` : ""}`;
  });
  return last < 0 ? "" : `${nameOfX(data, 0)} – ${nameOfX(data, last)}: ${told.join(", ")}`;
}

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
    void import("./chart").then(
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
  if (data.x.length === 0) return <Empty plugin={props.plugin} section={props.section} />;
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
