// Failed jobs grouped by what they have in common: counted, looked at, retried or deleted one cause at a time, and never
// a job of another one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, dialog, hashOf, loaded, section, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** What failed, without what engines up to 7.18 put around it. */
const saidByTheWork = (message) => message.replace(/^Error while evaluating expression: .*?\}\. Cause: /, "");

/** The jobs of each cause, the most frequent first: in these batches each cause throws an exception of its own. */
function byException(jobs) {
  const causes = new Map();
  for (const { id, exceptionMessage } of jobs) {
    const [exception] = saidByTheWork(exceptionMessage).split(":", 1);
    causes.set(exception, [...(causes.get(exception) ?? []), id]);
  }
  return [...causes].map(([exception, ids]) => ({ exception, ids })).sort((a, b) => b.ids.length - a.ids.length);
}

/** What tells the jobs of one cause apart: invoices, ids. */
const particulars = (jobs) =>
  jobs.flatMap(({ exceptionMessage }) => exceptionMessage.match(/INV-[\w-]+|[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []);

describe("failures by cause", async () => {
  const { engine, proxy, batches, open } = await setStage({ kinds: ["causes"] });
  const batch = batches.causes;
  const page = await open({ hash: hashOf(batch.id) });
  const groups = section(page, "Causes");
  const rows = groups.locator("ul.groups > li:not(.gone)");
  const simple = (exception) => exception.split(".").at(-1);
  const rowOf = (cause) => rows.filter({ hasText: simple(cause.exception) });
  const changesSince = (start) =>
    proxy.asked
      .slice(start)
      .filter(({ method, path }) => method === "DELETE" || (method === "PUT" && path.includes("/retries")))
      .map(({ method, path }) => `${method} ${path}`);
  const remaining = async () => byException(await engine.failedJobs(batch));
  const failuresOf = async (ids) => new Map(await Promise.all(ids.map(async (id) => [id, await engine.failures(id)])));
  /** Each job ran again: it is gone, or failed once more than before. */
  const triedAgain = (before) =>
    until("each was tried again", async () => {
      for (const [id, count] of before)
        if ((await engine.job(id)) && (await engine.failures(id)) <= count) return false;
      return true;
    });
  const untouched = async (before) => {
    for (const [id, count] of before) {
      assert.equal((await engine.job(id))?.retries, 0, `${id} still waits for somebody`);
      assert.equal(await engine.failures(id), count, `${id} was not tried again`);
    }
  };

  test("they are counted, the most frequent first, with what differs between them masked", async () => {
    await loaded(page, batch.id);
    const jobs = await engine.failedJobs(batch);
    const causes = byException(jobs);
    assert.equal(causes.length, 3);
    await until("three causes", async () => (await rows.count()) === 3);
    await groups.getByText("12 of 12 checked").waitFor();
    const seen = await rows.evaluateAll((all) =>
      all.map((one) => ({
        count: Number(one.querySelector(".amount").textContent),
        label: one.querySelector(".what").firstElementChild.textContent,
      })),
    );
    assert.deepEqual(
      seen.map(({ count }) => count),
      causes.map(({ ids }) => ids.length),
    );
    const differing = particulars(jobs);
    assert.ok(differing.length >= 12);
    for (const [at, { label }] of seen.entries()) {
      assert.ok(label.includes(simple(causes[at].exception)), label);
      assert.match(label, /‹/);
      for (const one of differing) assert.ok(!label.includes(one), `${one} stands in ${label}`);
    }
  });

  test("each leads to one of its jobs", async () => {
    for (const cause of await remaining()) {
      const link = rowOf(cause).getByRole("link", { name: /^open/i });
      const href = decodeURIComponent(await link.getAttribute("href"));
      assert.ok(
        cause.ids.some((id) => href.includes(id)),
        `${href} leads to none of ${cause.ids}`,
      );
    }
    const [first] = await remaining();
    await rowOf(first).getByRole("link", { name: /^open/i }).click();
    await details(page).getByRole("heading", { level: 1, name: /^Job / }).waitFor();
    await details(page).getByText(simple(first.exception)).first().waitFor();
    await page.goBack();
    await rowOf(first).waitFor();
  });

  test("a preview says what would happen, and nothing happens", async () => {
    const [first, ...others] = await remaining();
    const before = await failuresOf([...first.ids, ...others.flatMap(({ ids }) => ids)]);
    const start = proxy.asked.length;
    await rowOf(first)
      .getByRole("button", { name: `Retry ${first.ids.length}…` })
      .click();
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    const plan = dialog(page).locator(".plan");
    await plan.getByText(`${first.ids.length} would be affected.`).waitFor();
    assert.deepEqual(await plan.locator("ul.inline b").allInnerTexts(), [String(first.ids.length)]);
    assert.match(await plan.locator("ul.inline").innerText(), new RegExp(simple(first.exception)));
    const samples = (await plan.locator("ul:not(.inline) .mono").allInnerTexts()).map((text) => text.trim());
    assert.ok(samples.length > 0);
    for (const id of samples) assert.ok(first.ids.includes(id), `${id} is none of this cause`);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await dialog(page).waitFor({ state: "detached" });
    assert.deepEqual(changesSince(start), []);
    await untouched(before);
  });

  test("one is retried alone: exactly its jobs, as they stood in the preview", async () => {
    const [first, ...others] = await remaining();
    const before = await failuresOf(first.ids);
    const left = await failuresOf(others.flatMap(({ ids }) => ids));
    const start = proxy.asked.length;
    const planned = page.waitForRequest((request) => /"plan":\{/.test(request.postData() ?? ""));
    await rowOf(first)
      .getByRole("button", { name: `Retry ${first.ids.length}…` })
      .click();
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    await dialog(page)
      .getByRole("button", { name: `Retry ${first.ids.length}`, exact: true })
      .click();
    assert.deepEqual(
      new Set(JSON.parse((await planned).postData()).plan.ids),
      new Set(first.ids),
      "the plan that was confirmed names them",
    );
    await told(page, `${first.ids.length} retries were accepted; the jobs wait for the engine.`);
    assert.deepEqual(
      new Set(changesSince(start)),
      new Set(first.ids.map((id) => `PUT /engine-rest/job/${id}/retries`)),
    );
    await triedAgain(before);
    await untouched(left);
  });

  test("what went away after the preview is passed over, and the rest of the cause is retried", async () => {
    const causes = await remaining();
    const second = causes.find(({ ids }) => ids.length >= 3 && ids.length <= 4);
    const others = causes.filter((one) => one !== second);
    const [lost, ...ids] = second.ids;
    const before = await failuresOf(ids);
    const left = await failuresOf(others.flatMap((one) => one.ids));
    await rowOf(second)
      .getByRole("button", { name: `Retry ${second.ids.length}…` })
      .click();
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    await dialog(page).locator(".plan").waitFor();
    assert.equal((await engine.send("DELETE", `/job/${lost}`)).status, 204);
    await dialog(page)
      .getByRole("button", { name: `Retry ${second.ids.length}`, exact: true })
      .click();
    await told(page, `${ids.length} of ${second.ids.length} done, 0 failed, 1 skipped.`);
    await triedAgain(before);
    await untouched(left);
  });

  test("one is deleted alone, after a question that counts its jobs", async () => {
    const causes = await until("the last cause is shown", async () => {
      const now = await remaining();
      return (await rowOf(now.at(-1)).count()) === 1 && now;
    });
    const last = causes.at(-1);
    const count = last.ids.length;
    const left = await failuresOf(causes.slice(0, -1).flatMap(({ ids }) => ids));
    const start = proxy.asked.length;
    const noun = count === 1 ? "Delete 1…" : `Delete ${count}…`;
    await rowOf(last).getByRole("button", { name: noun }).click();
    await dialog(page).getByText(`${count} would be affected.`).waitFor();
    assert.match(await dialog(page).innerText(), new RegExp(`Delete ${count} jobs\\?`));
    assert.match(await dialog(page).innerText(), /work was never done/);
    await dialog(page)
      .getByRole("button", { name: `Delete ${count}`, exact: true })
      .click();
    await told(page, `${count} jobs were deleted; their work was not done.`);
    assert.deepEqual(new Set(changesSince(start)), new Set(last.ids.map((id) => `DELETE /engine-rest/job/${id}`)));
    for (const id of last.ids) assert.equal(await engine.job(id), undefined);
    await untouched(left);
    await rowOf(last).waitFor({ state: "detached" });
  });
});
