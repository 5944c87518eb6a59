// A row of numbers as a line the height of a text.
import { number } from "../../i18n/format";

export function Sparkline({ values, label }: { values: readonly (number | undefined)[]; label: string }) {
  const known = values.filter((value): value is number => value !== undefined);
  const last = known.at(-1);
  if (last === undefined) return <span class="muted">–</span>;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const step = values.length > 1 ? 76 / (values.length - 1) : 0;
  const points = values
    .map((value, index) =>
      value === undefined
        ? ""
        : `${(2 + index * step).toFixed(1)},${(18 - ((value - low) / (high - low || 1)) * 16).toFixed(1)}`,
    )
    .filter((point) => point !== "");
  return (
    <span class="spark">
      <svg viewBox="0 0 80 20" role="img" aria-label={`${label}: ${number(low)} – ${number(high)}`}>
        <polyline points={points.join(" ")} />
      </svg>
      <span class="figure">{number(last)}</span>
    </span>
  );
}
