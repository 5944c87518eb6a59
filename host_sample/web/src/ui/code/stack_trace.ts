// What a stack trace is made of: headlines, the frames under them, runs of frames that may fold, and the causes.

/** Frames at the top of each part of a trace that stay in sight. */
const framesShown = 4;
/** Fewer frames than this are not worth folding. */
const fewest = 3;
export const causesShown = 50;
const causeLength = 300;

const frame = /^\s+at |^\s*\.\.\. \d+ /;

export interface Part {
  lines: string[];
  /** Number of its first line. */
  from: number;
  /** Where these frames are from; absent where they stay in sight. */
  folds?: string;
}

/** `java.base` of at java.base/java.lang.Thread.run, `org.apache` of at org.apache.catalina.Valve.invoke. */
function origin(line: string): string {
  const place = /^\s+at (?:[^/\s(]*\/\/)?([^\s(]*)/.exec(line)?.[1] ?? "";
  const module = place.indexOf("/");
  if (module > 0) return place.slice(0, module).replace(/@.*/, "");
  return place.split(".").slice(0, 2).join(".");
}

/** The first frames under each headline stay; after them, runs of frames from one place fold. */
export function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  let depth = 0;
  const from = (index: number): string | undefined => {
    const line = lines[index] ?? "";
    if (!frame.test(line)) {
      depth = 0;
      return undefined;
    }
    depth += 1;
    return depth > framesShown ? origin(line) : undefined;
  };
  for (const [index, line] of lines.entries()) {
    const folds = from(index);
    const last = parts.at(-1);
    // "... 12 more" belongs to the frames above it.
    if (last && (last.folds === folds || (folds === "" && last.folds !== undefined))) last.lines.push(line);
    else parts.push({ lines: [line], from: index, ...(folds ? { folds } : {}) });
  }
  const joined: Part[] = [];
  for (const part of parts) {
    const folded = part.folds !== undefined && part.lines.length >= fewest;
    const last = joined.at(-1);
    if (folded) joined.push(part);
    else if (last && last.folds === undefined) last.lines.push(...part.lines);
    else joined.push({ lines: part.lines, from: part.from });
  }
  return joined;
}

export function isCause(line: string): boolean {
  return /^[\t ]*(?:Caused by|Suppressed): /.test(line);
}

export function isHead(line: string): boolean {
  return line !== "" && (!/^\s/.test(line) || isCause(line));
}

export interface Cause {
  /** Where its line begins in the text. */
  at: number;
  text: string;
}

/** The first line and all that begin with "Caused by", of the whole text; more than `causesShown` are counted only. */
export function causesOf(text: string): { causes: Cause[]; count: number } {
  const lineAt = (at: number): string => {
    const end = text.indexOf("\n", at);
    return text.slice(at, Math.min(end < 0 ? text.length : end, at + causeLength)).trim();
  };
  const causes: Cause[] = [{ at: 0, text: lineAt(0) }];
  let count = 1;
  for (const found of text.matchAll(/(?<=\n)[\t ]*(?:Caused by|Suppressed): /g)) {
    count += 1;
    if (causes.length < causesShown) causes.push({ at: found.index, text: lineAt(found.index) });
  }
  return { causes, count };
}
