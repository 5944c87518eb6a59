// What the first visit costs, what is fetched after it, and the pictures of the README (written only when COCKPIT_SCREENSHOT is 1).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "./support/engine.mjs";
import { details, failedJobs, hashOf, list, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";
import { startWire } from "./support/wire.mjs";

const mostRequests = 6;
const mostBytes = 40_000;
/** Less than this cannot be a whole page with two lists: then the count is wrong. */
const leastBytes = 30_000;
/** What the next click needs is fetched when the browser is idle: code and descriptions. */
const mostIdleBytes = 60_000;
const leastIdleBytes = 20_000;
const isIdle = ({ what }) => /^GET \/(parts-|api\/plugins\/)/.test(what);
/** Another language than English is one more file of words, and is in the description beside it. */
const languages = [
  {
    locale: "en-GB",
    lists: "In progress",
    ended: "Completed",
    requests: mostRequests,
    most: mostBytes,
    idle: mostIdleBytes,
  },
  {
    locale: "de-DE",
    lists: "In Arbeit",
    ended: "Abgeschlossen",
    requests: mostRequests + 1,
    most: mostBytes + 3_000,
    idle: mostIdleBytes + 8_000,
  },
];

describe("the first visit", async () => {
  const wire = await startWire();
  after(() => wire.stop());
  const { host, batches, browser, open } = await setStage({ host: { args: ["--name", wire.name] } });
  wire.pointAt(Number(new URL(host.url).port));
  const { failed } = batches;

  for (const { locale, lists, ended, requests, most, idle: mostIdle } of languages) {
    test(`takes ${requests} requests and at most ${most} bytes, and a repeated one less (${locale})`, async (context) => {
      const fresh = await browser.newContext({ locale });
      const page = await fresh.newPage();
      const bytesOf = (answers) => answers.reduce((all, one) => all + one.bytes, 0);
      const report = (name, answers) => {
        for (const { what, bytes } of answers) context.diagnostic(`${String(bytes).padStart(6)} ${what}`);
        context.diagnostic(`${name}: ${answers.length} requests, ${bytesOf(answers)} bytes with response headers`);
      };
      /** What it takes until both lists and the menu's number are there; what can wait is asked after all of it. */
      const firstLists = async (name) => {
        await list(page, lists).locator(`tr[data-id="${failed.id}"]`).waitFor();
        await list(page, ended).locator("tbody tr").first().waitFor();
        await page
          .getByRole("navigation")
          .getByText(/^[1-9]/)
          .first()
          .waitFor();
        const answers = wire.asked();
        const needed = answers.filter((one) => !isIdle(one));
        report(name, needed);
        assert.deepEqual(answers.slice(0, needed.length), needed, "nothing that can wait was asked before");
        return { count: needed.length, bytes: bytesOf(needed), names: needed.map(({ what }) => what).join(", ") };
      };
      /** What is fetched after that: all that the next click needs. */
      const idle = async () => {
        const fetched = () =>
          page.evaluate(() =>
            ["parts-", "api/plugins/"].every((name) =>
              performance.getEntriesByType("resource").some((one) => one.name.includes(name) && one.responseEnd > 0),
            ),
          );
        await until("what the next click needs was fetched", fetched);
        const answers = wire.asked().filter(isIdle);
        report("idle", answers);
        return bytesOf(answers);
      };
      await page.goto(`${wire.url}#token=${host.token}`);
      const cold = await firstLists("cold");
      assert.equal(cold.count, requests, cold.names);
      assert.ok(cold.bytes <= most, `${cold.bytes} bytes`);
      assert.ok(cold.bytes >= leastBytes, `${cold.bytes} bytes`);
      const ahead = await idle();
      assert.ok(ahead <= mostIdle, `${ahead} bytes`);
      assert.ok(ahead >= leastIdleBytes, `${ahead} bytes`);

      wire.forget();
      await page.reload();
      const repeated = await firstLists("repeated");
      assert.ok(repeated.bytes < cold.bytes / 4, `${repeated.bytes} bytes`);
      assert.ok(repeated.bytes > 1000, `${repeated.bytes} bytes`);
      await fresh.close();
      wire.forget();
    });
  }

  for (const scheme of ["light", "dark"]) {
    test(`the picture of the README, ${scheme}`, async () => {
      const page = await open({ scheme, hash: hashOf(failed.id) });
      await loaded(page, failed.id);
      await failedJobs(page).getByText("1–7 of 7").waitFor();
      await until("every row has its state", async () => (await row(page, failed.id).getByText("blocked").count()) > 0);
      await details(page).getByRole("button", { name: "Retry all 7" }).waitFor();
      if (process.env.COCKPIT_SCREENSHOT === "1") {
        const folder = fileURLToPath(new URL("../../docs/", import.meta.url));
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: `${folder}page-${scheme}.png` });
      }
      await page.context().close();
    });
  }
});
