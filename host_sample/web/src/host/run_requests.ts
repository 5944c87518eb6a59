// Requests to the host about runs.
import { call, type Reply } from "./api";
import type { Run, RunRequest } from "./protocol";

/** Sent again with the same key while the host does not answer: the same key is the same run. */
export async function startRun(request: RunRequest): Promise<Reply<Run>> {
  let reply = await call("POST", "api/runs", request);
  let unanswered = false;
  for (let attempt = 0; attempt < 3 && !reply.ok && !reply.sent; attempt += 1) {
    unanswered = true;
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    reply = await call("POST", "api/runs", request);
  }
  // A host that does not take the session any more cannot say what became of the request before: it may be done.
  if (unanswered && !reply.ok && [401, 403].includes(reply.problem.status)) reply = { ...reply, sent: false };
  return reply as Reply<Run>;
}

export function cancelRun(id: string): Promise<Reply<unknown>> {
  return call("POST", `api/runs/${encodeURIComponent(id)}/cancel`, {});
}

export function dismissRun(id: string): Promise<Reply<unknown>> {
  return call("DELETE", `api/runs/${encodeURIComponent(id)}`);
}
