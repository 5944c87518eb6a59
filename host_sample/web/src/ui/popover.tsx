// A button and what it opens beside it.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface PopoverProps {
  label: ComponentChildren;
  name?: string | undefined;
  class?: string;
  tabIndex?: number | undefined;
  children: (close: () => void) => ComponentChildren;
}

/** The browser closes it by Esc or a click elsewhere and gives the focus back. */
export function Popover({ label, name, class: kind = "btn", tabIndex, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  // Before the next key is read: who presses Enter and goes on at once is already in what has opened.
  useLayoutEffect(() => {
    const element = panel.current;
    if (!open || !element || !button.current) return undefined;
    const beside = button.current;
    const put = (): void => {
      const from = beside.getBoundingClientRect();
      const size = element.getBoundingClientRect();
      const left = Math.max(8, Math.min(from.left, innerWidth - size.width - 8));
      const below = from.bottom + 4;
      const top = below + size.height > innerHeight - 8 ? Math.max(8, from.top - size.height - 4) : below;
      element.style.left = `${left}px`;
      element.style.top = `${top}px`;
    };
    const enter = (): void => {
      const first = element.querySelector<HTMLElement>("a,input,select,button");
      if (!first) return;
      filled.disconnect();
      if (document.activeElement === beside || document.activeElement === document.body) first.focus();
    };
    // What it holds may still be on its way, the first time.
    const filled = new MutationObserver(enter);
    filled.observe(element, { childList: true, subtree: true });
    put();
    enter();
    const resized = new ResizeObserver(put);
    resized.observe(element);
    return () => {
      filled.disconnect();
      resized.disconnect();
    };
  }, [open]);
  return (
    <>
      <button
        type="button"
        ref={button}
        class={kind}
        aria-label={name}
        title={name}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        tabIndex={tabIndex}
        onClick={(event) => {
          event.stopPropagation();
          panel.current?.togglePopover();
        }}
      >
        {label}
      </button>
      <div
        ref={panel}
        id={id}
        class="popover"
        popover="auto"
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
        onBeforeToggle={(event) => event.newState === "open" && setOpen(true)}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
