// What is fetched to run actions: see acting.ts.
import "./start";
import "./more";

export { askFirst } from "./dialog";
export { submit, takeDismissed, takeRun } from "./runs";
