// A state as a pill; words where data would be; what stands there until it comes.
import type { ComponentChildren } from "preact";
import type { Tone } from "../host/description";
import { t } from "../i18n/translate";
import { Icon } from "./icons";

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
