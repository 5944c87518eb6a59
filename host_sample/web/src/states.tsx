// What stands where data would, each in its own words: on its way, failed, not allowed, gone; and above data: how old it
// is, what the person should know of it.
import { useEffect, useState } from "preact/hooks";
import { hostNow, tick } from "./clock";
import { age, asText } from "./format";
import { later } from "./later";
import type { Answer } from "./live";
import type { FailedProps, ProblemProps } from "./problem";
import type { Plugin } from "./plugins";
import { t } from "./i18n";
import { figure, record, type Read } from "./protocol";
import { connection } from "./stream";
import { Loading } from "./ui";

const Problem = later<ProblemProps>(() => import("./parts").then((part) => part.Problem));
const FailedEngines = later<FailedProps>(() => import("./parts").then((part) => part.FailedEngines));

/** A moment of silence before a wait is shown, so that what comes at once does not flicker. */
function useLate(waits: boolean, after = 80): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waits) {
      setLate(false);
      return undefined;
    }
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [waits]);
  return waits && late;
}

/** Old because the last read failed, or because nothing comes any more. */
export function isOld(answer: Answer): boolean {
  const { state, since } = connection.value;
  if (answer.body === undefined) return false;
  if (answer.problem !== null) return true;
  return state === "lost" || (state === "connecting" && performance.now() - since > 1500);
}

export function ageOf(answer: Answer): string {
  void tick.value;
  return answer.asOf === undefined ? "" : age(hostNow() - answer.asOf);
}

/** Above a list or section: why it is not up to date, which engine failed, what the plugin warns of. */
export function Above({ answer, read, plugin }: { answer: Answer; read: Read | null; plugin: Plugin }) {
  const body = record(answer.body);
  const warnings = Array.isArray(body.warnings) ? body.warnings : [];
  const failed = Object.values(record(body.engines)).some((state) => record(state).error);
  const scanned = figure(body.scanned) ?? 0;
  const of = figure(body.of) ?? 0;
  return (
    <>
      {scanned < of && <p class="warning-text">{t("incomplete", { n: scanned, of })}</p>}
      {answer.problem && answer.body !== undefined && read && <Problem answer={answer} read={read} compact />}
      {failed && read && <FailedEngines answer={answer} read={read} plugin={plugin} />}
      {warnings.map((warning, index) => (
        <p key={index} class="warning-text">
          {asText(warning, plugin.sayIn)}
        </p>
      ))}
    </>
  );
}

/** In place of data that is not there (yet). Null once there is some. */
export function Instead({ answer, read, rows = 3 }: { answer: Answer; read: Read | null; rows?: number }) {
  const waits = answer.body === undefined && answer.problem === null;
  const late = useLate(waits);
  if (answer.body !== undefined) return null;
  if (answer.problem && read) return <Problem answer={answer} read={read} compact={false} />;
  return late ? <Loading rows={rows} /> : <div class="hold" />;
}
