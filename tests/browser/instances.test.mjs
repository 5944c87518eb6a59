// The process instance of a failed job: shown, found, taken along, and linked to where the operator said; and where the
// engine does not name it, that is said of this batch.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, failedJobs, hashOf, loaded, row } from "./support/page.mjs";
import { temporaryFolder } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true, force: true }));
const config = join(folder, "host.toml");
writeFileSync(
  config,
  '[plugin.batch-view]\ninstance_link = "https://cockpit.example/#/process-instance/{id}?view=tree"\n',
);

describe("the process instance of a failed job", async () => {
  const { engine, proxy, made, open } = await setStage({ kinds: [], host: { args: ["--config", config] } });
  const batch = await made.failed(3);
  const [first, second, third] = await engine.failedJobs(batch);
  const instances = new Map([first, second].map(({ id }) => [id, randomUUID()]));
  const instance = instances.get(first.id);
  const named = (job) => (instances.has(job.id) ? { ...job, processInstanceId: instances.get(job.id) } : job);
  // As engines do for some types of batches: they name it, and find jobs by it.
  proxy.behave(({ method, path, body }) => {
    if (!/\/job(\?|\/)/.test(path)) return undefined;
    const filter = method === "POST" && body ? JSON.parse(body) : {};
    const asked = filter.processInstanceId ?? new URL(path, "http://x").searchParams.get("processInstanceId");
    if (path.includes("/job/count") && asked)
      return { rewrite: () => ({ count: [...instances.values()].filter((one) => one === asked).length }) };
    if (path.includes("/job/count") || !/\/job(\?|\/[-0-9a-f]{36}(\?|$))/.test(path)) return undefined;
    delete filter.processInstanceId;
    return {
      ...(method === "POST" ? { ask: JSON.stringify(filter) } : {}),
      rewrite: (answer) =>
        Array.isArray(answer)
          ? answer.map(named).filter((job) => !asked || job.processInstanceId === asked)
          : named(answer),
    };
  });
  const opened = async (more = "", width = 2400) => {
    const page = await open({ hash: `${hashOf(batch.id)}${more}`, width });
    await loaded(page, batch.id);
    await failedJobs(page).locator("tbody tr").first().waitFor();
    return page;
  };

  test("stands in a column where there is room for it; for the one that has none there is nothing", async () => {
    const page = await opened();
    await failedJobs(page).getByRole("columnheader", { name: "Process instance" }).waitFor();
    for (const [id, own] of instances) await row(page, id).locator(`[title="${own}"]`).waitFor();
    const none = await row(page, third.id).innerText();
    for (const own of instances.values()) assert.ok(!none.includes(own.slice(0, 8)));
    await page.context().close();
  });

  test("is linked in the job's details, by the template of the configuration", async () => {
    const page = await open({ hash: hashOf(first.id, "job") });
    await loaded(page, first.id);
    const link = details(page).getByRole("link", { name: instance });
    assert.equal(await link.getAttribute("href"), `https://cockpit.example/#/process-instance/${instance}?view=tree`);
    await page.context().close();
  });

  test("that is not named is said so, and why", async () => {
    const page = await open({ hash: hashOf(third.id, "job") });
    await loaded(page, third.id);
    await details(page).getByText("not named for this batch").waitFor();
    await details(page).getByRole("button", { name: "Process instance", exact: true }).click();
    await details(page)
      .getByText(/only in batches that set variables or correlate messages/)
      .waitFor();
    await page.context().close();
  });

  test("is looked for: its jobs are shown, and no other one", async () => {
    const page = await opened();
    await failedJobs(page).getByRole("button", { name: "+ Filter" }).click();
    const popover = page.locator(".popover:popover-open");
    await popover.getByRole("button", { name: "Process instance", exact: true }).click();
    await popover.locator("input").fill(instance);
    await page.keyboard.press("Enter");
    const rows = failedJobs(page).locator("tbody tr:not(.gone)");
    await until("one is left", async () => (await rows.count()) === 1);
    assert.equal(await rows.first().getAttribute("data-id"), first.id);
    await failedJobs(page).getByText("1–1 of 1").waitFor();
    await page.context().close();
    const link = await opened(`&0.failed-jobs.f.instance=${instances.get(second.id)}`);
    await row(link, second.id).waitFor();
    assert.equal(await row(link, first.id).count(), 0);
    await link.context().close();
  });

  test("is taken along", async () => {
    const page = await opened();
    await failedJobs(page)
      .getByRole("button", { name: /^Export/ })
      .click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(".popover:popover-open").getByRole("button", { name: "Export as JSON" }).click(),
    ]);
    const rows = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(rows.length, 3);
    for (const { id, instance: own } of rows) assert.equal(own ?? null, instances.get(id) ?? null);
    await page.context().close();
  });
});
