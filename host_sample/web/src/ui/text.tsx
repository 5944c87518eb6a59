// A text from elsewhere.
import { useState } from "preact/hooks";
import { number } from "../i18n/format";
import { cutTo, visible } from "../i18n/text_safety";
import { t } from "../i18n/translate";

const shownFirst = 2000;

export interface TextProps {
  text: string;
  limit?: number;
  total?: number | undefined;
  /** Inside something that is pressed itself: without a button of its own. */
  bare?: boolean | undefined;
}

/** A text from elsewhere: as it is, its signs visible, its direction its own, and never so long that the page suffers. */
export function Text({ text, limit = shownFirst, total, bare }: TextProps) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > limit;
  // One that has no place to break would push its neighbours away; one that is short need not break.
  const kind = /\S{28}/.test(text.slice(0, limit)) ? "breaks" : text.length <= 24 ? "short" : undefined;
  return (
    <bdi class={kind}>
      {visible(cut ? cutTo(text, limit) : text)}
      {cut && (
        <>
          {"… "}
          {!bare && (
            <button
              type="button"
              class="link"
              onClick={(event) => {
                event.stopPropagation();
                setWhole(true);
              }}
            >
              {t("showMore", { n: text.length })}
            </button>
          )}
        </>
      )}
      {!cut && total !== undefined && total > text.length && (
        <small class="muted"> … {t("cut", { n: number(total) })}</small>
      )}
    </bdi>
  );
}
