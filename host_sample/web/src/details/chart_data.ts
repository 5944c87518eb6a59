// The numbers of a chart as its answer carries them, and what they say in a sentence.
import type { Field } from "../host/description";
import { figure, record, type Json } from "../host/protocol";
import { exactTime, number } from "../i18n/format";
import type { BodyProps } from "./section_props";

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

export function dataOf(props: BodyProps): ChartData {
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
      const unit = field?.unit ? plugin.text(field.unit) : typeof units[key] === "string" ? units[key] : "";
      return {
        key,
        label: field?.label ? plugin.text(field.label) : key,
        tone: field?.tone ?? toneCycle[index % toneCycle.length] ?? "info",
        unit,
        values: x.map((_, at) => (Array.isArray(list) ? (figure(list[at]) ?? null) : null)),
      };
    }),
  };
}

export function nameOfX(data: ChartData, index: number): string {
  const value = data.x[index] ?? 0;
  return data.names?.[index] ?? (data.time ? exactTime(new Date(value)) : number(value));
}

/** What the drawing shows, in a sentence. */
export function summary(data: ChartData): string {
  const last = data.x.length - 1;
  const sums = data.series.map(({ label, values, unit }) => {
    const value = values.findLast((item) => item !== null);
    return `${label} ${value === undefined || value === null ? "–" : number(value)}${unit ? ` ${unit}` : ""}`;
  });
  return last < 0 ? "" : `${nameOfX(data, 0)} – ${nameOfX(data, last)}: ${sums.join(", ")}`;
}
