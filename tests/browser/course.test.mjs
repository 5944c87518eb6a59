// How a batch goes: its rate and its end where they are known and nowhere else, its course as a drawing and in numbers, and
// what becomes of an open one that ends.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { farAhead } from "./support/batches.mjs";
import { until } from "./support/engine.mjs";
import { completed, details, hashOf, inProgress, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** "3 min 20 s" in seconds. */
function seconds(text) {
  const sizes = { d: 86_400, h: 3600, min: 60, s: 1 };
  const parts = [...text.matchAll(/([\d,]+)\s(d|h|min|s)\b/g)];
  assert.ok(parts.length > 0, `no duration: ${text}`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count.replaceAll(",", "")) * sizes[unit], 0);
}

describe("how a batch goes", async () => {
  // The demo engine's monitor job looks every 30 s by its own clock.
  const { engine, batches, made, open } = await setStage({ kinds: ["running", "failed"], demoArgs: ["--speed", "3"] });
  const { running, failed } = batches;
  const tile = (page, label) =>
    details(page)
      .locator("dl.tiles > div")
      .filter({ has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) })
      .locator("dd");
  const opened = async (id) => {
    const page = await open({ hash: hashOf(id) });
    await loaded(page, id);
    return page;
  };
  const drawn = async (page) => {
    const course = details(page).locator("#section-course");
    await course.getByRole("button", { name: "Progress over time" }).click();
    await course.locator(".canvas canvas").first().waitFor();
    await course.getByRole("button", { name: "Show numbers" }).click();
    await course.locator("tbody tr").first().waitFor();
    return course;
  };
  /** What the drawing says of itself, and the numbers: of one moment. */
  const numbersOf = (course) =>
    course.evaluate((one) => ({
      label: one.querySelector("[role=img]").getAttribute("aria-label"),
      heads: [...one.querySelectorAll("thead th")].map((head) => head.textContent.trim()),
      rows: [...one.querySelectorAll("tbody tr")].map((tr) => [...tr.cells].map((cell) => cell.textContent.trim())),
    }));
  const figure = (text) => (text === "–" ? 0 : Number(text.replaceAll(",", "")));

  test("one that moves has a rate and an end, which fit what is left to do", async () => {
    const page = await opened(running.id);
    await until("it was watched long enough", async () =>
      /^[\d.]+\sjobs\/s$/.test(await tile(page, "Rate").innerText()),
    );
    const seen = await until("rate and end of one moment", async () => {
      const texts = await details(page)
        .locator("dl.tiles > div")
        .evaluateAll((all) =>
          all.map((one) => [one.querySelector("dt").textContent, one.querySelector("dd").innerText]),
        );
      const said = Object.fromEntries(texts);
      return /\d/.test(said["Time left"]) && said;
    });
    const rate = Number(/[\d.]+/.exec(seen.Rate)[0]);
    assert.ok(rate > 0, seen.Rate);
    const working = figure(seen.Remaining) - figure(seen.Failed);
    const ratio = seconds(seen["Time left"]) / (working / rate);
    assert.ok(ratio > 0.8 && ratio < 1.25, `${working} at ${seen.Rate} in ${seen["Time left"]}`);
    const inList = row(page, running.id).locator("td.type-duration");
    await until("the list says it, too", async () => /\d+\s(s|min|h)/.test(await inList.innerText()));
    await page.context().close();
  });

  test("nothing is guessed: one that stands still has no end, and one that waits for somebody no rate either", async () => {
    const still = await made.failed(3);
    for (const { id } of await engine.failedJobs(still)) await made.setRetries(id, 1, farAhead);
    const page = await opened(still.id);
    await tile(page, "Time left").getByText("measuring…").waitFor();
    // Also when it was watched for long enough to know that it does not move.
    await until("it was watched", async () => /^0\sjobs\/s$/.test(await tile(page, "Rate").innerText()));
    assert.equal(await tile(page, "Time left").innerText(), "measuring…");
    assert.doesNotMatch(await row(page, still.id).locator("td.type-duration").innerText(), /\d/);

    await made.suspend(running.id);
    for (const id of [failed.id, running.id]) {
      await page.goto(page.url().replace(/#.*/, `#/${hashOf(id)}`));
      await loaded(page, id);
      await details(page)
        .locator("h1")
        .getByText(id === running.id ? "suspended" : "blocked")
        .waitFor();
      await tile(page, "Remaining").waitFor();
      assert.equal(await tile(page, "Rate").count(), 0);
      assert.equal(await tile(page, "Time left").count(), 0);
      await until(
        "nor in the list",
        async () => !/\d/.test(await row(page, id).locator("td.type-duration").innerText()),
      );
    }
    await made.suspend(running.id, false);
    await page.context().close();
  });

  test("its course is drawn, and the same numbers stand in a table", async () => {
    const page = await opened(running.id);
    const before = await engine.batch(running.id);
    const course = await drawn(page);
    const { label, heads, rows } = await until("it is seen to go on", async () => {
      const now = await numbersOf(course);
      return figure(now.rows.at(-1)[1]) > before.completedJobs && now;
    });
    const after = await engine.batch(running.id);
    assert.deepEqual(heads, ["", "Done", "Failed", "Remaining"]);
    assert.ok(rows.length > 3);
    const done = rows.map((cells) => figure(cells[1]));
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
      "what is done stays done",
    );
    assert.equal(done[0], 0);
    assert.ok(done.at(-1) <= after.completedJobs);
    for (const cells of rows)
      assert.equal(
        cells
          .slice(1)
          .map(figure)
          .reduce((sum, count) => sum + count, 0),
        running.totalJobs,
        cells.join(),
      );
    const [, last] = [rows[0], rows.at(-1)];
    assert.ok(label.startsWith(`${rows[0][0]} – ${last[0]}: `), label);
    assert.ok(label.endsWith(`Done ${last[1]}, Failed ${last[2]}, Remaining ${last[3]}`), label);
    await page.context().close();
  });

  test("the past of one that stands still is the job log's", async () => {
    const page = await opened(failed.id);
    const { rows } = await numbersOf(await drawn(page));
    const log = `/history/job-log?jobDefinitionId=${failed.batchJobDefinitionId}&successLog=true`;
    const ran = (await engine.get(`${log}&maxResults=1000`)).map(({ timestamp }) => Date.parse(timestamp));
    assert.equal(ran.length, 33);
    assert.deepEqual(rows.at(-1).slice(1).map(figure), [33, 7, 0]);
    // To the second, as the page says it.
    const said = new Intl.DateTimeFormat("en-GB", {
      dateStyle: "medium",
      timeStyle: "medium",
      timeZone: "Europe/Berlin",
    });
    const second = (text) => Date.parse(text.replace(",", ""));
    const ends = ran.map((time) => second(said.format(time)));
    for (const [time, done] of rows) {
      assert.ok(second(time) > 0, time);
      const before = ends.filter((end) => end < second(time)).length;
      const until = ends.filter((end) => end <= second(time)).length;
      assert.ok(before <= figure(done) && figure(done) <= until, `${done} at ${time}, not ${before} to ${until}`);
    }
    const counts = rows.map((cells) => figure(cells[1]));
    assert.ok(new Set(counts).size > 5, "more than the beginning and the end");
    await page.context().close();
  });

  test("one that ends while it is open becomes its record in place", async () => {
    const batch = await made.failed(5);
    const page = await opened(batch.id);
    await row(page, batch.id).getByText("blocked").waitFor();
    for (const { id } of await engine.failedJobs(batch)) await engine.send("DELETE", `/job/${id}`);
    await until("the engine ended it", async () => !(await engine.batch(batch.id)), 120_000);
    await details(page).locator("h1").getByText("completed", { exact: true }).waitFor();
    await details(page).getByText("Every job ran or was deleted.").waitFor();
    assert.equal(await tile(page, "Jobs").innerText(), "5");
    const record = await engine.record(batch.id);
    const ended = await details(page)
      .locator("dl.facts > div")
      .filter({ has: page.locator("dt", { hasText: /^Ended$/ }) })
      .locator("time")
      .getAttribute("datetime");
    assert.equal(Date.parse(ended), Date.parse(record.endTime));
    assert.equal(await details(page).getByRole("button", { name: "Suspend" }).count(), 0);
    assert.ok(page.url().includes(batch.id));
    await page.mouse.move(1, 1);
    await completed(page).locator(`tr[data-id="${batch.id}"]`).waitFor();
    await inProgress(page).locator(`tr[data-id="${batch.id}"]`).waitFor({ state: "detached" });
    await page.context().close();
  });
});
