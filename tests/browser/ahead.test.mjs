// What a click opens is read from the moment the button goes down, details and sections in one go, and once; by keyboard
// once the focus rests on a row. What is read so and not opened is dropped, and nobody sees it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, failedJobs, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("what a person is about to open", async () => {
  const { batches, proxy, open } = await setStage();
  const { failed } = batches;

  /** A page that has all its code, and the sets of reads that it watches from then on, newest last. */
  const opened = async () => {
    const page = await open();
    await row(page, failed.id).waitFor();
    await until("descriptions are here", () =>
      page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .some((one) => one.name.includes("api/plugins/") && one.responseEnd > 0),
      ),
    );
    const sets = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && /api\/stream\/./.test(request.url())) sets.push(request.postDataJSON().watch);
    });
    return { page, sets };
  };
  const about = (watch, id) => watch.filter(({ row: asked, parent }) => asked?.id === id || parent?.id === id);
  const places = (watch) => watch.map(({ at }) => at.replace("views/details", "")).sort();

  test("is read when the button goes down, in one go, and not again by the click", async () => {
    const { page, sets } = await opened();
    await row(page, failed.id).getByRole("link").first().hover();
    await page.mouse.down();
    await until("it is read", () => sets.some((watch) => about(watch, failed.id).length > 0));
    assert.equal(await details(page).count(), 0, "nothing is open yet");
    const first = about(sets[0], failed.id);
    assert.ok(places(first).includes("") && places(first).includes("/sections/failed-jobs"), `${places(first)}`);
    await page.mouse.up();
    await loaded(page, failed.id);
    await failedJobs(page).getByText("1–7 of 7").waitFor();
    const keys = new Map(first.map(({ at, key }) => [at, key]));
    for (const { at, key } of about(sets.at(-1), failed.id))
      if (keys.has(at)) assert.equal(key, keys.get(at), `${at} goes on with the same read`);
    await page.context().close();
  });

  test("with the arrows only the row is read on which the focus rests; not opened, it is dropped unseen", async () => {
    const { page, sets } = await opened();
    const rows = page.locator('[aria-label="In progress"] tbody tr');
    const ids = await rows.evaluateAll((all) => all.map((one) => one.dataset.id));
    const rests = Math.min(3, ids.length - 1);
    // What is asked about one batch fails; the list goes on.
    proxy.behave(({ path }) => (path.includes(ids[rests]) ? { status: 500, body: "{}" } : undefined));
    await rows.first().focus();
    await page.evaluate((steps) => {
      for (let step = 0; step < steps; step += 1)
        document.activeElement.dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }),
        );
    }, rests);
    await until("the last is read", () => sets.some((watch) => about(watch, ids[rests]).length > 0));
    for (const passed of ids.slice(0, rests)) assert.ok(!sets.some((watch) => about(watch, passed).length > 0), passed);
    await until("and dropped", () => about(sets.at(-1), ids[rests]).length === 0);
    assert.equal(await details(page).count(), 0);
    assert.equal(await page.locator(".toast,.live.away,.note").count(), 0);
    proxy.behave();
    await page.context().close();
  });
});
