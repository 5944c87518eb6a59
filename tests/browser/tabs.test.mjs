// Many tabs of one profile: they share one event stream, so that none is left without because a browser allows a host six
// connections; and the engine is asked as for one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, hashOf, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const many = 12;
const watchedFor = 6_000;
/** The beat of the plugin's looks, in ms; a look more at each end of the time watched. */
const beats = Math.ceil(watchedFor / 1250) + 2;
const fewest = 2;

const live = (page) => page.locator(".live.live").waitFor();

describe(`${many} tabs of one profile`, async () => {
  const { host, engine, proxy, batches, open } = await setStage();
  const { failed, running, suspended } = batches;
  const first = await open();
  const context = first.context();
  const streams = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/stream")) streams.push(request);
  });
  const tabs = [first];
  const another = async (hash = "") => {
    const page = await context.newPage();
    page.on("pageerror", (error) => first.complaints.push(`error: ${error.message}`));
    await page.goto(`${host.url}${hash && `#/${hash}`}`);
    tabs.push(page);
    return page;
  };
  /** Each gets news. */
  const goesOn = (pages) =>
    Promise.all(
      pages.map(async (page) => {
        await live(page);
        const was = await done(page);
        await until("the batch goes on", async () => (await done(page)) > was);
      }),
    );
  const done = async (page) =>
    Number(
      await row(page, running.id)
        .locator(".progress .hidden")
        .innerText()
        .then((text) => /[\d,]+/.exec(text)?.[0].replace(",", "")),
    );

  test("all show live data over one stream, and the engine is asked as for one", async () => {
    await row(first, running.id).waitFor();
    while (tabs.length < many) await another();
    for (const page of tabs) {
      await row(page, running.id).waitFor();
      await live(page);
    }
    assert.ok(
      streams.every((request) => request.frame().page() === first),
      "no tab but the first opened a stream",
    );
    const before = proxy.asked.length;
    await new Promise((resolve) => setTimeout(resolve, watchedFor));
    const looks = proxy.asked.slice(before).filter(({ path }) => path.includes("/batch/statistics?sortBy"));
    assert.ok(looks.length <= beats, `${looks.length} looks`);
    assert.ok(looks.length >= fewest, `${looks.length} looks`);
  });

  test("what moves, moves in all", () => goesOn(tabs));

  test("one that opens something else gets it, and only it", async () => {
    const page = tabs.at(-1);
    await page.goto(`${host.url}#/${hashOf(failed.id)}`);
    await loaded(page, failed.id);
    await details(page).getByText("1–7 of 7").waitFor();
    const other = await another(hashOf(suspended.id));
    await loaded(other, suspended.id);
    assert.equal(await details(tabs[1]).count(), 0);
  });

  test("what is done in one shows in the others", async () => {
    await tabs.at(-1).bringToFront();
    await details(tabs.at(-1)).getByRole("button", { name: "Resume" }).click();
    await until("the engine resumed it", async () => (await engine.batch(suspended.id))?.suspended === false);
    for (const page of [first, tabs[5], tabs[9]]) {
      await until(
        "it is no longer suspended",
        async () => (await row(page, suspended.id).getByText("suspended").count()) === 0,
      );
    }
  });

  test("the one that has the stream is closed, and the others go on without losing what they show", async () => {
    const [leader, ...rest] = tabs.splice(0);
    tabs.push(...rest);
    for (const page of rest) {
      await page.evaluate(() => {
        window.lostRows = 0;
        window.lostLine = 0;
        new MutationObserver(() => {
          if (!document.querySelector("tbody tr")) window.lostRows += 1;
          if (document.querySelector(".cut-off")) window.lostLine += 1;
        }).observe(document.body, { subtree: true, childList: true });
      });
    }
    streams.splice(0);
    await leader.close();
    await until("another tab opens a stream", () => streams.length === 1);
    await goesOn(rest);
    for (const page of rest) {
      assert.deepEqual(await page.evaluate(() => [window.lostRows, window.lostLine]), [0, 0]);
    }
    assert.equal(streams.length, 1, "and only one");
  });

  test("one that crashes hands on too", async () => {
    const leader = streams[0]?.frame().page();
    const rest = tabs.filter((page) => page !== leader);
    const protocol = await context.newCDPSession(leader);
    void protocol.send("Page.crash").catch(() => undefined);
    await until("another tab opens a stream", () => streams.length === 2);
    await goesOn(rest);
    tabs.splice(0, tabs.length, ...rest);
  });

  test("one that is hidden hands on, and is back when it is seen", async () => {
    const leader = streams[1]?.frame().page();
    const see = (state) =>
      leader.evaluate((now) => {
        Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await see("hidden");
    await until("another tab opens a stream", () => streams.length === 3);
    await leader.locator(".live.paused").waitFor();
    await goesOn(tabs.filter((page) => page !== leader));
    await see("visible");
    await goesOn([leader]);
    assert.equal(streams.length, 3, "over the other's stream");
  });

  test("what only a closed tab looked at is no longer asked", async () => {
    const polls = () => proxy.asked.filter(({ path }) => path.includes("/batch/statistics?sortBy")).length;
    const looking = () =>
      proxy.asked.filter(({ path }) => path.includes(failed.id) || path.includes(failed.batchJobDefinitionId)).length;
    for (const page of tabs.filter((one) => one.url().includes(failed.id))) await page.close();
    await until("nobody asks for it", async () => {
      const [before, polled] = [looking(), polls()];
      await until("the list is polled thrice", () => polls() >= polled + 3);
      return looking() === before;
    });
  });

  test("where the browser has no locks, each tab has its own stream", async () => {
    const page = await open();
    await live(page);
    await page.context().addInitScript(() => delete Navigator.prototype.locks);
    const own = [];
    page.context().on("request", (request) => {
      if (request.url().endsWith("/api/stream")) own.push(request);
    });
    const second = await page.context().newPage();
    await Promise.all([page.reload(), second.goto(host.url)]);
    await goesOn([page, second]);
    assert.equal(own.length, 2);
  });
});
