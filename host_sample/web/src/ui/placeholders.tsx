// What stands where data would, each in its own words: on its way, failed, not allowed, gone; and above data: how old it
// is, what the person should know of it.
import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../host/live";
import type { Plugin } from "../host/plugin_registry";
import { figure, record, type Read } from "../host/protocol";
import { asText } from "../host/value_text";
import { t } from "../i18n/translate";
import { FailedEngines, Problem } from "./deferred_parts";
import { Loading } from "./notes";

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
          {asText(warning, plugin.textIn)}
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
