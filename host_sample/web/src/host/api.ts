// One request to the host and its answer, or a problem that a person can read. Never throws.
import { t } from "../i18n/translate";
import { asProblem, type Problem, type Read } from "./protocol";
import { headers, sessionRefused } from "./session";

export type Reply<T> = { ok: true; body: T } | { ok: false; problem: Problem; sent: boolean };

const answerWithin = 35_000;

export async function call(method: string, path: string, body?: unknown): Promise<Reply<unknown>> {
  for (;;) {
    const used = headers();
    try {
      const response = await fetch(path, {
        method,
        headers: body === undefined ? used : { ...used, "Content-Type": "application/json" },
        signal: AbortSignal.timeout(answerWithin),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      let answer: unknown = null;
      try {
        answer = text === "" ? null : JSON.parse(text);
      } catch {
        answer = null;
      }
      if (response.ok) return { ok: true, body: answer };
      const problem = asProblem(answer, response.status, `${response.status} ${response.statusText}`);
      if (response.status === 401 && sessionRefused(used.Authorization, problem.detail)) continue;
      return { ok: false, problem, sent: true };
    } catch {
      return { ok: false, problem: { title: "", status: 0, detail: t("hostGone") }, sent: false };
    }
  }
}

export function read(request: Read): Promise<Reply<unknown>> {
  return call("POST", "api/read", request);
}

export function watchAll(stream: string, watch: unknown[]): Promise<Reply<unknown>> {
  return call("POST", `api/stream/${encodeURIComponent(stream)}`, { watch });
}
