// Two texts side by side, line by line; one below the other where there is no room. And the text that a person put aside
// to compare the next one with.
import { signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { visible } from "../../i18n/text_safety";
import { t } from "../../i18n/translate";
import { comparedLines, differences, foldEqual, type Pair } from "./differences";

/** Of each text, in characters; the rest is not compared. */
const comparedLength = 1_000_000;

export interface Aside {
  name: string;
  text: string;
}

/** One at a time, as long as this page is open. */
export const aside = signal<Aside | null>(null);

function linesOf(text: string): string[] {
  return visible(text.slice(0, comparedLength)).split("\n");
}

export function Compared({ before, now }: { before: Aside; now: Aside }) {
  const { stretches, same, left } = useMemo(
    () => differences(linesOf(before.text), linesOf(now.text)),
    [before.text, now.text],
  );
  const long = before.text.length > comparedLength || now.text.length > comparedLength;
  return (
    <div class="compared">
      <div class="pair heads">
        <b>{before.name}</b>
        <b>{now.name}</b>
      </div>
      {same && <p class="muted">{t("compareSame")}</p>}
      <div class="code lines" role="group" tabIndex={0} aria-label={`${before.name} – ${now.name}`}>
        {stretches.map((stretch, index) =>
          stretch.same ? (
            <Equal key={index} pairs={stretch.pairs} isFirst={index === 0} isLast={index === stretches.length - 1} />
          ) : (
            <Lines key={index} pairs={stretch.pairs} differ />
          ),
        )}
      </div>
      {(left > 0 || long) && <p class="muted">{t("compareCut", { lines: comparedLines, n: comparedLength })}</p>}
    </div>
  );
}

function Equal({ pairs, isFirst, isLast }: { pairs: readonly Pair[]; isFirst: boolean; isLast: boolean }) {
  const [open, setOpen] = useState(false);
  const [above, folded, below] = foldEqual(pairs, isFirst, isLast);
  return (
    <>
      <Lines pairs={above} />
      {folded.length > 0 && (
        <button type="button" class="link fold-frames" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t("collapse") : t("sameLines", { n: folded.length })}
        </button>
      )}
      {open && <Lines pairs={folded} />}
      <Lines pairs={below} />
    </>
  );
}

function Lines({ pairs, differ }: { pairs: readonly Pair[]; differ?: boolean }) {
  return (
    <>
      {pairs.map((pair, index) => (
        <div key={index} class={differ ? "pair" : "pair same"}>
          <Side line={pair.before} kind={differ ? "out" : undefined} sign="−" />
          <Side line={pair.now} kind={differ ? "in" : undefined} sign="+" />
        </div>
      ))}
    </>
  );
}

/** The sign says without colour what the colour says. */
function Side({ line, kind, sign }: { line: string | undefined; kind: "in" | "out" | undefined; sign: string }) {
  if (line === undefined) return <div class="none" />;
  return (
    <div class={kind}>
      <span class="sign">{kind ? sign : " "}</span>
      {line}
    </div>
  );
}
