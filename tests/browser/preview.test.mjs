// What an action would do is shown to who asks for it: by Shift and a click where an action is carried out at once, by a
// button where it asks first. Nothing happens before it is confirmed, and then to exactly those that were shown.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, dialog, failedJobs, inProgress, row, told, openDetails } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("a preview of what is carried out at once", async () => {
  const { engine, proxy, made, open } = await setStage({ kinds: [] });
  const plan = (page) => dialog(page).locator(".plan");
  const shown = async (page) =>
    (await plan(page).locator("ul:not(.inline) li").allInnerTexts()).map((text) => text.trim());
  const changesSince = (start) =>
    proxy.asked
      .slice(start)
      .filter(({ method, path }) => method === "DELETE" || method === "PUT" || /retries|delete/.test(path))
      .map(({ method, path }) => `${method} ${path.replace("/engine-rest", "")}`);
  const cancelled = async (page) => {
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await dialog(page).waitFor({ state: "detached" });
  };

  for (const [how, press] of [
    ["a click", (button) => button.click({ modifiers: ["Shift"] })],
    ["the Enter key", (button) => button.press("Shift+Enter")],
  ]) {
    test(`of a job's retry, by Shift and ${how}`, async () => {
      const batch = await made.failed(3);
      const [job, ...others] = await engine.failedJobs(batch);
      const before = await engine.failures(job.id);
      const page = await openDetails(open, batch.id);
      const retry = row(page, job.id).getByRole("button", { name: /^Retry/ });
      assert.match(await retry.getAttribute("title"), /Shift/);
      const start = proxy.asked.length;
      for (const confirms of [false, true]) {
        await press(retry);
        await plan(page).getByText("1 would be affected.").waitFor();
        assert.deepEqual(await shown(page), [job.id]);
        assert.deepEqual(changesSince(start), [], "nothing happened yet");
        if (confirms) await dialog(page).getByRole("button", { name: "Retry", exact: true }).click();
        else await cancelled(page);
      }
      await until("it ran again", async () => (await engine.failures(job.id)) > before);
      assert.deepEqual(changesSince(start), [`PUT /job/${job.id}/retries`]);
      for (const { id } of others) assert.equal((await engine.job(id)).retries, 0);
      await page.context().close();
    });
  }

  test("of what is done to several at once, and to no other one", async () => {
    const batches = [await made.failed(1), await made.failed(1), await made.failed(1)];
    const [first, other, third] = batches;
    const page = await open();
    for (const { id } of [first, third]) await row(page, id).getByRole("checkbox").check();
    const suspend = inProgress(page).locator(".bulk").getByRole("button", { name: "Suspend" });
    await suspend.click({ modifiers: ["Shift"] });
    await plan(page).getByText("2 would be affected.").waitFor();
    assert.deepEqual(new Set(await shown(page)), new Set([first.id, third.id]));
    for (const { id } of batches) assert.equal((await engine.batch(id)).suspended, false);
    // What happens behind it changes nothing of what was shown.
    await made.suspend(third.id);
    await dialog(page)
      .getByRole("button", { name: /^Suspend/ })
      .click();
    await told(page, "uspended");
    await until("both are suspended", async () => (await engine.batch(first.id)).suspended);
    assert.equal((await engine.batch(third.id)).suspended, true);
    assert.equal((await engine.batch(other.id)).suspended, false);
    await page.context().close();
  });

  test("of a deletion, by a button of the question", async () => {
    const batch = await made.failed(2);
    const page = await openDetails(open, batch.id);
    await details(page).getByRole("button", { name: "Delete…", exact: true }).click();
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    await plan(page).getByText("1 would be affected.").waitFor();
    assert.deepEqual(await shown(page), [batch.id]);
    await cancelled(page);
    assert.deepEqual(await engine.batch(batch.id), batch);
    await page.context().close();
  });

  test("a click alone carries it out, without a question", async () => {
    const batch = await made.failed(1);
    const page = await openDetails(open, batch.id);
    await failedJobs(page).locator("tbody tr").first().waitFor();
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("it is suspended", async () => (await engine.batch(batch.id)).suspended);
    assert.equal(await dialog(page).count(), 0);
    await page.context().close();
  });
});
