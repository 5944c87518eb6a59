// Two texts line by line: what they have in common, what only one of them has.

/** What is left of each side after the common beginning and end, at most: the work grows with its square. */
export const comparedLines = 2000;
/** Common lines that stay in sight around a difference. */
const around = 3;

export interface Pair {
  before: string | undefined;
  now: string | undefined;
}

/** Lines beside each other: equal ones, or those of one run of differences; or a number of equal lines that are left out. */
export type Stretch = { pairs: Pair[]; same: boolean };

export interface Difference {
  stretches: Stretch[];
  same: boolean;
  /** Lines of both sides that were too many to be looked at. */
  left: number;
}

function middle(a: readonly string[], b: readonly string[]): Stretch[] {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: Stretch[] = [];
  let gone: string[] = [];
  let come: string[] = [];
  const flush = (): void => {
    const pairs = Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
      before: gone[index],
      now: come[index],
    }));
    if (pairs.length > 0) out.push({ pairs, same: false });
    gone = [];
    come = [];
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [was, is] = [a[i], b[j]];
    if (was !== undefined && was === is) {
      flush();
      const last = out.at(-1);
      if (last?.same) last.pairs.push({ before: was, now: is });
      else out.push({ pairs: [{ before: was, now: is }], same: true });
      i += 1;
      j += 1;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      gone.push(was);
      i += 1;
    } else {
      come.push(is ?? "");
      j += 1;
    }
  }
  flush();
  return out;
}

export function differences(before: readonly string[], now: readonly string[]): Difference {
  const shorter = Math.min(before.length, now.length);
  let head = 0;
  while (head < shorter && before[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const a = before.slice(head, before.length - tail);
  const b = now.slice(head, now.length - tail);
  const equal = (lines: readonly string[]): Stretch[] =>
    lines.length > 0 ? [{ pairs: lines.map((line) => ({ before: line, now: line })), same: true }] : [];
  const stretches = [
    ...equal(now.slice(0, head)),
    ...middle(a.slice(0, comparedLines), b.slice(0, comparedLines)),
    ...equal(now.slice(now.length - tail)),
  ];
  const left = Math.max(0, a.length - comparedLines) + Math.max(0, b.length - comparedLines);
  return { stretches, same: a.length === 0 && b.length === 0, left };
}

/** A stretch of equal lines: what of it stays in sight above and below, and what may fold. */
export function foldEqual(pairs: readonly Pair[], isFirst: boolean, isLast: boolean): [Pair[], Pair[], Pair[]] {
  const above = isFirst ? 0 : around;
  const below = isLast ? 0 : around;
  if (pairs.length <= above + below + around) return [[...pairs], [], []];
  return [pairs.slice(0, above), pairs.slice(above, pairs.length - below), pairs.slice(pairs.length - below)];
}
