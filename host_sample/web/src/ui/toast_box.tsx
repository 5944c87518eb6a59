// A sentence about an outcome. One that failed stays; the others go after a while, not while the pointer or the focus is
// on them.
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/translate";
import { IconButton } from "./icon_button";
import { dropToast, type Toast } from "./toasts";

const shownFor = 8000;

export function ToastBox({ entry }: { entry: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = (): void => {
    clearTimeout(timer.current);
    if (!entry.sticky) timer.current = setTimeout(() => dropToast(entry.id), shownFor);
  };
  const hold = (): void => clearTimeout(timer.current);
  useEffect(() => {
    start();
    return hold;
  }, []);
  return (
    <div class={`toast ${entry.tone}`} onPointerEnter={hold} onPointerLeave={start} onFocusIn={hold} onFocusOut={start}>
      <p>
        <b>{entry.title}</b> {entry.text}
      </p>
      {entry.button && (
        <button
          type="button"
          class="btn small"
          onClick={() => {
            entry.button?.press();
            dropToast(entry.id);
          }}
        >
          {entry.button.label}
        </button>
      )}
      <IconButton icon="close" name={t("dismiss")} press={() => dropToast(entry.id)} />
    </div>
  );
}
