// What the classic Cockpit page gets wrong, each as a test of this one. An engine that is late, refuses or is gone is
// played by the proxy before it; what was done is asked of the engine itself.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import {
  atWork,
  details,
  dialog,
  failedJobs,
  hashOf,
  inProgress,
  loaded,
  openBatch,
  row,
  told,
  openDetails,
} from "./support/page.mjs";
import { onDemo } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

const changes = (proxy) =>
  proxy.asked.filter(({ method, path }) => method !== "GET" && !path.startsWith("/engine-rest/job?"));

describe("what the classic page gets wrong", async () => {
  const { engine, proxy, batches, open } = await setStage();
  const { failed, running, suspended } = batches;
  afterEach(() => proxy.well());
  const all = onDemo ? [failed, running, suspended, batches.stuck] : [failed, running, suspended];

  test("states stand in the list, with their colours", async () => {
    const page = await open();
    const tone = (id) =>
      row(page, id)
        .locator(".pill")
        .first()
        .evaluate((pill) => [pill.textContent, getComputedStyle(pill).color]);
    await row(page, failed.id).waitFor();
    const [said, danger] = await tone(failed.id);
    assert.equal(said, "blocked");
    await row(page, running.id).getByText(atWork).waitFor();
    const [, info] = await tone(running.id);
    const [held, warning] = await tone(suspended.id);
    assert.equal(held, "suspended");
    assert.equal(new Set([danger, info, warning]).size, 3);
    const colour = (id) =>
      row(page, id)
        .locator("td.type-integer .figure")
        .evaluate((cell) => getComputedStyle(cell).color);
    assert.notEqual(await colour(failed.id), await colour(running.id), "failed jobs have a colour of their own");
    const parts = await row(page, failed.id)
      .locator(".bar i")
      .evaluateAll((bar) => bar.map((part) => [part.className, part.style.width]));
    assert.deepEqual(
      parts.map(([name]) => name),
      ["success", "danger"],
    );
    assert.equal(parts[1][1], "17.5%");
    if (onDemo) await row(page, batches.stuck.id).getByText("stuck").waitFor();
    await page.context().close();
  });

  test("an id is never only cut", async () => {
    const page = await open();
    for (const batch of all) {
      await row(page, batch.id).waitFor();
      assert.equal(await row(page, batch.id).locator(`[title="${batch.id}"]`).count(), 1, "whole on hover");
    }
    await openBatch(page, failed.id);
    await details(page).locator(".whole-id").getByText(failed.id, { exact: true }).waitFor();
    await page.context().close();
  });

  test("at 390 px nothing is cut off, and nothing scrolls sideways", async () => {
    const page = await open({ width: 390, height: 844 });
    await row(page, failed.id).waitFor();
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const outside = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("tbody td, tbody td .figure, tbody td button, .tiles dd, .banner button")]
          .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
          .map((one) => ({ right: one.getBoundingClientRect().right, text: one.textContent }))
          .filter(({ right }) => right > innerWidth),
      );
    assert.equal(await sideways(), 0);
    assert.deepEqual(await outside(), []);
    await row(page, failed.id).getByText("82%").waitFor();
    await openBatch(page, failed.id);
    await failedJobs(page).getByText("of 7").waitFor();
    assert.equal(await sideways(), 0);
    assert.deepEqual(await outside(), []);
    await page.context().close();
  });

  test("the list is searched by id and by type", async () => {
    const page = await open();
    await row(page, failed.id).waitFor();
    const rows = inProgress(page).locator("tbody tr");
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await page.locator(".popover:popover-open").getByRole("button", { name: "ID", exact: true }).click();
    await page.locator(".popover:popover-open input").fill(running.id);
    await page.keyboard.press("Enter");
    await until(
      "the one is left",
      async () => (await rows.count()) === 1 && (await row(page, running.id).count()) === 1,
    );
    await inProgress(page).getByRole("button", { name: "Remove filter ID" }).click();
    await row(page, failed.id).waitFor();
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await page.locator(".popover:popover-open").getByRole("button", { name: "Type", exact: true }).click();
    await page.locator(".popover:popover-open select").selectOption(failed.type);
    await until("those of the type are left", async () => {
      const types = await rows
        .locator("td.type-text")
        .evaluateAll((cells) => cells.map((cell) => cell.querySelector(".row-link")?.textContent));
      return types.length > 0 && types.every((type) => type === failed.type);
    });
    await page.context().close();
  });

  test("an answer that comes late about another batch changes nothing", async () => {
    const page = await open();
    await row(page, failed.id).waitFor();
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    const held = [];
    proxy.behave((asked) => {
      held.push(asked);
      return { hold };
    });
    await until("the engine's answers are held back", () => held.length > 0);
    await row(page, running.id).getByRole("link").first().click();
    await details(page).waitFor();
    await row(page, failed.id).getByRole("link").first().click();
    proxy.behave();
    release();
    await until("the late answers are there", () => held.every(({ answered }) => answered));
    await loaded(page, failed.id);
    const seen = proxy.asked.length;
    await until("and the engine was asked after them", () => proxy.asked.slice(seen).some(({ answered }) => answered));
    assert.ok((await details(page).innerText()).includes(failed.id));
    assert.ok(!(await details(page).innerText()).includes(running.id));
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("the chosen one is suspended", async () => (await engine.batch(failed.id)).suspended);
    assert.equal((await engine.batch(running.id)).suspended, false);
    await details(page).getByRole("button", { name: "Resume" }).click();
    await until("and resumed", async () => !(await engine.batch(failed.id)).suspended);
    await page.context().close();
  });

  test("a question about one batch stays about it, whatever is chosen behind it", async () => {
    const page = await openDetails(open, failed.id);
    await details(page).getByRole("button", { name: "Delete…", exact: true }).click();
    assert.ok((await dialog(page).innerText()).includes(failed.id));
    await page.evaluate((hash) => {
      history.pushState(null, "", `#/${hash}`);
      dispatchEvent(new PopStateEvent("popstate"));
    }, hashOf(running.id));
    await loaded(page, running.id);
    assert.ok((await dialog(page).innerText()).includes(failed.id), "the question still names the batch it was about");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    assert.ok(await engine.batch(failed.id));
    assert.ok(await engine.batch(running.id));
    await page.context().close();
  });

  test("two clicks send one request", async () => {
    const page = await openDetails(open, running.id);
    const before = changes(proxy).length;
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    proxy.behave(({ path }) => (path.endsWith("/suspended") ? { hold } : undefined));
    await details(page).getByRole("button", { name: "Suspend" }).dblclick();
    await until("it was sent", () => changes(proxy).length > before);
    release();
    proxy.behave();
    await told(page, "Suspended.");
    assert.deepEqual(
      changes(proxy)
        .slice(before)
        .map(({ method, path }) => `${method} ${path}`),
      [`PUT /engine-rest/batch/${running.id}/suspended`],
    );
    await page.context().close();
  });

  test("a refused action shows the engine's own message", async () => {
    const page = await openDetails(open, running.id);
    const message = "ENGINE-13036 Cannot resume batch: the database is on fire <b>now</b>";
    proxy.behave(({ path }) =>
      path.endsWith("/suspended")
        ? { status: 500, body: JSON.stringify({ type: "ProcessEngineException", message }) }
        : undefined,
    );
    await details(page).getByRole("button", { name: "Resume" }).click();
    assert.match((await told(page, message)).tone, /danger/);
    proxy.behave();
    assert.equal((await engine.batch(running.id)).suspended, true);
    await details(page).getByRole("button", { name: "Resume" }).click();
    await told(page, "Resumed.");
    assert.equal((await engine.batch(running.id)).suspended, false);
    await page.context().close();
  });

  test("with the engine cut off the data stays, says how old it is and why, and comes back by itself", async () => {
    const page = await openDetails(open, running.id);
    await proxy.down();
    const stale = inProgress(page).locator(".stale");
    await stale.waitFor();
    assert.match(await stale.innerText(), /Not updated for \d+\s(s|min)/);
    assert.match(await stale.innerText(), /127\.0\.0\.1|refused|reach/i);
    assert.ok((await inProgress(page).locator("tbody tr").count()) >= 3, "the rows are still there");
    await details(page).locator(".stale").first().waitFor();
    assert.match(await page.locator(".live.away").innerText(), /Not updated for/, "the head says so, too");
    await proxy.up();
    await stale.waitFor({ state: "detached", timeout: 60_000 });
    await details(page).locator(".stale").first().waitFor({ state: "detached", timeout: 60_000 });
    await page.locator(".live.live").waitFor();
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("actions work again", async () => (await engine.batch(running.id)).suspended);
    await details(page).getByRole("button", { name: "Resume" }).click();
    await until("both ways", async () => !(await engine.batch(running.id)).suspended);
    await page.context().close();
  });

  test("deleting a job asks and names it, and no other row slides under the pointer", async () => {
    const page = await open({ hash: hashOf(failed.id) });
    const [job, next] = await engine.failedJobs(failed);
    await row(page, next.id).waitFor();
    const before = changes(proxy).length;
    const button = row(page, job.id).getByRole("button", { name: "Delete" });
    const place = await button.boundingBox();
    await button.click();
    assert.ok((await dialog(page).innerText()).includes(job.id));
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await dialog(page).waitFor({ state: "detached" });
    assert.equal(changes(proxy).length, before, "a cancelled question does nothing");

    const at = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
    const top = (await row(page, next.id).boundingBox()).y;
    await page.mouse.click(at.x, at.y);
    await dialog(page).getByRole("button", { name: "Delete", exact: true }).click();
    let nudge = 0;
    const after = await until("the row is struck out", async () => {
      nudge = 1 - nudge;
      await page.mouse.move(at.x + nudge, at.y);
      return page.evaluate(
        ([gone, below]) => {
          const find = (id) => document.querySelector(`.details-pane tr[data-id="${id}"]`);
          return find(gone)?.classList.contains("gone") && { y: find(below).getBoundingClientRect().y };
        },
        [job.id, next.id],
      );
    });
    assert.equal(after.y, top, "the row below stays where it was");
    await page.mouse.click(at.x, at.y);
    assert.equal(await dialog(page).count(), 0, "a second click at the same place deletes nothing else");
    assert.equal(await engine.job(job.id), undefined);
    assert.ok(await engine.job(next.id));
    await page.mouse.move(1, 1);
    await row(page, job.id).waitFor({ state: "detached" });
    await page.context().close();
  });

  test("with one failed job the details go on refreshing, and a job that fails again comes back", async () => {
    const left = await engine.failedJobs(failed);
    const lasting = [];
    for (const job of left) await engine.send("PUT", `/job/${job.id}/retries`, { retries: 1, dueDate: null });
    await until("the rest is at rest", async () => {
      const now = await engine.batch(failed.id);
      lasting.splice(0, lasting.length, ...(await engine.failedJobs(failed)));
      return now.failedJobs === now.remainingJobs && now.failedJobs === lasting.length && lasting.length > 0;
    });
    for (const job of lasting.slice(1)) await engine.send("DELETE", `/job/${job.id}`);
    const [job] = lasting;
    const page = await open({ hash: hashOf(failed.id) });
    await details(page).getByRole("button", { name: "Retry all 1" }).waitFor();

    await engine.send("PUT", `/batch/${failed.id}/suspended`, { suspended: true });
    await details(page).locator("h1").getByText("suspended").waitFor();
    await engine.send("PUT", `/batch/${failed.id}/suspended`, { suspended: false });
    await details(page).locator("h1").getByText("blocked").waitFor();

    const before = await engine.failures(job.id);
    await row(page, job.id).getByRole("button", { name: "Retry" }).click();
    await until(
      "it failed again",
      async () => (await engine.failures(job.id)) > before && (await engine.job(job.id))?.retries === 0,
    );
    await told(page, "The job was retried and failed again.");
    await failedJobs(page).locator(`tr[data-id="${job.id}"]`).getByText("failed again").waitFor();
    await details(page).getByRole("button", { name: "Retry all 1" }).waitFor();
    assert.equal((await engine.batch(failed.id)).failedJobs, 1);
    await page.context().close();
  });

  test("a job that fails again between two questions to the engine is not called done", async () => {
    const [job] = await engine.failedJobs(failed);
    const before = await engine.failures(job.id);
    const page = await open({ hash: hashOf(failed.id) });
    await row(page, job.id).waitFor();
    // The list is asked while the job has its retry back, the job itself only after it has lost it again.
    let sent = () => {};
    const retried = new Promise((resolve) => (sent = resolve));
    const failedAgain = retried.then(() =>
      until(
        "it failed again",
        async () => (await engine.failures(job.id)) > before && (await engine.job(job.id))?.retries === 0,
      ),
    );
    let isRetried = false;
    proxy.behave(({ method, path }) => {
      if (method === "PUT" && path.endsWith(`/job/${job.id}/retries`)) {
        isRetried = true;
        sent();
      } else if (isRetried && method === "POST" && path.startsWith("/engine-rest/job?"))
        return { status: 200, body: "[]" };
      else if (isRetried && method === "GET" && path === `/engine-rest/job/${job.id}`) return { hold: failedAgain };
      return undefined;
    });
    await row(page, job.id).getByRole("button", { name: "Retry" }).click();
    await told(page, "The job was retried and failed again.");
    assert.ok(!(await page.evaluate(() => window.everTold)).some(({ text }) => text.includes("The job ran.")));
    await page.context().close();
  });
});
