// How old an answer is, and whether it counts as old.
import { hostNow, tick } from "../host/clock";
import type { Answer } from "../host/live";
import { connection } from "../host/stream";
import { age } from "../i18n/format";

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
