// What the engine itself says, by its own REST API: the specs believe nothing that they see on the page alone.
import { setTimeout as pause } from "node:timers/promises";

/** Asks again until the answer is true; what it was then. */
export async function until(what, condition, patience = 60_000) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`did not come about: ${what}`);
    await pause(50);
  }
}

export class Engine {
  constructor(url, user) {
    this.url = url;
    this.headers = user ? { Authorization: `Basic ${Buffer.from(user).toString("base64")}` } : {};
  }

  async send(method, path, body) {
    const headers = { ...this.headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(this.url + path, init);
    const text = await answer.text();
    return { status: answer.status, text, json: () => JSON.parse(text) };
  }

  async get(path) {
    const answer = await this.send("GET", path);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json();
  }

  /** The newest first, where the engine knows which are: since 7.18. */
  async running() {
    const answer = await this.send("GET", "/batch/statistics?maxResults=200&sortBy=startTime&sortOrder=desc");
    return answer.status === 400 ? this.get("/batch/statistics?maxResults=200") : answer.json();
  }

  /** The statistics of a batch in progress, or undefined. */
  async batch(id) {
    return (await this.running()).find((batch) => batch.id === id);
  }

  completed(count = 20) {
    return this.get(`/history/batch?completed=true&sortBy=endTime&sortOrder=desc&maxResults=${count}`);
  }

  async completedCount() {
    return (await this.get("/history/batch/count?completed=true")).count;
  }

  async job(id) {
    const answer = await this.send("GET", `/job/${id}`);
    return answer.status === 200 ? answer.json() : undefined;
  }

  jobsOf(definition) {
    return this.get(`/job?jobDefinitionId=${definition}&maxResults=5000`);
  }

  /** The record of a batch in the history, or undefined. */
  async record(id) {
    const answer = await this.send("GET", `/history/batch/${id}`);
    return answer.status === 200 ? answer.json() : undefined;
  }

  async definitionSuspended(id) {
    return (await this.get(`/job-definition/${id}`)).suspended;
  }

  async failedJobs(batch) {
    const filter = { jobDefinitionId: batch.batchJobDefinitionId, noRetriesLeft: true };
    return (await this.send("POST", "/job?maxResults=500", filter)).json();
  }

  async stackTrace(job) {
    return (await this.send("GET", `/job/${job}/stacktrace`)).text;
  }

  /** How often the job has failed so far. */
  async failures(job) {
    return (await this.get(`/history/job-log/count?jobId=${job}&failureLog=true`)).count;
  }
}

/** The batches the specs work with. On the demo engine they are known by what they are; on a real one the seed names them. */
export async function roles(engine, seeded) {
  const running = await engine.running();
  const byId = (id) => running.find((batch) => batch.id === id);
  if (seeded) {
    const found = Object.keys(seeded).map((kind) => [kind, byId(seeded[kind]) ?? { id: seeded[kind] }]);
    return Object.fromEntries(found);
  }
  const one = (what, test) => {
    const found = running.find(test);
    if (!found) throw new Error(`the demo engine has no ${what} batch`);
    return found;
  };
  const blocked = (type) => (batch) =>
    batch.type === type && batch.failedJobs > 0 && batch.failedJobs === batch.remainingJobs;
  return {
    failed: one("blocked", blocked("instance-deletion")),
    causes: running.find(blocked("historic-instance-deletion")),
    tenant: one("tenant's", (batch) => batch.tenantId !== null),
    suspended: one("suspended", (batch) => batch.suspended),
    running: one("running", (batch) => batch.type === "instance-modification"),
    stuck: one("stuck", (batch) => batch.type === "process-set-removal-time"),
    completed: (await engine.completed(1))[0],
  };
}
