// Requests to the host about runs.
import "./start";
import { call, type Reply } from "./api";
import type { Run, RunRequest } from "./protocol";

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
