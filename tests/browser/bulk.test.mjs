// Many jobs at once: exactly those that were chosen, with the retries and the date that were asked for, with its progress,
// and with what became of each kept until somebody has read it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { dialog, failedJobs, hashOf, loaded, row, section, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** As the person in Berlin writes it, and what it is everywhere. */
const aDate = "2030-01-31T15:31";
const meant = "2030-01-31T14:31:00Z";

describe("many jobs", async () => {
  const { engine, proxy, made, open } = await setStage({ kinds: [] });
  afterEach(() => proxy.well());

  const opened = async (batch, size = 20) => {
    const page = await open({ hash: `${hashOf(batch.id)}&0.failed-jobs.size=${size}` });
    await loaded(page, batch.id);
    await failedJobs(page).getByText(`of ${batch.failedJobs}`).waitFor();
    return page;
  };
  const tick = (page, id) => row(page, id).getByRole("checkbox").check();
  const bulk = (page) => failedJobs(page).locator(".bulk");
  const isRetryOf = (id) => (asked) => asked.method === "PUT" && asked.path.endsWith(`/job/${id}/retries`);
  const changed = async (batch) =>
    (await engine.jobsOf(batch.batchJobDefinitionId)).filter(({ retries }) => retries > 0);
  const activity = async (page) => {
    if ((await page.locator(".runs").count()) === 0) await page.getByRole("button", { name: /^Activity/ }).click();
    await page.locator(".runs").waitFor();
    return page.locator(".runs");
  };
  /** Tries the chosen jobs again, at a date that keeps the engine from doing it meanwhile. */
  const retryChosen = async (page, count) => {
    await bulk(page)
      .getByRole("button", { name: `Retry ${count}…` })
      .click();
    await dialog(page).getByLabel("Not before").fill(aDate);
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    await dialog(page).locator(".plan").waitFor();
    await dialog(page)
      .getByRole("button", { name: `Retry ${count}`, exact: true })
      .click();
  };

  test("two are retried as often as asked, not before a date, and no other one", async () => {
    const batch = await made.failed(24);
    const page = await opened(batch);
    const ids = await failedJobs(page)
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((one) => one.dataset.id));
    const chosen = [ids[1], ids[4]];
    for (const id of chosen) await tick(page, id);
    await bulk(page).getByText("2 selected").waitFor();
    await bulk(page).getByRole("button", { name: "Retry 2…" }).click();
    await dialog(page).getByLabel("Number of retries").fill("4");
    await dialog(page).getByLabel("Not before").fill(aDate);
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    const plan = dialog(page).locator(".plan");
    await plan.getByText("2 would be affected.").waitFor();
    const planned = await plan.locator("ul:not(.inline) li").allInnerTexts();
    assert.deepEqual(new Set(planned.map((text) => text.trim())), new Set(chosen));
    assert.deepEqual(await changed(batch), [], "a preview changes nothing");
    await dialog(page).getByRole("button", { name: "Retry 2", exact: true }).click();
    await told(page, "2 retries were accepted");
    const now = await changed(batch);
    assert.deepEqual(new Set(now.map(({ id }) => id)), new Set(chosen));
    for (const { retries, dueDate } of now) {
      assert.equal(retries, 4);
      assert.equal(Date.parse(dueDate), Date.parse(meant));
    }
    assert.equal((await engine.batch(batch.id)).failedJobs, 22);
    await section(page, "Jobs being retried").getByRole("button", { expanded: false }).click();
    const waiting = section(page, "Jobs being retried").locator("tbody tr");
    await until("both are scheduled", async () => (await waiting.count()) === 2);
    for (const id of chosen)
      assert.match(await waiting.and(page.locator(`[data-id="${id}"]`)).innerText(), /scheduled/);
    await page.context().close();
  });

  test("all are chosen, also those on other pages", async () => {
    const batch = await made.failed(24);
    const other = await made.failed(2);
    const page = await opened(batch, 10);
    await failedJobs(page).getByRole("checkbox", { name: "Select all rows of this page" }).check();
    await bulk(page).getByText("10 selected").waitFor();
    await bulk(page).getByRole("button", { name: "Select all 24" }).click();
    await bulk(page).getByText("24 selected").waitFor();
    await retryChosen(page, 24);
    await told(page, "24 retries were accepted");
    assert.equal((await changed(batch)).length, 24);
    assert.deepEqual(await changed(other), []);
    await failedJobs(page).getByText("No failed jobs").waitFor();
    await page.context().close();
  });

  test("how far it is shows while it runs, and what was not begun when it is cancelled stays as it was", async () => {
    const batch = await made.failed(60);
    const page = await opened(batch, 100);
    await failedJobs(page).getByRole("checkbox", { name: "Select all rows of this page" }).check();
    const [spared] = await engine.failedJobs(batch);
    await row(page, spared.id).getByRole("checkbox").uncheck();
    let passed = 0;
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    proxy.behave(({ method, path }) => {
      if (method !== "PUT" || !path.endsWith("/retries")) return undefined;
      passed += 1;
      return passed > 10 ? { hold } : undefined;
    });
    await retryChosen(page, 59);
    const runs = await activity(page);
    await runs.getByText("10 of 59 done").waitFor();
    assert.equal(await runs.getByRole("progressbar").evaluate((bar) => bar.value / bar.max), 10 / 59);
    assert.equal((await changed(batch)).length, 10);
    await runs.getByRole("button", { name: "Cancel" }).click();
    await told(page, "Cancelling…");
    release();
    const said = await runs.getByText(/\d+ of 59 done; cancelled/).innerText();
    const [, done, rest] = /(\d+) of 59 done; cancelled, (\d+) were not started/.exec(said).map(Number);
    assert.equal(done + rest, 59);
    assert.ok(done >= 10 && rest >= 40, said);
    assert.equal((await changed(batch)).length, done);
    assert.equal((await engine.batch(batch.id)).failedJobs, 60 - done);
    assert.equal((await engine.job(spared.id)).retries, 0);
    await page.context().close();
  });

  test("failures are listed one by one until they are dismissed, and can be downloaded", async () => {
    const batch = await made.failed(5);
    const page = await opened(batch);
    const jobs = (await engine.failedJobs(batch)).map(({ id }) => id);
    const refused = jobs.slice(0, 2);
    const reason = (id) => `=HYPERLINK("x") no, not ${id}`;
    proxy.behave((asked) => {
      const id = refused.find((one) => isRetryOf(one)(asked));
      return id && { status: 500, body: JSON.stringify({ type: "ProcessEngineException", message: reason(id) }) };
    });
    await failedJobs(page).getByRole("checkbox", { name: "Select all rows of this page" }).check();
    await retryChosen(page, 5);
    await told(page, "3 of 5 done, 2 failed, 0 skipped.");
    proxy.behave();
    assert.deepEqual(new Set((await changed(batch)).map(({ id }) => id)), new Set(jobs.slice(2)));
    assert.equal((await engine.batch(batch.id)).failedJobs, 2);

    const isListed = async (where) => {
      const run = (await activity(where)).locator("li", { hasText: "3 of 5 done" }).first();
      const listed = await run.locator(".failures li").allInnerTexts();
      assert.equal(listed.length, 2);
      for (const id of refused)
        assert.ok(
          listed.some((text) => text.startsWith(id) && text.includes(reason(id))),
          id,
        );
      return run;
    };
    await isListed(page);
    await page.reload();
    await loaded(page, batch.id);
    const run = await isListed(page);
    const other = await open({ hash: hashOf(batch.id) });
    await isListed(other);

    const [taken] = await Promise.all([
      page.waitForEvent("download"),
      run.getByRole("button", { name: "Download" }).click(),
    ]);
    const [head, ...lines] = readFileSync(await taken.path(), "utf8")
      .trim()
      .split("\r\n");
    assert.equal(head, "id,message");
    assert.deepEqual(
      new Set(lines),
      new Set(refused.map((id) => `${id},"'=HYPERLINK(""x"") no, not ${id}"`)),
      "each that failed with its reason, and no cell is a formula",
    );
    assert.match(taken.suggestedFilename(), /\.csv$/);

    await run.getByRole("button", { name: "Dismiss" }).click();
    for (const where of [page, other])
      await (await activity(where)).getByText("3 of 5 done").waitFor({ state: "detached" });
    await page.reload();
    await loaded(page, batch.id);
    await (
      await activity(page)
    )
      .getByText(/^No activity yet\.$|accepted/)
      .first()
      .waitFor();
    assert.equal(await (await activity(page)).getByText("3 of 5 done").count(), 0);
    await other.context().close();
    await page.context().close();
  });

  test("a selection is deleted after a question that counts it", async () => {
    const batch = await made.failed(6);
    const page = await opened(batch);
    const jobs = (await engine.failedJobs(batch)).map(({ id }) => id);
    for (const id of jobs.slice(0, 3)) await tick(page, id);
    await bulk(page).getByRole("button", { name: "Delete 3…" }).click();
    await dialog(page).getByText("3 would be affected.").waitFor();
    assert.match(await dialog(page).innerText(), /Delete 3 jobs\?/);
    for (const id of jobs.slice(0, 3)) assert.ok((await dialog(page).innerText()).includes(id), id);
    await dialog(page).getByRole("button", { name: "Delete 3", exact: true }).click();
    await told(page, "3 jobs were deleted; their work was not done.");
    for (const id of jobs.slice(0, 3)) assert.equal(await engine.job(id), undefined);
    assert.deepEqual(new Set((await engine.failedJobs(batch)).map(({ id }) => id)), new Set(jobs.slice(3)));
    await failedJobs(page).getByText("1–3 of 3").waitFor();
    await page.context().close();
  });
});
