// The walk of an operator through the page by mouse, each step seen in the engine by its own REST API.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import {
  asOftenAsTheEngineAsks,
  atWork,
  details,
  dialog,
  failedJobs,
  inProgress,
  openBatch,
  row,
  told,
} from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("by mouse", async () => {
  const { engine, batches, open } = await setStage();
  const { failed, running } = batches;
  const page = await open();
  const jobs = await engine.failedJobs(failed);

  test("the list says who needs help", async () => {
    const mine = row(page, failed.id);
    await mine.getByText("blocked").waitFor();
    await mine.getByText("82%").waitFor();
    assert.match(await mine.innerText(), /\b7\b/);
    await page
      .getByRole("navigation")
      .getByText(/^[1-9]/)
      .first()
      .waitFor();
  });

  test("the failed batch opens and says what it waits for", async () => {
    await openBatch(page, failed.id);
    await details(page).getByText("Needs attention.").waitFor();
    assert.match(await details(page).innerText(), /33 of 40 jobs completed; the other 7 failed/);
    assert.ok(page.url().includes(failed.id));
    await failedJobs(page).getByText("1–7 of 7").waitFor();
  });

  test("every field of the statistics is there", async () => {
    const said = await details(page).innerText();
    const definitions = [failed.seedJobDefinitionId, failed.monitorJobDefinitionId, failed.batchJobDefinitionId];
    for (const id of [failed.id, ...definitions]) assert.ok(said.includes(id), id);
    for (const label of [
      "Done",
      "Failed",
      "Remaining",
      "Type",
      "Started by",
      "Jobs created",
      "Suspended",
      "Invocations per job",
      "Jobs per seed run",
      "Tenant",
    ])
      assert.ok(said.includes(label), label);
    // Before 7.18 engines do not tell when a running batch started.
    for (const label of ["Running for", "Execution started"])
      assert.equal(said.includes(label), failed.startTime !== undefined, label);
  });

  test("a stack trace is there in full", async () => {
    const [job] = jobs;
    await row(page, job.id).getByRole("link", { name: "Full stack trace" }).click();
    await details(page)
      .getByRole("heading", { name: `Job ${job.id}` })
      .waitFor();
    const code = details(page).locator("pre.code");
    await code.getByText("Caused by").first().waitFor();
    while ((await code.getByRole("button", { expanded: false }).count()) > 0)
      await code.getByRole("button", { expanded: false }).first().click();
    const shown = await code.innerText();
    const whole = await engine.stackTrace(job.id);
    assert.ok(whole.split("\n").length > 30);
    for (const line of whole.split(/\r?\n/)) assert.ok(shown.includes(line.trim()), line);
    await details(page)
      .getByRole("link", { name: /Back to/ })
      .click();
    await failedJobs(page).getByText("1–7 of 7").waitFor();
  });

  test("one job is retried, and what came of it is told", async () => {
    const [job] = jobs;
    const before = await engine.failures(job.id);
    await row(page, job.id).getByRole("button", { name: "Retry" }).click();
    const ran = await until("the engine ran the job", async () => {
      const now = await engine.job(job.id);
      if (!now) return "The job ran.";
      return now.retries === 0 && (await engine.failures(job.id)) > before
        ? "The job was retried and failed again."
        : "";
    });
    await told(page, ran);
  });

  test("one job is deleted after a question that names it", async () => {
    const left = await engine.failedJobs(failed);
    const job = left.at(-1);
    await row(page, job.id).getByRole("button", { name: "Delete" }).click();
    assert.match(await dialog(page).innerText(), new RegExp(job.id));
    await dialog(page).getByRole("button", { name: "Delete", exact: true }).click();
    await until("the job is gone", async () => !(await engine.job(job.id)));
    await told(page, "The job was deleted");
    await page.mouse.move(1, 1);
    await row(page, job.id).waitFor({ state: "detached" });
  });

  test("all that are left are retried", async () => {
    const left = await engine.failedJobs(failed);
    assert.ok(left.length >= 4);
    const before = new Map(await Promise.all(left.map(async ({ id }) => [id, await engine.failures(id)])));
    await details(page)
      .getByRole("button", { name: `Retry all ${left.length}` })
      .click();
    await told(page, "All failed jobs were given one more retry");
    await until("each was tried once more", async () => {
      for (const { id } of left)
        if ((await engine.job(id)) && (await engine.failures(id)) <= before.get(id)) return false;
      return true;
    });
    const still = await until("all are at rest", async () => {
      const now = await engine.batch(failed.id);
      return now.failedJobs === now.remainingJobs ? now : undefined;
    });
    await details(page)
      .getByRole("button", { name: `Retry all ${still.failedJobs}` })
      .waitFor();
  });

  test("the running batch is suspended and resumed", async () => {
    await openBatch(page, running.id);
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("it is suspended", async () => (await engine.batch(running.id)).suspended);
    assert.equal(await engine.definitionSuspended(running.batchJobDefinitionId), true, "and with it its jobs");
    await told(page, "Suspended.");
    await row(page, running.id).getByText("suspended").waitFor();
    await details(page).getByRole("button", { name: "Resume" }).click();
    await until("it is resumed", async () => !(await engine.batch(running.id)).suspended);
    assert.equal(await engine.definitionSuspended(running.batchJobDefinitionId), false);
    await told(page, "Resumed.");
    await row(page, running.id).getByText(atWork).waitFor();
  });

  test("it is deleted after a question that names it", async () => {
    await asOftenAsTheEngineAsks(page, engine, running, async () => {
      await details(page).getByRole("button", { name: "Delete…", exact: true }).click();
      const asked = await dialog(page).innerText();
      assert.ok(asked.includes(running.id) && asked.includes(running.type), asked);
      assert.match(asked, /Unfinished jobs \([\d,]+\) are lost/);
      await dialog(page).getByRole("button", { name: "Delete", exact: true }).click();
    });
    assert.ok((await engine.get(`/history/batch/${running.id}`)).endTime, "its record is kept, and has an end");
    await told(page, `${running.type} ${running.id} was deleted; its record stays in the history.`);
    await details(page).getByText("This batch was deleted before it finished.").waitFor();
    await page.mouse.move(1, 1);
    await inProgress(page).locator(`tr[data-id="${running.id}"]`).waitFor({ state: "detached" });
  });

  test("a completed batch's record is deleted", async () => {
    const [record] = await engine.completed(1);
    const link = row(page, record.id).getByRole("link").first();
    await link.click();
    await details(page).getByText("Every job ran").or(details(page).getByText("before it finished")).waitFor();
    await details(page).getByRole("button", { name: "Delete…", exact: true }).click();
    assert.ok((await dialog(page).innerText()).includes(record.id));
    await dialog(page).getByRole("button", { name: "Delete", exact: true }).click();
    await until(
      "the record is gone",
      async () => (await engine.send("GET", `/history/batch/${record.id}`)).status !== 200,
    );
    await told(page, `${record.type} ${record.id} no longer exists.`);
  });
});
