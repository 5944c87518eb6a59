// Small parts that everything else is made of.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Tone } from "./description";
import { t } from "./i18n";
import { Icon } from "./icons";
import { number } from "./format";
import { toast } from "./toasts";
import { cutTo, visible } from "./visible";

export function Pill({
  tone,
  icon,
  title,
  children,
}: {
  tone: Tone;
  icon?: string | undefined;
  title?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <span class={`pill ${tone}`} title={title}>
      {icon ? <Icon name={icon} /> : <i class="dot" />}
      {children}
    </span>
  );
}

export function copyText(text: string): void {
  void navigator.clipboard.writeText(text).then(
    () => toast("success", t("copied"), ""),
    () => toast("danger", t("copy"), t("error")),
  );
}

export function Copy({ text, name, tabIndex }: { text: string; name: string; tabIndex?: number | undefined }) {
  return (
    <button
      type="button"
      class="quiet copy"
      tabIndex={tabIndex}
      aria-label={t("copyOf", { name })}
      title={t("copyOf", { name })}
      onClick={(event) => {
        event.stopPropagation();
        copyText(text);
      }}
    >
      <Icon name="copy" />
    </button>
  );
}

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

export interface ButtonProps {
  label: string;
  press: (event: MouseEvent) => void;
  kind?: "plain" | "primary" | "danger" | "quiet";
  small?: boolean;
  icon?: string | undefined;
  busy?: boolean;
  /** Why not now; it stays where it is and says so. */
  reason?: string | undefined;
  describe?: string | undefined;
  tabIndex?: number | undefined;
  iconOnly?: boolean;
  pressed?: boolean;
  hint?: string | undefined;
}

/** Never `disabled`: it keeps the focus and can say why it does nothing. */
export function Button({
  label,
  press,
  kind = "plain",
  small,
  icon,
  busy,
  reason,
  describe,
  tabIndex,
  iconOnly,
  pressed,
  hint,
}: ButtonProps) {
  const off = busy === true || reason !== undefined;
  return (
    <button
      type="button"
      class={`btn ${kind}${small ? " small" : ""}${busy ? " busy" : ""}`}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      aria-label={iconOnly ? label : describe}
      title={reason ?? (iconOnly ? label : hint)}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        if (busy) return;
        if (reason !== undefined) toast("neutral", label, t("youCannot", { why: reason }));
        else press(event);
      }}
    >
      {icon && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}

export interface PopoverProps {
  label: ComponentChildren;
  name?: string | undefined;
  class?: string;
  tabIndex?: number | undefined;
  children: (close: () => void) => ComponentChildren;
}

/** A button and what it opens beside it; the browser closes it by Esc or a click elsewhere and gives the focus back. */
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

/** Words where data would be: nothing there, not allowed, failed, on its way. */
export function Note({
  title,
  text,
  tone,
  children,
}: {
  title: string;
  text?: string | undefined;
  tone?: Tone;
  children?: ComponentChildren;
}) {
  return (
    <div class={`note ${tone ?? ""}`}>
      <b>{title}</b>
      {text && <p>{text}</p>}
      {children}
    </div>
  );
}

/** Shown only when it takes long enough to be noticed. */
export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{t("loading")}</span>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}
