// Pages, order, filters and the address: every view is a link, and the browser's own buttons work. On the demo engine,
// which has hundreds of completed batches.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, details, inProgress, loaded, openBatch, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const ids = (list) => list.locator("tbody tr").evaluateAll((rows) => rows.map((one) => one.dataset.id));

describe("lists", async () => {
  const { engine, batches, open, host } = await setStage({ demo: [] });
  const { failed, suspended, running } = batches;
  const total = await engine.completedCount();

  test("pages turn, the address follows, and back and reload keep their place", async () => {
    const page = await open();
    await completed(page).getByText(`1–20 of ${total}`).waitFor();
    const first = await ids(completed(page));
    await completed(page).getByRole("button", { name: "Next" }).click();
    await completed(page).getByText(`21–40 of ${total}`).waitFor();
    const second = await until("other rows", async () => {
      const now = await ids(completed(page));
      return now[0] !== first[0] && now;
    });
    assert.equal(new Set([...first, ...second]).size, 40);
    assert.match(page.url(), /completed\.page=2/);
    await page.reload();
    await completed(page).getByText(`21–40 of ${total}`).waitFor();
    assert.deepEqual(await ids(completed(page)), second);
    await page.goBack();
    await completed(page).getByText(`1–20 of ${total}`).waitFor();
    await until("the first rows", async () => (await ids(completed(page)))[0] === first[0]);
    await completed(page).getByLabel("Rows per page").selectOption("50");
    await completed(page).getByText(`1–50 of ${total}`).waitFor();
    await until("fifty rows", async () => (await ids(completed(page))).length === 50);
    await page.context().close();
  });

  test("each side scrolls by itself: the list stays in sight and in place, details begin at their top", async () => {
    const page = await open({ height: 420 });
    const pane = (name) => page.locator(name).evaluate((one) => one.scrollTop);
    await completed(page).getByText(`1–20 of ${total}`).waitFor();
    await page.locator(".list-pane").hover();
    await page.mouse.wheel(0, 300);
    await until("the list is scrolled", async () => (await pane(".list-pane")) > 0);
    const [one, other] = await ids(completed(page));
    await row(page, one).scrollIntoViewIfNeeded();
    const place = await pane(".list-pane");
    await openBatch(page, one);
    assert.equal(await pane(".list-pane"), place);
    await details(page).hover();
    await page.mouse.wheel(0, 200);
    await until("the details are scrolled", async () => (await pane(".details-pane")) > 0);
    assert.ok(await row(page, one).isVisible());
    assert.equal(await pane(".list-pane"), place);
    await openBatch(page, other);
    assert.equal(await pane(".details-pane"), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0);
    await page.context().close();
  });

  test("the order is the engine's", async () => {
    const page = await open();
    const expected = async (order) =>
      (await engine.get(`/history/batch?completed=true&sortBy=startTime&sortOrder=${order}&maxResults=20`)).map(
        ({ id }) => id,
      );
    await completed(page).getByRole("button", { name: "Started" }).click();
    await until("oldest first", async () => (await ids(completed(page))).join() === (await expected("asc")).join());
    await completed(page)
      .getByRole("columnheader", { name: "Started" })
      .and(page.locator("[aria-sort=ascending]"))
      .waitFor();
    await completed(page).getByRole("button", { name: "Started" }).click();
    await until("newest first", async () => (await ids(completed(page))).join() === (await expected("desc")).join());
    assert.match(page.url(), /completed\.sort=-start/);
    await page.context().close();
  });

  test("times are in the person's zone, and who points at one sees the engine's own with its offset", async () => {
    const page = await open();
    const time = row(page, failed.id).locator("time").first();
    await time.waitFor();
    const said = /^(.*)T(.*)([+-]\d\d):?(\d\d)$/.exec(failed.startTime);
    const [, own = ""] = (await time.getAttribute("title")).split("\n");
    assert.equal(own, `Engine: ${said[1]} ${said[2]} ${said[3]}:${said[4]}`);
    const here = { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit" };
    assert.ok((await time.innerText()).includes(new Date(failed.startTime).toLocaleTimeString("en-GB", here)));
    await page.context().close();
  });

  test("filters narrow, stand in the address, and are taken off", async () => {
    const page = await open();
    await row(page, failed.id).waitFor();
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await page.locator(".popover:popover-open").getByRole("button", { name: "Failed jobs", exact: true }).click();
    await page.locator(".popover:popover-open select").selectOption("true");
    await row(page, running.id).waitFor({ state: "detached" });
    assert.deepEqual(
      new Set(await ids(inProgress(page))),
      new Set((await engine.running()).filter((one) => one.failedJobs > 0).map(({ id }) => id)),
    );
    assert.match(page.url(), /in-progress\.f\.failures=true/);
    const link = page.url();
    await inProgress(page).getByRole("button", { name: "Clear filters" }).click();
    await row(page, running.id).waitFor();
    await page.goto(link);
    await row(page, failed.id).waitFor();
    await row(page, running.id).waitFor({ state: "detached" });
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await page.locator(".popover:popover-open").getByRole("button", { name: "ID", exact: true }).click();
    await page.locator(".popover:popover-open input").fill('no\'such "batch"/%%<b>');
    await page.keyboard.press("Enter");
    await inProgress(page).getByText("Nothing matches the filters.").waitFor();
    await inProgress(page).locator(".note").getByRole("button", { name: "Clear filters" }).click();
    await row(page, running.id).waitFor();
    await page.context().close();
  });

  test("ended batches show whether they were deleted, and of how many this was checked", async () => {
    const log = "/history/job-log?deletionLog=true&jobDefinitionType=batch-monitor-job&maxResults=1000";
    const deleted = new Set((await engine.get(log)).map((entry) => entry.jobDefinitionConfiguration));
    assert.ok(deleted.size > 3);
    const page = await open({ hash: "batch-view/batches?completed.f.state=deletedEarly" });
    await completed(page).getByText(`1–${deleted.size} of ${deleted.size}`).waitFor();
    await completed(page)
      .getByText(/^\d+ of \d+ checked$/)
      .waitFor();
    assert.deepEqual(new Set(await ids(completed(page))), deleted);
    await page.goto(page.url().replace("deletedEarly", "completed"));
    const others = (await engine.completedCount()) - deleted.size;
    await completed(page).getByText(`1–20 of ${others}`).waitFor();
    await page.context().close();
  });

  test("a link leads to the thing, also past the page its row is on", async () => {
    const [, , old] = (await engine.get("/history/batch?completed=true&sortBy=endTime&sortOrder=asc&maxResults=3")).map(
      ({ id }) => id,
    );
    const page = await open({ hash: `batch-view/batches?thing=details/default/${old}` });
    await loaded(page, old);
    assert.equal(await row(page, old).count(), 0);
    await page.context().close();
  });

  test("what is opened stands in the history of the browser", async () => {
    const page = await open();
    await openBatch(page, failed.id);
    await openBatch(page, suspended.id);
    await page.goBack();
    await loaded(page, failed.id);
    await page.goForward();
    await loaded(page, suspended.id);
    await page.reload();
    await loaded(page, suspended.id);
    assert.match(await page.title(), /instance-deletion/);
    await page.context().close();
  });

  test("addresses of nothing say so", async () => {
    const strange = 'it\'s 100%25 "there"/../<b>ünï</b>';
    for (const id of ["00000000-0000-0000-0000-000000000000", strange]) {
      const page = await open({ hash: `batch-view/batches?thing=details/default/${encodeURIComponent(id)}` });
      await details(page)
        .getByText(/Not found/)
        .waitFor();
      await row(page, failed.id).waitFor();
      assert.equal(await page.locator("main b", { hasText: "ünï" }).count(), 0);
      await page.context().close();
    }
    const page = await open({ hash: "batch-view/nonsense" });
    await page.getByText("This page does not exist here.").waitFor();
    await page.goto(`${host.url}#/batch-view/batches?in-progress.page=-3&in-progress.size=abc&completed.page=99999`);
    await row(page, failed.id).waitFor();
    await until("the last page stands in", async () => (await ids(completed(page))).length > 0);
    await page.context().close();
  });
});

describe("a batch that ends while it is open", async () => {
  const { engine, open } = await setStage({ demo: ["--speed", "5"] });

  test("becomes its history record in place", async () => {
    const page = await open();
    const isShort = ({ totalJobs, suspended }) => totalJobs === 30 && !suspended;
    const short = await until("a short batch runs", async () => (await engine.running()).find(isShort), 120_000);
    // Held until the page shows it, so that it does not end before.
    await engine.send("PUT", `/batch/${short.id}/suspended`, { suspended: true });
    await row(page, short.id).getByText("suspended").waitFor();
    await openBatch(page, short.id);
    await engine.send("PUT", `/batch/${short.id}/suspended`, { suspended: false });
    await until("the engine ended it", async () => !(await engine.batch(short.id)));
    await details(page).locator("h1").getByText("completed").waitFor();
    await details(page).getByText("Every job ran or was deleted.").waitFor();
    await details(page).getByText("Removal time", { exact: true }).waitFor();
    assert.equal(await details(page).getByRole("button", { name: "Suspend" }).count(), 0);
    assert.ok(page.url().includes(short.id));
    await page.mouse.move(1, 1);
    await completed(page).locator(`tr[data-id="${short.id}"]`).waitFor();
  });
});
