// A long text: stack trace, JSON, XML. Runs of a trace's inner frames are folded, two versions can be compared, the whole
// can be copied and taken along.
import { useMemo, useState } from "preact/hooks";
import { t } from "./i18n";
import { copyText } from "./ui";
import { Icon } from "./icons";
import { visible } from "./visible";

const shownFirst = 100_000;
/** Frames at the top of each part of a trace that stay in sight. */
const framesShown = 4;
const comparedLines = 2000;

export interface CodeProps {
  text: string;
  before?: string | undefined;
  language: "json" | "xml" | "stacktrace" | undefined;
  name: string;
}

export function Code({ text, before, language, name }: CodeProps) {
  const [whole, setWhole] = useState(false);
  const [compares, setCompares] = useState(false);
  const shown = whole || text.length <= shownFirst ? text : text.slice(0, shownFirst);
  const lines = useMemo(() => visible(shown).split("\n"), [shown]);
  const download = (): void => {
    const link = document.createElement("a");
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.href = address;
    link.download = `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 100)}.${language === "json" || language === "xml" ? language : "txt"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  return (
    <div class="code-box">
      <div class="code-tools">
        {before !== undefined && before !== "" && (
          <button type="button" class="btn small quiet" aria-pressed={compares} onClick={() => setCompares(!compares)}>
            {t("compareOld")} / {t("compareNew")}
          </button>
        )}
        <button type="button" class="btn small quiet" onClick={() => copyText(text)}>
          <Icon name="copy" /> {t("copy")}
        </button>
        <button type="button" class="btn small quiet" onClick={download}>
          <Icon name="download" /> {t("download")}
        </button>
      </div>
      {compares && before !== undefined ? (
        <Compared now={lines} before={visible(before).split("\n")} />
      ) : (
        <pre class="code" tabIndex={0} aria-label={name}>
          {language === "stacktrace" ? <Trace lines={lines} /> : lines.join("\n")}
        </pre>
      )}
      {shown.length < text.length && (
        <button type="button" class="btn small" onClick={() => setWhole(true)}>
          {t("showMore", { n: text.length })}
        </button>
      )}
    </div>
  );
}

interface Part {
  lines: string[];
  folded: boolean;
}

/** The first frames under each headline stay, the rest of a run of `at …` folds. */
function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  let run = 0;
  for (const line of lines) {
    const frame = /^\s+(at |\.\.\. \d+ )/.test(line);
    run = frame ? run + 1 : 0;
    const folded = run > framesShown;
    const last = parts.at(-1);
    if (last && last.folded === folded) last.lines.push(line);
    else parts.push({ lines: [line], folded });
  }
  return parts.map((part) => (part.folded && part.lines.length < 3 ? { ...part, folded: false } : part));
}

function Trace({ lines }: { lines: readonly string[] }) {
  const parts = useMemo(() => partsOf(lines), [lines]);
  return (
    <>
      {parts.map((part, index) =>
        part.folded ? (
          <Folded key={index} lines={part.lines} />
        ) : (
          part.lines.map((line, number) => (
            <span key={`${index}.${number}`} class={/^\s/.test(line) || line === "" ? "frame" : "head"}>
              {line}
              {"\n"}
            </span>
          ))
        ),
      )}
    </>
  );
}

function Folded({ lines }: { lines: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="link fold-frames" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t("collapse") : t("folded", { n: lines.length })}
      </button>
      {"\n"}
      {open && <span class="frame">{`${lines.join("\n")}\n`}</span>}
    </>
  );
}

/** Lines of both in order: those in common once, the others marked as taken out or put in. */
function differences(before: readonly string[], now: readonly string[]): { sign: " " | "-" | "+"; line: string }[] {
  const a = before.slice(0, comparedLines);
  const b = now.slice(0, comparedLines);
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: { sign: " " | "-" | "+"; line: string }[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ sign: " ", line: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) {
      out.push({ sign: "-", line: a[i] ?? "" });
      i += 1;
    } else {
      out.push({ sign: "+", line: b[j] ?? "" });
      j += 1;
    }
  }
  return out;
}

function Compared({ now, before }: { now: readonly string[]; before: readonly string[] }) {
  const lines = useMemo(() => differences(before, now), [before, now]);
  if (lines.every((line) => line.sign === " ")) return <p class="muted">{t("compareSame")}</p>;
  return (
    <pre class="code" tabIndex={0}>
      {lines.map((line, index) => (
        <span key={index} class={line.sign === "-" ? "out" : line.sign === "+" ? "in" : undefined}>
          {line.sign} {line.line}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
