// The order of the lists by each column, the size of their pages, and both in the address.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, inProgress } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("lists are ordered", async () => {
  const { engine, made, open } = await setStage({ kinds: ["suspended", "failed"] });
  // What stands still, so that an order does not change while it is looked at; of some the history knows the end.
  for (let count = 1; count <= 4; count += 1) await made.suspend((await made.failed(count)).id);
  for (let count = 1; count <= 12; count += 1) await engine.send("DELETE", `/batch/${(await made.failed(1)).id}`);
  const time = (text) => Date.parse(text);
  const columns = {
    ID: ({ id }) => id,
    Type: ({ type }) => type,
    Started: ({ startTime }) => time(startTime),
    Failed: ({ failedJobs }) => failedJobs,
    Progress: ({ completedJobs, totalJobs }) => completedJobs / totalJobs,
    Ended: ({ endTime }) => time(endTime),
    Duration: ({ startTime, endTime }) => time(endTime) - time(startTime),
    Jobs: ({ totalJobs }) => totalJobs,
  };
  const ended = () => engine.get("/history/batch?completed=true&maxResults=2000");
  const rowsOf = (list) => list.locator("tbody tr:not(.gone)");
  const shownIds = (list) => rowsOf(list).evaluateAll((rows) => rows.map((one) => one.dataset.id));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  /** The first page holds the first of all that there are, by that column. */
  const inOrder = (list, all, key, downwards) =>
    until("the first come first", async () => {
      const batches = await all();
      const byId = new Map(batches.map((batch) => [batch.id, batch]));
      const shown = await shownIds(list);
      if (shown.length !== Math.min(20, batches.length) || !shown.every((id) => byId.has(id))) return false;
      const sorted = batches.map(key).sort(compare);
      if (downwards) sorted.reverse();
      const keys = shown.map((id) => key(byId.get(id)));
      return keys.every((value, at) => value === sorted[at]);
    });

  for (const [title, listOf, prefix, all, names] of [
    ["in progress", inProgress, "in-progress", () => engine.running(), ["ID", "Type", "Started", "Failed", "Progress"]],
    ["completed", completed, "completed", ended, ["ID", "Type", "Started", "Ended", "Duration", "Jobs"]],
  ]) {
    for (const name of names) {
      test(`${title}: by ${name.toLowerCase()}, both ways, and again by the address alone`, async () => {
        const page = await open({ width: 1920 });
        const list = listOf(page);
        await rowsOf(list).first().waitFor();
        for (const press of [1, 2]) {
          const header = list.getByRole("columnheader", { name });
          if ((await header.count()) === 0) {
            // A column that is another one's second line has no head of its own: its order is a link's.
            const order = press === 1 ? "id" : "-id";
            await page.goto(page.url().replace(/#.*/, `#/batch-view/batches?${prefix}.sort=${order}`));
          } else await header.getByRole("button").click();
          const said = await until("the address says it", () =>
            new RegExp(`${prefix}\\.sort=(-?)`).exec(decodeURIComponent(page.url())),
          );
          await inOrder(list, all, columns[name], said[1] === "-");
        }
        const address = page.url();
        const downwards = /\.sort=-/.test(decodeURIComponent(address));
        await page.reload();
        await inOrder(list, all, columns[name], downwards);
        assert.equal(page.url(), address);
        await page.context().close();
      });
    }
  }

  test("the page size can be chosen, and the address keeps it", async () => {
    // The oldest first: what ends meanwhile stands on the last page.
    const page = await open({ hash: "batch-view/batches?completed.sort=end" });
    const list = completed(page);
    const says = (from, to) =>
      until(`rows ${from} to ${to}`, async () => {
        const rows = (await shownIds(list)).length;
        const total = (await ended()).length;
        return (
          rows === to - from + 1 && (await list.locator(".pager").innerText()).startsWith(`${from}–${to} of ${total}`)
        );
      });
    await rowsOf(list).first().waitFor();
    await list.getByLabel("Rows per page").selectOption("10");
    await says(1, 10);
    const first = await shownIds(list);
    assert.match(page.url(), /completed\.size=10/);
    await list.getByRole("button", { name: "Next" }).click();
    const last = Math.min(20, (await ended()).length);
    await says(11, last);
    const second = await until("other rows", async () => {
      const now = await shownIds(list);
      return now.every((id) => !first.includes(id)) && now;
    });
    await page.reload();
    await says(11, last);
    assert.deepEqual(await shownIds(list), second);
    await page.context().close();
  });
});
