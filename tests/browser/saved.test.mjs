// Filters saved under a name: kept in the browser for each list, links that others can follow, all by keyboard.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { audit, completed, inProgress, row } from "./support/page.mjs";
import { picture } from "./support/picture.mjs";
import { setStage } from "./support/stage.mjs";

describe("saved filters", async () => {
  const { batches, host, open } = await setStage({ demo: [] });
  const { failed, running } = batches;
  const filtered = `batch-view/batches?in-progress.f.type=${failed.type}`;
  const panel = (page) => page.locator(".popover:popover-open");
  const openSaved = (page, list = inProgress(page)) =>
    list.getByRole("button", { name: "Saved", exact: true }).press("Enter");
  const saveAs = async (page, name) => {
    await openSaved(page);
    await panel(page).getByLabel("Save these filters as").fill(name);
    await page.keyboard.press("Enter");
    await panel(page).getByRole("link", { name, exact: true }).waitFor();
  };

  test("one is saved, followed, shared and deleted by keyboard", async () => {
    const page = await open({ hash: filtered });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await row(page, failed.id).waitFor();
    await saveAs(page, "My <b>deletions</b>");
    assert.equal(await panel(page).getByRole("link").getAttribute("aria-current"), "true");
    assert.deepEqual(await audit(page), []);
    await picture(page, "saved");
    await page.keyboard.press("Escape");

    await inProgress(page).getByRole("button", { name: "Clear filters" }).click();
    await row(page, running.id).waitFor();
    await page.reload();
    await row(page, running.id).waitFor();
    await openSaved(page);
    await panel(page).getByText("Set filters to save them under a name.").waitFor();
    const link = panel(page).getByRole("link", { name: "My <b>deletions</b>" });
    await until("the focus is on the first link", () => link.evaluate((one) => one === document.activeElement));
    await page.keyboard.press("Enter");
    await row(page, running.id).waitFor({ state: "detached" });
    assert.ok(page.url().includes(`in-progress.f.type=${failed.type}`));
    await row(page, failed.id).waitFor();

    // Without a pause, as hands do it that know the way.
    await openSaved(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const shared = await until("the link is copied", () => page.evaluate(() => navigator.clipboard.readText()));
    assert.ok(shared.endsWith(`#/${filtered}`), shared);
    assert.ok(!shared.includes(host.token));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await link.waitFor({ state: "detached" });
    await page.reload();
    await openSaved(page);
    await panel(page).getByLabel("Save these filters as").waitFor();
    assert.equal(await link.count(), 0);

    const other = await open({ hash: new URL(shared).hash.slice(2) });
    await row(other, failed.id).waitFor();
    assert.equal(await row(other, running.id).count(), 0, "the link alone says what is shown");
    await other.context().close();
    await page.context().close();
  });

  test("each list has its own, a name is there once, and there is a limit that is told", async () => {
    const page = await open({ hash: filtered });
    await row(page, failed.id).waitFor();
    await saveAs(page, "one");
    await page.keyboard.press("Escape");
    await saveAs(page, "one");
    assert.equal(await panel(page).getByRole("link").count(), 1);
    for (let count = 2; count <= 20; count += 1) {
      await panel(page).getByLabel("Save these filters as").fill(`number ${count}`);
      await page.keyboard.press("Enter");
      await panel(page)
        .getByRole("link", { name: `number ${count}`, exact: true })
        .waitFor();
    }
    await panel(page).getByLabel("Save these filters as").fill("one too many");
    await page.keyboard.press("Enter");
    await panel(page).getByRole("alert").getByText("At most 20").waitFor();
    assert.equal(await panel(page).getByRole("link").count(), 20);
    await page.keyboard.press("Escape");
    await openSaved(page, completed(page));
    await panel(page).getByText("Nothing is saved for this list.").waitFor();
    await page.context().close();
  });

  test("foreign data in the browser's storage does no harm", async () => {
    const page = await open({ hash: filtered });
    await row(page, failed.id).waitFor();
    await saveAs(page, "mine");
    const spoil = (value) =>
      page.evaluate((text) => {
        for (const key of Object.keys(localStorage)) if (key.includes("saved")) localStorage.setItem(key, text);
      }, value);
    for (const value of ["{", "7", '[1,null,{"name":7},{"name":"x","params":{"page":"9","f.type":["a"]}}]']) {
      await page.keyboard.press("Escape");
      await spoil(value);
      await openSaved(page);
      await panel(page).getByLabel("Save these filters as").waitFor();
      assert.ok((await panel(page).getByRole("link").count()) <= 1);
    }
    await page.context().close();
  });

  test("there is room for it on a narrow page, in German too", async () => {
    const page = await open({ hash: filtered, width: 390, height: 844, scheme: "dark", locale: "de-DE" });
    await row(page, failed.id).waitFor();
    await page.getByRole("button", { name: "Gespeichert" }).first().click();
    await panel(page)
      .getByLabel("Diese Filter speichern als")
      .fill("Löschungen, die auf jemanden warten, aus allen Mandanten");
    await page.keyboard.press("Enter");
    await panel(page).getByRole("link").waitFor();
    const box = await panel(page).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390);
    assert.deepEqual(await audit(page), []);
    await picture(page, "saved-390-dark");
    await page.context().close();
  });
});
