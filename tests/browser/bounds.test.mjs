// Where numbers end: more batches than are read, and a batch without any job. What is shown claims no more than is known.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { hashOf, inProgress, loaded, details, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const mostRead = 10_000;
const all = 25_000;

describe("numbers that are not whole", async () => {
  const { engine, proxy, batches, open } = await setStage({ demo: [] });
  afterEach(() => proxy.well());
  const badge = (page) => page.getByRole("navigation").locator(".badge");
  const [model] = await engine.running();
  const calm = { failedJobs: 0, suspended: false, totalJobs: 10, jobsCreated: 10, remainingJobs: 5, completedJobs: 5 };
  const several = (count) =>
    JSON.stringify(Array.from({ length: count }, () => ({ ...model, ...calm, id: randomUUID() })));

  test("of more batches than are read the badge says that there may be more, and of how many", async () => {
    const rows = several(mostRead);
    proxy.behave(({ path }) => {
      if (path.includes("/batch/statistics/count"))
        return { status: 200, body: JSON.stringify({ count: /withFailures|failures/.test(path) ? 12 : all }) };
      if (!path.includes("/batch/statistics?")) return undefined;
      const most = Number(new URL(path, "http://x").searchParams.get("maxResults"));
      return { status: 200, body: most >= mostRead ? rows : JSON.stringify(JSON.parse(rows).slice(0, most)) };
    });
    const page = await open();
    await badge(page)
      .getByText(/^\d+\+/)
      .waitFor();
    const title = await badge(page).getAttribute("title");
    assert.match(title, /10,000 of 25,000 were checked/);
    assert.match(await badge(page).innerText(), /^12\+/);
    await page.context().close();
  });

  test("of those that are all read it says a plain number", async () => {
    const page = await open();
    // What the engine answered before may be shown for a moment, with its age.
    await until("it is a plain number", async () => /^\d+(\s|$)/.test(await badge(page).innerText()));
    assert.doesNotMatch(await badge(page).getAttribute("title"), /checked/);
    await page.context().close();
  });

  test("a batch without jobs says so, and never that none of none is done", async () => {
    const { id } = batches.running;
    const empty = { totalJobs: 0, jobsCreated: 0, remainingJobs: 0, completedJobs: 0, failedJobs: 0, suspended: false };
    proxy.behave(({ path }) =>
      path.includes("/batch/statistics?")
        ? { rewrite: (rows) => rows.map((one) => (one.id === id ? { ...one, ...empty } : one)) }
        : undefined,
    );
    const page = await open({ hash: hashOf(id) });
    await loaded(page, id);
    await row(page, id).getByText("no jobs").waitFor();
    await details(page).locator("h1").getByText("no jobs").waitFor();
    await details(page).getByText("This batch has no jobs.").waitFor();
    for (const where of [details(page), row(page, id)]) {
      const text = await where.innerText();
      assert.doesNotMatch(text, /finishing|0 of 0|All 0 jobs|NaN/);
    }
    assert.equal(await inProgress(page).getByText("0 of 0").count(), 0);
    await page.context().close();
  });
});
