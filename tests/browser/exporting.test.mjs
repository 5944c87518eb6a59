// Lists and failed jobs taken along as CSV and JSON: all pages, in the order and with the filters that are shown.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { completed, failedJobs, inProgress, openDetails } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** Lines of cells. A cell may be quoted, with line ends in it. */
function parsed(csv) {
  const lines = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && plain === "" && end === "" && lines.at(-1).length === 0) break;
    lines.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") lines.push([]);
  }
  if (lines.at(-1).length === 0) lines.pop();
  const [titles, ...rows] = lines;
  return rows.map((cells) => {
    assert.equal(cells.length, titles.length, cells.join());
    return Object.fromEntries(cells.map((cell, at) => [titles[at], cell]));
  });
}

describe("lists are taken along", async () => {
  const { engine, batches, made, open } = await setStage({ kinds: ["failed", "suspended"] });
  const { failed } = batches;
  const many = await made.failed(25);
  for (let count = 0; count < 22; count += 1) {
    const { id } = await made.ending(1);
    await engine.send("DELETE", `/batch/${id}`);
  }
  const taken = async (page, list, format) => {
    await list.getByRole("button", { name: /^Export/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .locator(".popover:popover-open")
        .getByRole("button", { name: `Export as ${format}` })
        .click(),
    ]);
    assert.ok(download.suggestedFilename().endsWith(`.${format.toLowerCase()}`));
    const text = readFileSync(await download.path(), "utf8");
    return format === "CSV" ? parsed(text) : JSON.parse(text);
  };
  const rowsOf = (answer) => (Array.isArray(answer) ? answer : answer.rows);
  const ended = () => engine.get("/history/batch?completed=true&maxResults=2000");

  for (const format of ["CSV", "JSON"]) {
    test(`the completed ones as ${format}: all of them, not only the page that is shown`, async () => {
      // The oldest first: what ends meanwhile comes last, and is left out here.
      const page = await open({ hash: "batch-view/batches?completed.sort=end" });
      await completed(page)
        .getByText(/^1–20 of/)
        .waitFor();
      const before = await ended();
      const rows = rowsOf(await taken(page, completed(page), format));
      const found = new Map(rows.map((row) => [row.id, row]));
      assert.equal(found.size, rows.length, "each once");
      assert.ok(before.length > 20);
      for (const record of before) {
        const row = found.get(record.id);
        assert.ok(row, record.id);
        assert.equal(row.type, record.type);
        assert.equal(Number(row.total), record.totalJobs);
        assert.equal(Date.parse(row.start), Date.parse(record.startTime));
        assert.equal(Date.parse(row.end), Date.parse(record.endTime));
      }
      const ends = rows.map(({ end }) => Date.parse(end));
      assert.deepEqual(
        ends,
        [...ends].sort((a, b) => a - b),
        "in the order that is shown",
      );
      const known = new Set((await ended()).map(({ id }) => id));
      for (const id of found.keys()) assert.ok(known.has(id), `${id} is none of the engine's`);
      await page.context().close();
    });

    test(`those in progress that a filter leaves as ${format}`, async () => {
      const page = await open({ hash: "batch-view/batches?in-progress.f.failures=true" });
      await inProgress(page).locator(`tr[data-id="${failed.id}"]`).waitFor();
      const rows = rowsOf(await taken(page, inProgress(page), format));
      const now = (await engine.running()).filter(({ failedJobs }) => failedJobs > 0);
      assert.deepEqual(new Set(rows.map(({ id }) => id)), new Set(now.map(({ id }) => id)));
      const one = rows.find(({ id }) => id === failed.id);
      assert.equal(one.type, failed.type);
      assert.equal(one.state, "blocked");
      assert.equal(Number(one.failed), 7);
      assert.equal(Number(one.completed), 33);
      await page.context().close();
    });

    test(`the failed jobs of a batch as ${format}, with their messages in full`, async () => {
      for (const batch of [many, failed]) {
        const page = await openDetails(open, batch.id);
        await failedJobs(page)
          .getByText(new RegExp(`^1–\\d+ of ${batch.failedJobs}$`))
          .waitFor();
        const rows = rowsOf(await taken(page, failedJobs(page), format));
        const jobs = await engine.failedJobs(batch);
        assert.equal(rows.length, batch.failedJobs);
        const found = new Map(rows.map((row) => [row.id, row]));
        assert.deepEqual(new Set(found.keys()), new Set(jobs.map(({ id }) => id)));
        for (const job of jobs) {
          const message = found.get(job.id).message;
          // The exception is named without its package, as on the page.
          assert.ok(
            message.length > 20 && job.exceptionMessage.endsWith(message),
            `${message} | ${job.exceptionMessage}`,
          );
        }
        await page.context().close();
      }
    });
  }
});
