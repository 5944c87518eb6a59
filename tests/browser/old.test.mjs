// Engines that can do less, or whose clock is off: what they do not tell is said in words, and nothing is made up.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { setEngines } from "./support/engines.mjs";
import { completed, details, inProgress, loaded, openBatch, row } from "./support/page.mjs";

const text = async (locator) => (await locator.innerText()).replace(/\s+/g, " ");

describe("an engine before 7.18", async () => {
  const { old, open } = await setEngines({ old: { demo: ["--version", "7.17.0"] } });
  const { engine, proxy } = old;
  const running = await engine.get("/batch/statistics?maxResults=200");
  const blocked = running.find((one) => one.failedJobs > 0 && one.failedJobs === one.remainingJobs);
  const moving = running.find((one) => one.type === "instance-modification");
  const polls = () => proxy.asked.filter(({ path }) => /\/batch\/statistics\?/.test(path)).length;
  const byStart = () => proxy.asked.filter(({ path }) => /\/batch\/statistics\?.*startTime/.test(path)).length;

  test("has its batches shown, and is said not to tell when they started", async () => {
    assert.equal(moving.startTime, undefined);
    const page = await open();
    await row(page, blocked.id).getByText("blocked").waitFor();
    await inProgress(page)
      .getByText(/7\.17\.0: before 7\.18, engines do not report when a running batch started/)
      .waitFor();
    await completed(page).locator("tbody tr time").first().waitFor();
    const before = polls();
    await until("it was polled thrice more", () => polls() >= before + 3);
    assert.equal(byStart(), 1, "it is asked once for what it does not know");
    await page.context().close();
  });

  test("is filtered by the plugin, since it ignores the filters it does not know", async () => {
    const page = await open({ hash: "batch-view/batches?in-progress.f.failures=true" });
    const failing = running.filter(({ failedJobs }) => failedJobs > 0).length;
    await inProgress(page).getByText(`1–${failing} of ${failing}`).waitFor();
    const dated = await open({ hash: "batch-view/batches?in-progress.f.started=2020-01-01T00:00:00.000Z.." });
    await inProgress(dated).getByText("Nothing matches the filters.").waitFor();
    await inProgress(dated)
      .getByText(/cannot be filtered by it/)
      .waitFor();
    await page.context().close();
    await dated.context().close();
  });

  test("has details without what it cannot know, and a rate from what is seen", async () => {
    const page = await open();
    await openBatch(page, moving.id);
    await details(page)
      .getByText(/before 7\.18/)
      .waitFor();
    const said = await text(details(page));
    for (const label of [/Execution started/, /Running for/, /Started \d/]) assert.ok(!label.test(said), String(label));
    await details(page)
      .getByText(/[\d.]+ jobs\/s/)
      .waitFor();
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("it is suspended", async () => (await engine.get(`/batch/${moving.id}`)).suspended);
    await page.context().close();
  });
});

describe("an engine that keeps no history", async () => {
  const { bare, open } = await setEngines({ bare: { demo: ["--history", "activity"] } });
  const { running, suspended } = bare.batches;

  test("says so where completed batches would be, and of each batch where its past would be", async () => {
    const page = await open();
    await completed(page).getByText("No batch has ended yet.").waitFor();
    await completed(page)
      .getByText(/Running batches are missing from the history.*is below "full"/)
      .waitFor();
    await openBatch(page, running.id);
    await details(page).getByText("Progress over time").click();
    await details(page)
      .getByText(/Progress before this batch was first watched is unknown/)
      .waitFor();
    await details(page).getByText("Job log", { exact: true }).click();
    await details(page)
      .getByText(/history level is below "full"/)
      .first()
      .waitFor();
    await page.context().close();
  });

  test("and a batch that ends while it is open is not called completed", async () => {
    const page = await open();
    await openBatch(page, suspended.id);
    await bare.engine.send("DELETE", `/batch/${suspended.id}`);
    await details(page).getByText("Not found. It may be gone, or you may not have access.").first().waitFor();
    await details(page)
      .getByText(/only known at history level "full"/)
      .first()
      .waitFor();
    await page.context().close();
  });
});

const at = (ms) => new Date(Date.now() + ms).toISOString().replace("Z", "+0000");
const hour = 3_600_000;

for (const [how, ahead] of [
  ["ahead", hour],
  ["behind", -hour],
]) {
  describe(`an engine whose clock is an hour ${how}, and a browser whose clock is a day off`, async () => {
    const { off, open } = await setEngines({ off: { demo: ["--clock", at(ahead)] } });
    const { running, failed } = off.batches;

    test("shows how long it lasts, and how old it all is, by the right clock", async () => {
      const page = await open();
      await page.addInitScript(
        (by) => {
          const Real = Date;
          globalThis.Date = class extends Real {
            constructor(...parts) {
              super(...(parts.length > 0 ? parts : [Real.now() + by]));
            }
            static now() {
              return Real.now() + by;
            }
          };
        },
        -24 * Math.sign(ahead) * hour,
      );
      // Not before the page has its session, or there is none to go on with.
      await row(page, running.id).waitFor();
      await page.reload();
      await openBatch(page, running.id);
      const said = await text(details(page));
      assert.match(said, /Running for [5-9] min/);
      assert.match(said, /Time left 1\d min/);
      assert.ok(!said.includes("−"), "nothing is less than nothing");
      assert.match(said, /\d s ago/);
      await page
        .locator(".live")
        .getByText(/· \d+\ss ago/)
        .waitFor();
      await details(page).getByText("Progress over time").click();
      await details(page).getByRole("button", { name: "Show numbers" }).waitFor();
      await page.context().close();
    });

    test("and a postponed job is scheduled by the engine's clock, and runs on request", async () => {
      const page = await open({ hash: `batch-view/batches?thing=details/off/${failed.id}` });
      await loaded(page, failed.id);
      const [job] = await off.engine.failedJobs(failed);
      const before = await off.engine.failures(job.id);
      const later = { retries: 1, dueDate: at(ahead + hour / 2) };
      await off.engine.send("PUT", `/job/${job.id}/retries`, later);
      await details(page).getByText("Jobs being retried").click();
      await details(page).locator(`tr[data-id="${job.id}"]`).getByText("scheduled", { exact: true }).waitFor();
      await details(page)
        .locator(`tr[data-id="${job.id}"]`)
        .getByRole("button", { name: /Run now/ })
        .click();
      await until(
        "it ran",
        async () => !(await off.engine.job(job.id)) || (await off.engine.failures(job.id)) > before,
      );
      await page.context().close();
    });
  });
}
