// Batches in a wanted state, made by the engine's REST API alone, so that every engine has them: work on ids that nobody
// has fails where the engine looks for them, and a date far ahead holds a job for as long as a spec looks at it.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "./engine.mjs";

export const farAhead = "2030-01-31T14:31:05.000+0000";

const someIds = (count) => Array.from({ length: count }, () => randomUUID());

export class Batches {
  #engine;
  #made = [];

  constructor(engine) {
    this.#engine = engine;
  }

  async #create(path, body) {
    const answer = await this.#engine.send("POST", path, body);
    if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    const batch = answer.json();
    this.#made.push(batch.id);
    return batch;
  }

  async #put(path, body) {
    const answer = await this.#engine.send("PUT", path, body);
    if (answer.status !== 204) throw new Error(`PUT ${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }

  suspend(id, suspended = true) {
    return this.#put(`/batch/${id}/suspended`, { suspended });
  }

  setRetries(job, retries, dueDate = null) {
    return this.#put(`/job/${job}/retries`, { retries, dueDate });
  }

  /** Its jobs will fail. */
  beginFailing(count) {
    return this.#create("/external-task/retries-async", { externalTaskIds: someIds(count), retries: 1 });
  }

  /** All its jobs have failed and have no retries left: blocked. */
  async failed(count) {
    const { id } = await this.beginFailing(count);
    return until(`${count} jobs of ${id} failed`, async () => {
      const batch = await this.#engine.batch(id);
      return batch.failedJobs === count && batch;
    });
  }

  /** Some of its jobs have failed, as many others have a retry that waits for a date: failing. */
  async failing(count) {
    const batch = await this.failed(2 * count);
    for (const { id } of (await this.#engine.failedJobs(batch)).slice(count)) await this.setRetries(id, 1, farAhead);
    return this.#engine.batch(batch.id);
  }

  /** It ends by itself, perhaps at once: nothing has to be found for the jobs to work. As it was when it was created. */
  ending(count) {
    return this.#create("/process-instance/delete", { processInstanceIds: someIds(count) });
  }

  /** Suspended before all its jobs were created, with its seed job. */
  async #halfSeeded() {
    const batch = await this.ending(3000);
    await this.suspend(batch.id);
    // A run of the seed job that had begun comes to its end, and is taken back.
    await pause(1000);
    const [seed] = await this.#engine.jobsOf(batch.seedJobDefinitionId);
    if (!seed) throw new Error("the seed job was done before the batch was suspended");
    return { batch, seed };
  }

  /** Its seed job waits for a date. */
  async seeding() {
    const { batch, seed } = await this.#halfSeeded();
    await this.setRetries(seed.id, 3, farAhead);
    await this.suspend(batch.id, false);
    return this.#engine.batch(batch.id);
  }

  async withoutSeedRetries() {
    const { batch, seed } = await this.#halfSeeded();
    await this.setRetries(seed.id, 0);
    await this.suspend(batch.id, false);
    return this.#engine.batch(batch.id);
  }

  async withoutSeedJob() {
    const { batch, seed } = await this.#halfSeeded();
    await this.#engine.send("DELETE", `/job/${seed.id}`);
    await this.suspend(batch.id, false);
    return this.#engine.batch(batch.id);
  }

  /** All its jobs are gone, and to its monitor job something was done while there were any. */
  async #afterMonitor(change, isChanged) {
    const batch = await this.failed(2);
    await until("the monitor job waits, changed", async () => {
      const [monitor] = await this.#engine.jobsOf(batch.monitorJobDefinitionId);
      if (!monitor?.dueDate) return false;
      await change(monitor.id);
      return isChanged(await this.#engine.job(monitor.id));
    });
    for (const { id } of await this.#engine.failedJobs(batch)) await this.#engine.send("DELETE", `/job/${id}`);
    return this.#engine.batch(batch.id);
  }

  /** Its monitor job waits for a date. */
  finishing() {
    return this.#afterMonitor(
      (job) => this.#engine.send("PUT", `/job/${job}/retries`, { retries: 3, dueDate: farAhead }),
      (job) => job?.dueDate?.startsWith(farAhead.slice(0, 4)),
    );
  }

  withoutMonitorRetries() {
    return this.#afterMonitor(
      (job) => this.#engine.send("PUT", `/job/${job}/retries`, { retries: 0 }),
      (job) => job?.retries === 0,
    );
  }

  withoutMonitorJob() {
    return this.#afterMonitor(
      (job) => this.#engine.send("DELETE", `/job/${job}`),
      (job) => job === undefined,
    );
  }

  /** What is still there would keep the engine's threads and the lists from the next file. */
  async clear() {
    for (const id of this.#made) await this.#engine.send("DELETE", `/batch/${id}?cascade=true`);
  }
}
