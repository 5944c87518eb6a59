// Of what everything is made of: the parts that a first list seldom has.
import type { HiddenProps, RareProps } from "./cells/rare_cells";
import type { LinkedProps } from "./cells/links";
import { lazy } from "./lazy";
import type { FailedProps, ProblemProps } from "./problem";
import type { Toast } from "./toasts";

export const FailedEngines = lazy<FailedProps>();
export const Hidden = lazy<HiddenProps>();
export const Linked = lazy<LinkedProps>();
export const Problem = lazy<ProblemProps>();
export const Rare = lazy<RareProps>();
export const ToastBox = lazy<{ entry: Toast }>();
