// For everybody: axe finds no broken rule, in any view, light and dark, wide and narrow.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { audit, details, dialog, failedJobs, hashOf, loaded, openBatch, row } from "./support/page.mjs";
import { onDemo } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

describe("axe", async () => {
  const { engine, batches, open } = await setStage();
  const { failed, completed, suspended } = batches;

  for (const scheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      test(`finds nothing, ${scheme}, ${width} px`, async () => {
        const found = [];
        const page = await open({ scheme, width });
        const check = async (where) => found.push(...(await audit(page)).map((what) => `${where}: ${what}`));
        await row(page, failed.id).waitFor();
        await check("list");
        await openBatch(page, failed.id);
        await failedJobs(page).getByText("1–7 of 7").waitFor();
        await check("details");
        await failedJobs(page).getByRole("checkbox").nth(1).check();
        await details(page).getByText("1 selected").waitFor();
        await check("selection");
        await details(page).getByRole("button", { name: "Delete…", exact: true }).first().click();
        await dialog(page).waitFor();
        await check("dialog");
        await page.keyboard.press("Escape");
        const [job] = await engine.failedJobs(failed);
        await row(page, job.id).getByRole("link", { name: "Full stack trace" }).click();
        await details(page).locator("pre.code").waitFor();
        await check("stack trace");
        const others = { completed, suspended, ...(onDemo ? { stuck: batches.stuck } : {}) };
        for (const [name, batch] of Object.entries(others)) {
          await page.goto(page.url().replace(/#.*/, `#/${hashOf(batch.id)}`));
          await loaded(page, batch.id);
          await check(name);
        }
        await page.getByRole("link", { name: /^Plugins/ }).click();
        await page.getByRole("heading", { name: "Plugins of this host" }).waitFor();
        await check("plugins");
        assert.deepEqual(found, []);
        await page.context().close();
      });
    }
  }
});
