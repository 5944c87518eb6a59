// Which rows these are, of how many, how many a page, and the way to the others.
import type { List, Section } from "../host/description";
import { figure, record } from "../host/protocol";
import { number } from "../i18n/format";
import { t } from "../i18n/translate";
import { go, place, withParams } from "../ui/address";
import { defaultSize, totalOf, type ListState } from "./list_state";

const usualSizes = [10, 20, 50, 100];

interface PagerProps {
  list: List | Section;
  prefix: string;
  state: ListState;
  body: unknown;
  shown: number;
}

function scannedWords(body: unknown): string {
  const scanned = figure(record(body).scanned);
  const of = figure(record(body).of);
  return scanned === undefined || of === undefined ? "" : t("scanned", { n: scanned, of });
}

export function Pager({ list, prefix, state, body, shown }: PagerProps) {
  const { total, kind, next } = totalOf(body);
  const usual = list.paging?.size ?? defaultSize;
  const sizes = [...new Set([...(list.paging?.sizes ?? usualSizes), usual, state.size])].sort((a, b) => a - b);
  const page = Math.floor(state.first / state.size) + 1;
  const more = next || (total !== undefined && state.first + shown < total);
  const paged = state.first > 0 || more;
  const turn = (to: number): void => go(withParams(place.peek(), { [`${prefix}.page`]: to > 1 ? String(to) : null }));
  const all =
    total === undefined
      ? t("totalAtLeast", { n: state.first + shown })
      : t(kind === "estimate" ? "totalEstimate" : kind === "atLeast" ? "totalAtLeast" : "total", { n: total });
  const scanned = scannedWords(body);
  if (shown === 0 && !paged && !scanned) return null;
  return (
    <div class="pager">
      {shown > 0 && (
        <span>{t("ofTotal", { from: number(state.first + 1), to: number(state.first + shown), total: all })}</span>
      )}
      {scanned && <span>{scanned}</span>}
      <span class="grow" />
      {(paged || shown > (sizes[0] ?? 0)) && (
        <select
          class="small"
          aria-label={t("pageSize")}
          title={t("pageSize")}
          value={String(state.size)}
          onChange={(event) => {
            const size = event.currentTarget.value;
            go(
              withParams(place.peek(), {
                [`${prefix}.size`]: size === String(usual) ? null : size,
                [`${prefix}.page`]: null,
              }),
            );
          }}
        >
          {sizes.map((size) => (
            <option key={size} value={String(size)}>
              {size}
            </option>
          ))}
        </select>
      )}
      {paged && (
        <span class="turn">
          <button
            type="button"
            class="btn small quiet"
            aria-disabled={page <= 1 || undefined}
            onClick={() => page > 1 && turn(page - 1)}
          >
            ‹ {t("previous")}
          </button>
          <button
            type="button"
            class="btn small quiet"
            aria-disabled={!more || undefined}
            onClick={() => more && turn(page + 1)}
          >
            {t("next")} ›
          </button>
        </span>
      )}
    </div>
  );
}
