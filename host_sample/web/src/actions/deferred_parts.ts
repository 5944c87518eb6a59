// Of actions: the dialog that asks before one, what runs them, and the list of what ran.
import { slot } from "../host/deferred";
import { lazy } from "../ui/lazy";
import type { Target } from "./target";
import type { Fields } from "../host/protocol";

export const ActionDialog = lazy();
export const RunsPanel = lazy();

export interface Runner {
  /** Opens the dialog for it. */
  askFirst: (action: string, target: Target, preview: boolean) => void;
  submit: (action: string, target: Target, params: Fields) => void;
  onRun: (run: unknown) => void;
  onDismissed: (run: string) => void;
}

export const runner = slot<Runner>();
