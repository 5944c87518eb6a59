// Which actions are offered where, and the buttons for them. What is allowed the answer's `_actions` alone decide.
import { filled } from "../host/deferred";
import type { Action, On } from "../host/description";
import { host, type Plugin } from "../host/plugin_registry";
import type { Fields } from "../host/protocol";
import { asText } from "../host/value_text";
import { t } from "../i18n/translate";
import { Button } from "../ui/buttons";
import { Icon } from "../ui/icons";
import { Popover } from "../ui/popover";
import { toast } from "../ui/toasts";
import { runner } from "./deferred_parts";
import { actionLabel, isBusy, type Target } from "./target";

export interface Offer {
  id: string;
  action: Action;
  /** Why it is offered but not now. */
  reason: string | undefined;
}

/** In the order the description gives. `allowed` is an `_actions`: true, a reason, or absent for not offered. */
export function offers(plugin: Plugin, place: On, order: readonly string[] | undefined, allowed: Fields): Offer[] {
  const ids = order ?? Object.keys(plugin.description.actions ?? {});
  return ids.flatMap((id) => {
    const action = plugin.action(id);
    const answer = Object.hasOwn(allowed, id) ? allowed[id] : undefined;
    if (!action?.on.includes(place) || answer === undefined || answer === null || answer === false) return [];
    const reason = host.value?.readOnly ? t("readOnly") : answer === true ? undefined : asText(answer, plugin.textIn);
    return [{ id, action, reason }];
  });
}

function needsQuestion(action: Action): boolean {
  const level = action.confirm?.level ?? "none";
  return level !== "none" || action.dryRun === true || Object.keys(action.params?.properties ?? {}).length > 0;
}

/** Asks what has to be asked, then runs it. */
export function begin(id: string, target: Target, preview = false): void {
  const action = target.plugin.action(id);
  if (!action || isBusy(id, target)) return;
  const previews = preview && action.dryRun === "offered";
  const asksFirst = needsQuestion(action) || previews;
  filled(runner).then(
    ({ askFirst, submit }) => (asksFirst ? askFirst(id, target, previews) : submit(id, target, {})),
    () => toast("danger", actionLabel(target.plugin, action, id, target), t("partMissing")),
  );
}

export interface ActionButtonProps {
  offer: Offer;
  target: Target;
  small?: boolean;
  primary?: boolean;
  tabIndex?: number | undefined;
  after?: () => void;
}

export function ActionButton({ offer, target, small = false, primary, tabIndex, after }: ActionButtonProps) {
  const { action, id, reason } = offer;
  const label = actionLabel(target.plugin, action, id, target);
  const danger = action.tone === "danger";
  return (
    <Button
      label={needsQuestion(action) ? `${label.replace(/…$/, "")}…` : label}
      describe={target.rows.length === 1 && small ? `${label}: ${target.label}` : undefined}
      icon={action.icon}
      kind={danger ? "danger" : primary ? "primary" : "plain"}
      small={small}
      busy={isBusy(id, target)}
      reason={reason}
      tabIndex={tabIndex}
      hint={action.dryRun === "offered" && !needsQuestion(action) ? t("previewHint") : undefined}
      press={(event) => {
        after?.();
        begin(id, target, event.shiftKey);
      }}
    />
  );
}

/** A few as buttons, the rest behind one. */
export function ActionBar({
  all,
  target,
  inline,
  tabIndex,
}: {
  all: Offer[];
  target: Target;
  inline: number;
  tabIndex?: number;
}) {
  const direct = all.length <= inline ? all : all.slice(0, Math.max(0, inline - 1));
  const rest = all.slice(direct.length);
  return (
    <span class="actions">
      {direct.map((offer) => (
        <ActionButton key={offer.id} offer={offer} target={target} small tabIndex={tabIndex} />
      ))}
      {rest.length > 0 && (
        <Popover
          label={<Icon name="more" />}
          name={`${t("menu")}: ${target.label}`}
          class="btn small quiet"
          tabIndex={tabIndex}
        >
          {(close) => (
            <div class="menu">
              {rest.map((offer) => (
                <ActionButton key={offer.id} offer={offer} target={target} after={close} />
              ))}
            </div>
          )}
        </Popover>
      )}
    </span>
  );
}
