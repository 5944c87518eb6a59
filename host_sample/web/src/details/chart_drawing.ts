// The drawing of charts with uPlot, in a file of its own that is fetched when the first chart is shown.
import uPlot from "uplot";
import type { ChartData } from "./chart_data";

type Mark = "line" | "area" | "bar" | "stacked";

const height = 150;

/** A colour of the style sheet as the canvas understands it. */
function colour(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  const found = getComputedStyle(element).color;
  element.style.color = "";
  return found;
}

/** Each series on top of those before it; drawn from the last, so that the lower ones lie in front. */
function stack(data: ChartData): (number | null)[][] {
  const sums = data.x.map(() => 0);
  return data.series.map(({ values }) =>
    values.map((value, index) => {
      if (value === null) return null;
      const sum = (sums[index] ?? 0) + value;
      sums[index] = sum;
      return sum;
    }),
  );
}

function aligned(data: ChartData, mark: Mark): uPlot.AlignedData {
  const x = data.time ? data.x.map((ms) => ms / 1000) : data.x;
  const rows = mark === "stacked" ? stack(data).reverse() : data.series.map((series) => series.values);
  return [x, ...rows];
}

function options(element: HTMLElement, data: ChartData, mark: Mark, locale: string): uPlot.Options {
  const muted = colour(element, "--muted");
  const line = colour(element, "--line");
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const series = mark === "stacked" ? [...data.series].reverse() : data.series;
  const bars = uPlot.paths.bars?.({ size: [0.7, 60] });
  const filled = mark !== "line";
  const names = data.names;
  const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const short = new Intl.NumberFormat(locale, { notation: "compact" });
  return {
    width: Math.max(200, element.clientWidth),
    height,
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    legend: { show: false },
    scales: {
      x: { time: data.time, ...(names ? { range: () => [-0.6, names.length - 0.4] as [number, number] } : {}) },
      y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        grid: { show: false },
        ...(names
          ? { values: (_: uPlot, splits: number[]) => splits.map((at) => names[at] ?? "") }
          : data.time
            ? { values: (_: uPlot, splits: number[]) => times(splits, locale) }
            : {}),
      },
      { ...axis, size: 44, values: (_, splits) => splits.map((value) => short.format(value)) },
    ],
    series: [
      {},
      ...series.map(({ label, tone }) => ({
        label,
        stroke: colour(element, `--${tone}-bar`),
        width: 1.5,
        points: { show: data.x.length < 2 },
        ...(filled
          ? { fill: mark === "bar" ? colour(element, `--${tone}-bar`) : colour(element, `--${tone}-soft`) }
          : {}),
        ...(mark === "bar" && bars ? { paths: bars } : {}),
      })),
    ],
  };
}

function times(splits: number[], locale: string): string[] {
  const wide = (splits.at(-1) ?? 0) - (splits[0] ?? 0) > 86_400 * 1.5;
  const format = new Intl.DateTimeFormat(
    locale,
    wide ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" },
  );
  return splits.map((at) => format.format(at * 1000));
}

export function draw(
  element: HTMLElement,
  first: ChartData,
  mark: Mark,
  locale: string,
): { update: (next: ChartData) => void; remove: () => void } {
  let data = first;
  let plot = new uPlot(options(element, data, mark, locale), aligned(data, mark), element);
  const anew = (): void => {
    plot.destroy();
    plot = new uPlot(options(element, data, mark, locale), aligned(data, mark), element);
  };
  const size = new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientWidth !== plot.width)
      plot.setSize({ width: element.clientWidth, height });
  });
  size.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", anew);
  return {
    update: (next) => {
      const same = next.series.length === data.series.length && next.time === data.time && !next.names === !data.names;
      data = next;
      if (same && !data.names) plot.setData(aligned(data, mark));
      else anew();
    },
    remove: () => {
      size.disconnect();
      dark.removeEventListener("change", anew);
      plot.destroy();
    },
  };
}
