// A small button that shows an icon only; its name is read out, and shown to who points at it.
import { Icon } from "./icons";

export interface IconButtonProps {
  icon: string;
  name: string;
  class?: string;
  press: () => void;
}

export function IconButton({ icon, name, class: kind = "quiet", press }: IconButtonProps) {
  return (
    <button type="button" class={kind} aria-label={name} title={name} onClick={press}>
      <Icon name={icon} />
    </button>
  );
}
