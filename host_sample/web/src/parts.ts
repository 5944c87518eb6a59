// All that the first list does not need, in one file: fetched with the first move, key or action; see later.tsx.
import "./start";
import "./more";
import "./escape";
import "./rareicons";

export { About } from "./about";
export { Details } from "./details";
export { ActionDialog, askFirst } from "./dialog";
export { HeldBack, NoView, Refused } from "./elsewhere";
export { Chip } from "./filterchip";
export { FilterEditor } from "./filteredit";
export { FilterMenu, FilterSearch } from "./filtermore";
export { GoTo, Help } from "./help";
export { Linked } from "./links";
export { Bulk, ExportMenu, Nothing } from "./listmore";
export { FailedEngines, Problem } from "./problem";
export { poll } from "./poll";
export { Hidden, Rare } from "./rarecells";
export { SavedMenu } from "./savedmenu";
export { submit, takeDismissed, takeRun } from "./runs";
export { RunsPanel } from "./runspanel";
export { ToastBox } from "./toastbox";
export { tellOf } from "./telling";
