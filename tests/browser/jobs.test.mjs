// The failed jobs of a batch, one by one: all that the engine knows of each, in the order that is asked for, also those
// that never ran, that hold the whole batch up, or that are gone or held when somebody acts on them.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, dialog, failedJobs, hashOf, loaded, row, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("failed jobs", async () => {
  const { engine, proxy, batches, made, open } = await setStage({ kinds: ["suspended"] });
  afterEach(() => proxy.well());
  const batch = await made.failed(24);
  const ids = (page) =>
    failedJobs(page)
      .locator("tbody tr:not(.gone)")
      .evaluateAll((rows) => rows.map((one) => one.dataset.id));
  const opened = async (id, more = "") => {
    const page = await open({ hash: `${hashOf(id)}${more}` });
    await loaded(page, id);
    await failedJobs(page).locator("tbody tr").first().waitFor();
    return page;
  };
  const fact = (page, label) =>
    details(page)
      .locator("dl.facts > div")
      .filter({ has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) })
      .locator("dd");

  test("each is there with all that the engine knows of it, and with the id that its message names", async () => {
    const [job] = await engine.failedJobs(batch);
    const page = await opened(batch.id);
    await row(page, job.id).getByRole("link").first().click();
    await details(page)
      .getByRole("heading", { level: 1, name: `Job ${job.id}` })
      .waitFor();
    await fact(page, "Message").getByText(job.exceptionMessage.split(": ").at(-1)).waitFor();
    assert.equal(await fact(page, "Retries").innerText(), "0");
    assert.equal(await fact(page, "Priority").innerText(), String(job.priority));
    assert.equal(await fact(page, "Kind").innerText(), "execution");
    const created = await fact(page, "Created").locator("time").getAttribute("datetime");
    assert.equal(Date.parse(created), Date.parse(job.createTime));
    assert.ok((await fact(page, "Batch").innerText()).includes(batch.id));
    const [named] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(job.exceptionMessage);
    assert.ok((await fact(page, "ID in the message").innerText()).includes(named));
    assert.equal(job.processInstanceId, null);
    assert.equal(await fact(page, "Process instance").innerText(), "not named for this batch");
    await details(page).getByRole("button", { name: "Process instance", exact: true }).click();
    await details(page).getByText("In this batch it does not.").waitFor();
    await page.context().close();
  });

  test("they are on pages, in the order of their ids", async () => {
    const all = (await engine.failedJobs(batch)).map(({ id }) => id).sort();
    for (const [sort, expected] of [
      ["id", all],
      ["-id", [...all].reverse()],
    ]) {
      const page = await opened(batch.id, `&0.failed-jobs.sort=${sort}&0.failed-jobs.size=10`);
      const seen = [];
      for (const [from, to] of [
        [1, 10],
        [11, 20],
        [21, 24],
      ]) {
        await failedJobs(page).getByText(`${from}–${to} of 24`).waitFor();
        seen.push(
          ...(await until("the page has turned", async () => {
            const now = await ids(page);
            return now.length === to - from + 1 && !seen.includes(now[0]) && now;
          })),
        );
        if (to < 24) await failedJobs(page).getByRole("button", { name: "Next" }).click();
      }
      assert.deepEqual(seen, expected);
      await page.context().close();
    }
  });

  test("one whose retries were set to 0 is among them, and states that it has no message and no trace", async () => {
    const held = batches.suspended;
    // The first ones may have been at work when it was suspended, which their engine is still rolling back.
    const job = (await engine.jobsOf(held.batchJobDefinitionId)).findLast((one) => one.exceptionMessage === null);
    await made.setRetries(job.id, 0);
    assert.equal((await engine.batch(held.id)).failedJobs, 1);
    const page = await opened(held.id);
    await row(page, job.id).getByText("retries were set to 0 manually").waitFor();
    await row(page, job.id).getByRole("link").first().click();
    await fact(page, "Message").getByText("No message: ").waitFor();
    await details(page).getByText("There is no stack trace.").waitFor();
    await details(page).getByText("its retries were set to 0 manually").waitFor();
    await page.context().close();
  });

  test("the job that holds the whole batch up stands first among them", async () => {
    const stuck = await made.withoutSeedRetries();
    const [seed] = await engine.jobsOf(stuck.seedJobDefinitionId);
    const page = await opened(stuck.id);
    await until("it stands first", async () => (await ids(page))[0] === seed.id);
    await row(page, seed.id).getByRole("link").first().click();
    await fact(page, "Kind").getByText("seed").waitFor();
    await page.context().close();
  });

  test("one that waits for its due date is shown as scheduled; on request it runs, and no other one", async () => {
    const held = await made.failing(2);
    const [first, other] = (await engine.jobsOf(held.batchJobDefinitionId)).filter(({ retries }) => retries > 0);
    const before = await engine.failures(first.id);
    const page = await opened(held.id);
    await details(page).getByRole("button", { name: "Jobs being retried" }).click();
    for (const { id } of [first, other]) await row(page, id).getByText("scheduled", { exact: true }).waitFor();
    await row(page, first.id)
      .getByRole("button", { name: /^Run now/ })
      .click();
    await told(page, "is no longer scheduled");
    await until("it ran and failed again", async () => (await engine.failures(first.id)) > before);
    const untouched = await engine.job(other.id);
    assert.equal(untouched.retries, 1);
    assert.equal(Date.parse(untouched.dueDate), Date.parse(other.dueDate));
    await page.context().close();
  });

  test("one that is gone when it is retried: the page reports it and removes it", async () => {
    const page = await opened(batch.id);
    const [id, next] = await ids(page);
    // The page does not learn of it before the button is pressed.
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    proxy.behave(({ path }) => (path.startsWith("/engine-rest/job?") ? { hold } : undefined));
    await engine.send("DELETE", `/job/${id}`);
    await row(page, id)
      .getByRole("button", { name: /^Retry/ })
      .click();
    release();
    await told(page, `Job ${id} ran or was deleted`);
    proxy.behave();
    await page.mouse.move(1, 1);
    await row(page, id).waitFor({ state: "detached" });
    await row(page, next).waitFor();
    assert.equal((await engine.job(next)).retries, 0);
    await page.context().close();
  });

  test("one that the engine does not let go is still there, and why is said in its own words", async () => {
    const page = await opened(batch.id);
    const [id] = await ids(page);
    const message = "Cannot delete job when the job is being executed. Try again later.";
    proxy.behave(({ method }) =>
      method === "DELETE" ? { status: 500, body: JSON.stringify({ type: "RestException", message }) } : undefined,
    );
    await row(page, id)
      .getByRole("button", { name: /^Delete/ })
      .click();
    await dialog(page).getByRole("button", { name: "Delete", exact: true }).click();
    assert.match((await told(page, message)).tone, /danger/);
    assert.equal((await engine.job(id)).retries, 0);
    await page.context().close();
  });

  test("one that is retried in a suspended batch is held until that is resumed, and then runs", async () => {
    await made.suspend(batch.id);
    const page = await opened(batch.id);
    await details(page).locator("h1").getByText("suspended").waitFor();
    const [id, other] = await ids(page);
    const before = await engine.failures(id);
    await row(page, id)
      .getByRole("button", { name: /^Retry/ })
      .click();
    await until("it has a retry", async () => (await engine.job(id)).retries === 1);
    await row(page, id).getByText("held", { exact: true }).waitFor();
    assert.equal(await engine.failures(id), before, "it has not run");
    assert.equal((await engine.job(other)).retries, 0);
    await made.suspend(batch.id, false);
    await until("it ran and failed again", async () => {
      const job = await engine.job(id);
      return job.retries === 0 && (await engine.failures(id)) > before;
    });
    await row(page, id).getByText("failed again", { exact: true }).waitFor();
    await page.context().close();
  });
});
