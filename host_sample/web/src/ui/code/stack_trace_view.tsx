// A piece of a stack trace: headlines that can be jumped to, frames, runs of frames that unfold.
import { useMemo, useState } from "preact/hooks";
import { visible } from "../../i18n/text_safety";
import { t } from "../../i18n/translate";
import { isCause, isHead, partsOf } from "./stack_trace";

export function Trace({ text, at }: { text: string; at: number }) {
  const parts = useMemo(() => partsOf(visible(text).replace(/\n$/, "").split("\n")), [text]);
  return (
    <span class="piece">
      {parts.map((part, index) =>
        part.folds !== undefined ? (
          <Folded key={index} lines={part.lines} from={part.folds} />
        ) : (
          part.lines.map((line, number) => (
            <Line key={part.from + number} line={line} isFirst={at === 0 && part.from + number === 0} />
          ))
        ),
      )}
    </span>
  );
}

function Line({ line, isFirst }: { line: string; isFirst: boolean }) {
  const marked = isFirst || isCause(line);
  return (
    <span
      class={isHead(line) ? "head" : "frame"}
      data-cause={marked ? "" : undefined}
      tabIndex={marked ? -1 : undefined}
    >
      {line}
      {"\n"}
    </span>
  );
}

function Folded({ lines, from }: { lines: readonly string[]; from: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="link fold-frames" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t("collapse") : t("folded", { n: lines.length, from })}
      </button>
      {"\n"}
      {open && <span class="frame">{`${lines.join("\n")}\n`}</span>}
    </>
  );
}
