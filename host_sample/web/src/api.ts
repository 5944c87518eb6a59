// One request to the host and its answer, or a problem that a person can read. Never throws.
import { t } from "./i18n";
import { asProblem, type Problem, type Read, type Run, type RunRequest } from "./protocol";
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

/** Sent again with the same key while the host does not answer: the same key is the same run. */
export async function startRun(request: RunRequest): Promise<Reply<Run>> {
  let reply = await call("POST", "api/runs", request);
  for (let attempt = 0; attempt < 3 && !reply.ok && !reply.sent; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    reply = await call("POST", "api/runs", request);
  }
  return reply as Reply<Run>;
}

export function cancelRun(id: string): Promise<Reply<unknown>> {
  return call("POST", `api/runs/${encodeURIComponent(id)}/cancel`, {});
}

export function dismissRun(id: string): Promise<Reply<unknown>> {
  return call("DELETE", `api/runs/${encodeURIComponent(id)}`);
}
