// A long text: stack trace, JSON, XML. Frames of a trace are folded and its causes outlined, two texts are compared, the
// whole can be copied and taken along. However long it is, only so much of it is drawn.
import { useMemo, useRef, useState } from "preact/hooks";
import { cutTo, visible } from "../../i18n/text_safety";
import { t } from "../../i18n/translate";
import { copyText } from "../buttons";
import { Icon } from "../icons";
import { saveText } from "../save_file";
import { aside, Compared } from "./compared_texts";
import { causesOf } from "./stack_trace";
import { Trace } from "./stack_trace_view";

/** Drawn at first, and with each wish for more. */
const slice = 100_000;
/** Drawn at most; who wants more reads the download. */
const drawnAtMost = 500_000;
/** Put aside to compare at most: what is compared of it. */
const asideAtMost = 1_000_000;

export interface CodeProps {
  text: string;
  /** How long it was before somebody cut it. */
  total?: number | undefined;
  before?: string | undefined;
  language: "json" | "xml" | "stacktrace" | undefined;
  name: string;
}

/** The text in pieces that end with a line, as many as are shown: each is drawn once. */
function pieces(text: string, shown: number): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < text.length && at < shown) {
    let end = text.length;
    if (end - at > slice) {
      end = text.lastIndexOf("\n", at + slice - 1) + 1;
      if (end <= at) end = at + cutTo(text.slice(at, at + slice + 1), slice).length;
    }
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

function download(text: string, name: string, language: CodeProps["language"]): void {
  saveText(text, name, language === "json" || language === "xml" ? language : "txt");
}

export function Code({ text, total, before, language, name }: CodeProps) {
  const [shown, setShown] = useState(slice);
  const [compares, setCompares] = useState<"before" | "aside" | null>(null);
  const box = useRef<HTMLPreElement>(null);
  const parts = useMemo(() => pieces(text, shown), [text, shown]);
  const drawn = parts.reduce((sum, part) => sum + part.length, 0);
  const kept = aside.value;
  const other =
    compares === "before" && before
      ? { name: t("compareOld"), text: before }
      : compares === "aside" && kept
        ? kept
        : undefined;
  const toggle = (which: "before" | "aside"): void => setCompares(compares === which ? null : which);
  return (
    <div class="code-box">
      <div class="code-tools">
        {before && (
          <button
            type="button"
            class="btn small quiet"
            aria-pressed={other !== undefined && compares === "before"}
            onClick={() => toggle("before")}
          >
            {t("compareOld")} / {t("compareNew")}
          </button>
        )}
        {language === "stacktrace" && kept && kept.name !== name && (
          <button
            type="button"
            class="btn small quiet"
            aria-pressed={other !== undefined && compares === "aside"}
            title={kept.name}
            onClick={() => toggle("aside")}
          >
            {t("compareWith")}
          </button>
        )}
        {language === "stacktrace" && (
          <button
            type="button"
            class="btn small quiet"
            aria-pressed={kept?.name === name}
            title={t("compareKeepText")}
            onClick={() => (aside.value = kept?.name === name ? null : { name, text: text.slice(0, asideAtMost + 1) })}
          >
            {t("compareKeep")}
          </button>
        )}
        <button type="button" class="btn small quiet" onClick={() => copyText(text)}>
          <Icon name="copy" /> {t("copy")}
        </button>
        <button type="button" class="btn small quiet" onClick={() => download(text, name, language)}>
          <Icon name="download" /> {t("download")}
        </button>
      </div>
      {other ? (
        <Compared before={other} now={{ name: compares === "before" ? t("compareNew") : name, text }} />
      ) : (
        <>
          {language === "stacktrace" && <Causes text={text} drawn={drawn} box={box} />}
          <pre class="code" tabIndex={0} aria-label={name} ref={box}>
            {parts.map((part, index) =>
              language === "stacktrace" ? (
                <Trace key={index} text={part} at={index} />
              ) : (
                <Plain key={index} text={part} />
              ),
            )}
          </pre>
          {total !== undefined && total > text.length && (
            <p class="muted">{t("cutBefore", { n: text.length, of: total })}</p>
          )}
          {drawn < text.length && (
            <p class="muted">
              {t("shownOf", { n: drawn, of: text.length })}{" "}
              {drawn < drawnAtMost ? (
                <button type="button" class="btn small" onClick={() => setShown(drawn + slice)}>
                  {t("showNext")}
                </button>
              ) : (
                t("restDownload")
              )}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Plain({ text }: { text: string }) {
  const shownText = useMemo(() => visible(text), [text]);
  return <span class="piece">{shownText}</span>;
}

/** What led to what, to jump to; the last "Caused by" is where it began. */
function Causes({ text, drawn, box }: { text: string; drawn: number; box: { readonly current: HTMLElement | null } }) {
  const { causes, count } = useMemo(() => causesOf(text), [text]);
  if (count < 2) return null;
  const root = causes.findLastIndex(({ text: line }) => line.startsWith("Caused by"));
  const jump = (index: number): void => {
    const line = box.current?.querySelectorAll<HTMLElement>("[data-cause]")[index];
    line?.scrollIntoView({ block: "center" });
    line?.focus({ preventScroll: true });
  };
  return (
    <nav class="causes" aria-label={t("causes")}>
      <b>{t("causes")}</b>
      <ol>
        {causes.map((cause, index) => (
          <li key={cause.at} class={index === root ? "root" : undefined}>
            {cause.at < drawn ? (
              <button type="button" class="link" onClick={() => jump(index)}>
                <bdi>{visible(cause.text)}</bdi>
              </button>
            ) : (
              <bdi>{visible(cause.text)}</bdi>
            )}
          </li>
        ))}
      </ol>
      {count > causes.length && <p class="muted">{t("causesMore", { n: count - causes.length })}</p>}
    </nav>
  );
}
