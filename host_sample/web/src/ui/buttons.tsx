// A button that can say why it does nothing now, and the one that copies a text.
import { t } from "../i18n/translate";
import { Icon } from "./icons";
import { toast } from "./toasts";

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
