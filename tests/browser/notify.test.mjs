// Being told of what happens to a list: in the page while it is seen, by the system while it is hidden, and then once.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, row, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** A browser that lets the page tell things, and keeps what it told. */
function letTell() {
  window.systemTold = [];
  window.Notification = class {
    static permission = "granted";
    static requestPermission = () => Promise.resolve("granted");
    constructor(_, { body }) {
      window.systemTold.push(body);
    }
  };
}

const see = (page, state) =>
  page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);

describe("what happens to batches", async () => {
  const { engine, proxy, batches, open, host } = await setStage({ demo: [] });
  const { running, suspended, stuck } = batches;
  afterEach(() => proxy.well());
  const page = await open();
  await page.context().addInitScript(letTell);
  const other = await page.context().newPage();
  await Promise.all([page.reload(), other.goto(host.url)]);
  const systemTold = async () =>
    (await Promise.all([page, other].map((tab) => tab.evaluate(() => window.systemTold)))).flat();
  const fails = async () => {
    const all = await engine.running();
    for (const batch of all) if (batch.id === running.id) batch.failedJobs = 3;
    proxy.behave(({ path }) =>
      /\/batch\/statistics\?.*sortBy/.test(path) ? { status: 200, body: JSON.stringify(all) } : undefined,
    );
  };

  test("what stood there at the first look is not told", async () => {
    for (const tab of [page, other]) {
      await row(tab, running.id).waitFor();
      await completed(tab).locator("tbody tr").first().waitFor();
    }
    // Nor what the plugin finds out a moment later.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    assert.equal(await page.locator(".toast").count(), 0);
    assert.deepEqual(await systemTold(), []);
  });

  test("a batch that begins to need someone is told in the page that is seen", async () => {
    await fails();
    const { text, tone } = await told(page, "needs someone");
    assert.match(text, new RegExp(running.id));
    assert.match(tone, /danger/);
    assert.deepEqual(await systemTold(), [], "and not by the system");
  });

  test("one that is only read anew is not told again", async () => {
    const before = await page.evaluate(() => window.everTold.length);
    await proxy.well();
    await row(page, running.id).getByText("failing").waitFor({ state: "detached" });
    await fails();
    await row(page, running.id).getByText("failing").waitFor();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal(await page.evaluate(() => window.everTold.length), before);
  });

  test("a batch that ends is told when it stands among the ended ones", async () => {
    const short = await until("one is about to end", async () =>
      [...(await engine.running()), ...(await engine.completed(1))].find(({ totalJobs }) => totalJobs === 30),
    );
    assert.match((await told(page, "has ended")).text, new RegExp(short.id));
  });

  test("one that somebody deleted is told to be deleted, and not to have ended", async () => {
    await engine.send("DELETE", `/batch/${suspended.id}?cascade=false`);
    assert.match((await told(page, "was deleted")).text, new RegExp(suspended.id));
    assert.ok(
      !(await page.evaluate(() => window.everTold)).some(
        ({ text }) => /has ended/.test(text) && text.includes(suspended.id),
      ),
    );
  });

  test("what only moves up from the next page is not told", async () => {
    const shown = await completed(page)
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((one) => one.dataset.id));
    const before = await page.evaluate(() => window.everTold.length);
    await engine.send("DELETE", `/history/batch/${shown.at(-1)}`);
    await completed(page)
      .locator(`tr[data-id="${shown.at(-1)}"]`)
      .waitFor({ state: "detached" });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal(await page.evaluate(() => window.everTold.length), before);
  });

  test("while all tabs are hidden the system tells it, once", async () => {
    for (const tab of [page, other]) await see(tab, "hidden");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await engine.send("DELETE", `/batch/${stuck.id}?cascade=false`);
    await until("the system tells it", async () => (await systemTold()).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const said = await systemTold();
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0], new RegExp(`was deleted.*${stuck.id}`));
  });
});
