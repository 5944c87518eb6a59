// The plugin folder as the page shows it: what is dropped in appears without a reload, what is broken is named with its reason.
import assert from "node:assert/strict";
import { copyFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { details, failedJobs, row } from "./support/page.mjs";
import { pluginFolder, temporaryFolder } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

/** As a careful person copies: under another name first, so that no half file is ever seen. */
function drop(folder, name, make) {
  const draft = join(folder, `.${name}.part`);
  make(draft);
  renameSync(draft, join(folder, name));
}

describe("the plugin folder", async () => {
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));
  const { batches, open } = await setStage({ host: { plugins: folder } });
  const page = await open();

  test("an empty one is explained", async () => {
    await page.getByText("No plugin provides a page yet.").waitFor();
  });

  test("a broken file is listed with its reason", async () => {
    drop(folder, "broken.so", (file) => writeFileSync(file, "this is no library"));
    await page
      .getByRole("banner")
      .getByRole("link", { name: /^Plugins/ })
      .click();
    const entry = page.locator(".plugins li", { hasText: "broken.so" });
    await entry.getByText("refused").waitFor();
    assert.match(await entry.innerText(), /ELF|library|format/i);
  });

  test("a good one appears in the menu without a reload", async () => {
    drop(folder, "batch-view.so", (file) => copyFileSync(join(pluginFolder(), "batch-view.so"), file));
    const entry = page.getByRole("navigation").getByRole("link", { name: /Batches/ });
    await entry.waitFor();
    await page.locator(".plugins li", { hasText: "batch-view.so" }).getByText("serving").waitFor();
    await entry.click();
    await row(page, batches.failed.id).waitFor();
  });

  test("how a thing looks is fetched when the first is opened; when that fails the page says so", async () => {
    const other = await open();
    await other.route("**/api/plugins/*", (route) => route.abort());
    await other
      .getByRole("navigation")
      .getByRole("link", { name: /Batches/ })
      .click();
    await row(other, batches.failed.id).click();
    await other.getByText("Part of this page could not be loaded.").waitFor();
    await other.unroute("**/api/plugins/*");
    await other.getByRole("button", { name: "Reload the page" }).click();
    await details(other).getByRole("heading", { level: 2 }).first().waitFor();
    await failedJobs(other).first().waitFor();
  });

  test("a second one of the same name is refused, and the first goes on", async () => {
    drop(folder, "copy.so", (file) => copyFileSync(join(pluginFolder(), "batch-view.so"), file));
    await page
      .getByRole("banner")
      .getByRole("link", { name: /^Plugins/ })
      .click();
    const entry = page.locator(".plugins li", { hasText: "copy.so" });
    await entry.getByText("refused").waitFor();
    assert.match(await entry.innerText(), /batch-view/);
    await page
      .getByRole("navigation")
      .getByRole("link", { name: /Batches/ })
      .click();
    await row(page, batches.failed.id).waitFor();
  });
});
