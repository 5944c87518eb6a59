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
  const { running, suspended, stuck, failed, tenant } = batches;
  afterEach(() => proxy.well());
  const page = await open();
  await page.context().addInitScript(letTell);
  const other = await page.context().newPage();
  // So that the moments in which a page lets things settle need not be waited for.
  for (const tab of [page, other]) await tab.clock.install();
  await Promise.all([page.reload(), other.goto(host.url)]);
  const settled = () => Promise.all([page, other].map((tab) => tab.clock.fastForward(6_000)));
  const systemTold = async () =>
    (await Promise.all([page, other].map((tab) => tab.evaluate(() => window.systemTold)))).flat();
  const everTold = async (...words) =>
    (await page.evaluate(() => window.everTold))
      .map(({ text }) => text)
      .filter((text) => words.every((word) => text.includes(word)));
  const fails = async () => {
    const all = await engine.running();
    for (const batch of all) if (batch.id === running.id) batch.failedJobs = 3;
    proxy.behave(({ path }) =>
      /\/batch\/statistics\?.*sortBy/.test(path) ? { status: 200, body: JSON.stringify(all) } : undefined,
    );
    await row(page, running.id).getByText("failing").waitFor();
  };
  /** Something that is told for certain: what had to be told before it has been. */
  const isDeleted = async (batch) => {
    await engine.send("DELETE", `/batch/${batch.id}?cascade=false`);
    return until(`${batch.id} is told to be deleted`, async () => (await everTold("was deleted", batch.id)).at(0));
  };

  test("a batch that begins to need attention is notified in the visible page; one that already did is not", async () => {
    for (const tab of [page, other]) {
      await row(tab, running.id).waitFor();
      await completed(tab).locator("tbody tr").first().waitFor();
      // What the plugin finds out a moment later.
      await row(tab, stuck.id).getByText("stuck").waitFor();
      await row(tab, failed.id).getByText("blocked").waitFor();
    }
    await settled();
    await fails();
    const { text, tone } = await told(page, "needs attention");
    assert.match(text, new RegExp(running.id));
    assert.match(tone, /danger/);
    assert.equal((await everTold()).length, 1, "and nothing else");
    assert.deepEqual(await systemTold(), [], "and not by the system");
  });

  test("one that is only read again is not notified again; a deleted one is, and not as ended", async () => {
    await proxy.well();
    await row(page, running.id).getByText("failing").waitFor({ state: "detached" });
    await fails();
    await proxy.well();
    await isDeleted(suspended);
    assert.equal((await everTold("needs attention", running.id)).length, 1);
    assert.deepEqual(await everTold(" ended.", suspended.id), []);
  });

  test("a batch that ends is told when it stands among the ended ones", async () => {
    const short = await until("one is about to end", async () =>
      [...(await engine.running()), ...(await engine.completed(1))].find(({ totalJobs }) => totalJobs === 30),
    );
    assert.match((await told(page, " ended.")).text, new RegExp(short.id));
  });

  test("what only moves up from the next page is not told", async () => {
    const ended = completed(page).locator("tbody tr:not(.gone)");
    const idsNow = () => ended.evaluateAll((rows) => rows.map((one) => one.dataset.id));
    const shown = await idsNow();
    const before = await everTold();
    for (const id of shown.slice(-2)) await engine.send("DELETE", `/history/batch/${id}`);
    const sentence = await isDeleted(tenant);
    await until("another one has moved up", async () =>
      (await idsNow()).some((id) => id !== tenant.id && !shown.includes(id)),
    );
    assert.deepEqual((await everTold()).slice(before.length), [sentence]);
  });

  test("while all tabs are hidden the system tells it, once", async () => {
    for (const tab of [page, other]) await see(tab, "hidden");
    await until("one of them lets its stream go", async () => {
      const paused = await Promise.all([page, other].map((tab) => tab.locator(".live.paused").count()));
      return paused[0] + paused[1] === 1;
    });
    for (const batch of [stuck, failed]) {
      await engine.send("DELETE", `/batch/${batch.id}?cascade=false`);
      await until("the system tells it", async () => (await systemTold()).some((said) => said.includes(batch.id)));
    }
    const said = await systemTold();
    assert.equal(said.length, 2, said.join("\n"));
    assert.match(said[0], new RegExp(`was deleted.*${stuck.id}`));
    assert.match(said[1], new RegExp(`was deleted.*${failed.id}`));
  });
});
