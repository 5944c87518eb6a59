// Several engines in one page: all of them as one list or each alone, the same ids in both, and one that goes away.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { setEngines } from "./support/engines.mjs";
import { audit, completed, details, dialog, failedJobs, inProgress, loaded, told } from "./support/page.mjs";

/** With one clock and one seed both engines have the same ids: what is done to one must not reach the other. */
const clock = ["--clock", new Date().toISOString().replace("Z", "+0000")];
const both = { east: { name: "East", demo: clock }, west: { name: "West", demo: clock } };

const rowOf = (page, engine, id) => inProgress(page).locator(`tr[data-id="${id}"]`).filter({ hasText: engine });
const keysOf = (list) => list.locator("tbody tr").evaluateAll((rows) => rows.map((one) => one.dataset.key));
const changes = (proxy) => proxy.asked.filter(({ method, path }) => method !== "GET" && !/\/job\?/.test(path));
const badge = (page) => page.getByRole("navigation").locator(".badge");
const choose = (page, engine) => page.getByLabel("Engine", { exact: true }).selectOption(engine);

describe("two engines side by side", async () => {
  const { east, west, open } = await setEngines(both);
  const { failed, suspended, running, stuck } = east.batches;
  afterEach(async () => {
    await east.proxy.well();
    await west.proxy.well();
  });

  test("stand in one list, each row with its engine's name, counted together", async () => {
    assert.equal(failed.id, west.batches.failed.id, "the same ids in both");
    const page = await open();
    for (const engine of ["East", "West"]) await rowOf(page, engine, failed.id).waitFor();
    const all = (await east.engine.running()).length + (await west.engine.running()).length;
    await inProgress(page).getByText(`1–${all} of ${all}`).waitFor();
    await until("the badge counts both", async () => /^6/.test(await badge(page).innerText()));
    const ended = (await east.engine.completedCount()) + (await west.engine.completedCount());
    await completed(page).getByText(`1–20 of ${ended}`).waitFor();
    await page.context().close();
  });

  test("say which engine they are of where there is little room, too", async () => {
    const page = await open({ width: 390, height: 844 });
    const shown = rowOf(page, "West", failed.id);
    for (const part of [shown.getByText("West", { exact: true }), shown.locator(".progress")]) {
      await part.waitFor();
      const { x, width } = await part.boundingBox();
      assert.ok(x >= 0 && x + width <= 390);
    }
    assert.deepEqual(await audit(page), []);
    await page.context().close();
  });

  test("the switch narrows to one, stands in the address, and gives the other back", async () => {
    const page = await open();
    await rowOf(page, "West", failed.id).waitFor();
    await completed(page).getByRole("button", { name: "Next" }).click();
    await choose(page, "west");
    const own = (await west.engine.running()).length;
    await inProgress(page).getByText(`1–${own} of ${own}`).waitFor();
    assert.match(page.url(), /[?&]engine=west/);
    assert.ok(!page.url().includes("page=2"), "from the first page on");
    assert.equal(await page.getByRole("columnheader", { name: "Engine" }).count(), 0);
    await until("the badge counts one", async () => /^3/.test(await badge(page).innerText()));
    await page.reload();
    await inProgress(page).getByText(`1–${own} of ${own}`).waitFor();
    await page.locator(`tr[data-id="${failed.id}"]`).getByRole("link").first().click();
    await loaded(page, failed.id);
    await choose(page, "");
    await rowOf(page, "East", failed.id).waitFor();
    await loaded(page, failed.id);
    await choose(page, "east");
    await details(page).waitFor({ state: "detached" });
    await page.goBack();
    await loaded(page, failed.id);
    await details(page).getByText("· West").waitFor();
    await page.context().close();
  });

  test("an engine that is not configured is said not to be there", async () => {
    const page = await open({ hash: "batch-view/batches?engine=north" });
    await inProgress(page).getByText("Not found.").waitFor();
    await choose(page, "");
    await rowOf(page, "East", failed.id).waitFor();
    await page.context().close();
  });

  test("filters and sorting by what engines do not know are of both", async () => {
    const page = await open({ hash: "batch-view/batches?in-progress.f.state=blocked" });
    await inProgress(page).getByText("1–2 of 2").waitFor();
    assert.deepEqual((await keysOf(inProgress(page))).toSorted(), [`east\n${failed.id}`, `west\n${failed.id}`]);
    await page.goto(page.url().replace("in-progress.f.state=blocked", "in-progress.sort=-failed"));
    await until("most failures first", async () => {
      const shown = await inProgress(page).locator("tbody td.type-integer").allInnerTexts();
      const figures = shown.map(Number);
      return figures[0] > 0 && figures.join() === figures.toSorted((a, b) => b - a).join();
    });
    await page.context().close();
  });

  test("details and what is done there are of the engine whose row was opened", async () => {
    const page = await open();
    await rowOf(page, "West", failed.id).getByRole("link").first().click();
    await loaded(page, failed.id);
    await details(page).getByText("· West").waitFor();
    const before = [changes(east.proxy).length, changes(west.proxy).length];
    const job = (await west.engine.failedJobs(failed))[0];
    await failedJobs(page).locator(`tr[data-id="${job.id}"]`).getByRole("button", { name: /Retry/ }).click();
    await told(page, "accepted");
    assert.equal(changes(east.proxy).length, before[0], "nothing was asked of the other");
    assert.ok(changes(west.proxy).length > before[1]);
    assert.equal((await east.engine.job(job.id)).retries, 0);
    await page.context().close();
  });

  test("an action on rows of both runs in both, is reported by engine, and undone separately", async () => {
    const page = await open();
    for (const engine of ["East", "West"]) await rowOf(page, engine, running.id).getByRole("checkbox").check();
    await page.locator(".bulk").getByRole("button", { name: "Suspend" }).click();
    for (const engine of [east, west])
      await until("it is suspended", async () => (await engine.engine.batch(running.id)).suspended);
    await told(page, "East: done");
    await told(page, "West: done");
    const toast = page.locator(".toast").filter({ hasText: "West: done" });
    await toast.getByRole("button", { name: /Undo/ }).click();
    await until("the one goes on", async () => !(await west.engine.batch(running.id)).suspended);
    assert.ok((await east.engine.batch(running.id)).suspended, "and the other does not");
    await page.context().close();
  });

  test("a deletion names the engine and leaves the other's batch of that id", async () => {
    const page = await open();
    await rowOf(page, "West", stuck.id).getByRole("checkbox").check();
    await page.locator(".bulk").getByRole("button", { name: "Delete" }).click();
    await dialog(page).getByText("· West").waitFor();
    await dialog(page).getByRole("button", { name: "Delete" }).last().click();
    await until("it is deleted", async () => !(await west.engine.batch(stuck.id)));
    await rowOf(page, "West", stuck.id).waitFor({ state: "detached" });
    await rowOf(page, "East", stuck.id).waitFor();
    assert.ok(await east.engine.batch(stuck.id));
    await page.context().close();
  });

  const exported = async (page) => {
    await completed(page)
      .getByRole("button", { name: /Export as/ })
      .click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export as CSV", exact: true }).click(),
    ]);
    return readFile(await download.path(), "utf8");
  };

  test("the export has all rows of both, each with its engine", async () => {
    const page = await open();
    await completed(page).locator("tbody tr").first().waitFor();
    const [titles, ...lines] = (await exported(page)).trim().split("\r\n");
    assert.match(titles, /^engine,/);
    for (const [id, { engine }] of Object.entries({ east, west }))
      assert.equal(lines.filter((line) => line.startsWith(`${id},`)).length, await engine.completedCount());
    assert.equal(new Set(lines).size, lines.length);
    await page.context().close();
  });

  test("one that goes away is named, with since when; the other's rows go on; and it comes back by itself", async () => {
    const page = await open();
    await rowOf(page, "West", failed.id).waitFor();
    await page.mouse.move(1, 1);
    await west.proxy.down();
    const missing = inProgress(page).locator(".stale", { hasText: "West: The engine cannot be reached" });
    await missing.waitFor();
    await missing.getByText(/This started \d+\Ws ago/).waitFor();
    assert.deepEqual(await audit(page), []);
    await rowOf(page, "West", failed.id).waitFor({ state: "detached" });
    await inProgress(page)
      .getByText(/of \d+\+/)
      .waitFor();
    assert.ok(/^[1-9]/.test(await badge(page).innerText()), "the badge counts who answers");
    await east.engine.send("PUT", `/batch/${suspended.id}/suspended`, { suspended: false });
    await rowOf(page, "East", suspended.id).getByText("suspended").waitFor({ state: "detached" });
    await assert.rejects(exported(page), /canceled|failed/, "half of it does not look whole");
    await west.proxy.up();
    await rowOf(page, "West", failed.id).waitFor();
    await missing.waitFor({ state: "detached" });
    await page.context().close();
  });

  test("one that does not answer holds up no other", async () => {
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    west.proxy.behave(() => ({ hold }));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const page = await open();
    await rowOf(page, "East", failed.id).waitFor();
    await inProgress(page).locator(".stale", { hasText: "West:" }).waitFor();
    const marks = [true, false, true];
    for (const now of marks) {
      await east.engine.send("PUT", `/batch/${suspended.id}/suspended`, { suspended: now });
      await rowOf(page, "East", suspended.id)
        .getByText("suspended")
        .waitFor({ state: now ? "visible" : "detached" });
    }
    west.proxy.behave();
    release();
    await rowOf(page, "West", failed.id).waitFor();
    await page.context().close();
  });
});

describe("two engines in which time stands still", async () => {
  const still = [...clock, "--speed", "0.01"];
  const { east, west, open } = await setEngines({
    east: { name: "East", demo: still },
    west: { name: "West", demo: still },
  });

  test("pages and order are of all rows of both, each once", async () => {
    const page = await open({ hash: "batch-view/batches?completed.size=100&completed.sort=-end" });
    const rows = [];
    const ended = (await east.engine.completedCount()) + (await west.engine.completedCount());
    for (let first = 0; first < ended; first += 100) {
      await completed(page)
        .getByText(`${first + 1}–${Math.min(first + 100, ended)} of ${ended}`)
        .waitFor();
      await until("its rows", async () => {
        const now = await keysOf(completed(page));
        return now[0] !== rows.at(-100) && now.length === Math.min(100, ended - first) && !rows.includes(now[0]);
      });
      rows.push(...(await keysOf(completed(page))));
      if (rows.length < ended) await completed(page).getByRole("button", { name: "Next" }).click();
    }
    assert.equal(new Set(rows).size, ended);
    const ends = new Map();
    for (const [id, { engine }] of Object.entries({ east, west }))
      for (const batch of await engine.completed(1000)) ends.set(`${id}\n${batch.id}`, Date.parse(batch.endTime));
    assert.deepEqual(new Set(rows), new Set(ends.keys()));
    const times = rows.map((key) => ends.get(key));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
    // A page that is opened by its address begins where it would have been come to.
    const link = await open({ hash: "batch-view/batches?completed.size=50&completed.page=4" });
    await completed(link).getByText(`151–200 of ${ended}`).waitFor();
    await until("the same rows", async () => (await keysOf(completed(link))).join() === rows.slice(150, 200).join());
    await page.context().close();
    await link.context().close();
  });
});

describe("an engine that refuses the password beside one that does not", async () => {
  const { east, west, open } = await setEngines({
    east: { name: "East", demo: [] },
    west: { name: "West", demo: ["--auth"], user: "demo", password: "wrong" },
  });

  test("is named, is asked no more, and hides nothing of the other", async () => {
    const page = await open();
    const { failed } = east.batches;
    await rowOf(page, "East", failed.id).waitFor();
    const missing = inProgress(page).locator(".stale", { hasText: "West: The engine refuses the credentials" });
    await missing.waitFor();
    const signedIn = () => west.proxy.asked.filter(({ signedIn }) => signedIn).length;
    const polls = () => east.proxy.asked.filter(({ path }) => path.includes("/batch/statistics?")).length;
    const [asked, before] = [west.proxy.asked.length, polls()];
    await until("the other is polled five times", () => polls() >= before + 5);
    assert.equal(west.proxy.asked.length, asked, "a wrong password sent again and again locks the account");
    assert.equal(signedIn(), 1, "nor is it sent with each question at the start");
    await missing.getByRole("button", { name: "Try again" }).click();
    await until("it is tried once more", () => signedIn() === 2);
    await choose(page, "west");
    await inProgress(page).locator(".note").getByText("The engine refuses the credentials.").waitFor();
    await choose(page, "");
    await rowOf(page, "East", failed.id).waitFor();
    await rowOf(page, "East", failed.id).getByRole("link").first().click();
    await loaded(page, failed.id);
    assert.equal(signedIn(), 2, "and no more than that");
    await page.context().close();
  });
});

describe("an engine that is named in its address, on two nodes", async () => {
  const { one, open } = await setEngines({
    one: { demo: ["--auth"], user: "demo", password: "demo", nodes: 2, path: "/engine/default" },
  });
  const { failed, suspended } = one.batches;
  const asked = () => one.proxies.flatMap((proxy) => proxy.asked);

  test("is asked for everything below that address", async () => {
    const page = await open({ hash: "batch-view/batches?thing=details/one/" + failed.id });
    await loaded(page, failed.id);
    assert.equal(await page.getByLabel("Engine", { exact: true }).count(), 0, "of one engine no switch");
    await failedJobs(page).getByText("1–7 of 7").waitFor();
    await details(page)
      .getByRole("button", { name: "Job log", exact: true })
      .or(details(page).locator("summary", { hasText: "Job log" }))
      .first()
      .click();
    await failedJobs(page).getByRole("link", { name: "Full stack trace" }).first().click();
    await details(page)
      .getByText(/at org\./)
      .first()
      .waitFor();
    await page.goBack();
    await loaded(page, failed.id);
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await until("it is suspended", async () => (await one.engine.batch(failed.id)).suspended);
    const elsewhere = asked().filter(({ path }) => !path.startsWith("/engine-rest/engine/default/"));
    assert.deepEqual(
      elsewhere.map(({ method, path }) => `${method} ${path}`),
      [],
    );
    for (const what of ["/user?", "/authorization/check?", "/history/", "/suspended", "/stacktrace"])
      assert.ok(
        asked().some(({ path }) => path.includes(what)),
        `${what} was asked`,
      );
    await page.context().close();
  });

  test("goes on at the other node when one is gone, without a word", async () => {
    const page = await open();
    const row = inProgress(page).locator(`tr[data-id="${suspended.id}"]`);
    await row.getByText("suspended").waitFor();
    for (const [gone, proxy] of one.proxies.entries()) {
      await proxy.down();
      await row.getByRole("checkbox").check();
      await page
        .locator(".bulk")
        .getByRole("button", { name: gone === 0 ? "Resume" : "Suspend" })
        .click();
      await row.getByText("suspended").waitFor({ state: gone === 0 ? "detached" : "visible" });
      assert.equal(await page.locator(".stale").count(), 0);
      const before = proxy.asked.length;
      await proxy.up();
      await until("it is used again", () => proxy.asked.length > before);
    }
    await page.context().close();
  });
});
