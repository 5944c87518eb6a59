// Text from elsewhere is text: markup, control characters, other writing directions, formulas and ids that break addresses,
// in every field a view can show. The plugin `everything` and the demo engine's failed jobs hold them.
import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, dialog, failedJobs, row, openDetails } from "./support/page.mjs";
import { pluginFolder, temporaryFolder, testPluginFolder } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

/** Nothing of what was sent became part of the page itself. */
async function nothingCameAlive(page) {
  const alive = await page.evaluate(() => ({
    title: document.title,
    scripts: [...document.scripts].filter((script) => !script.src || new URL(script.src).origin !== location.origin)
      .length,
    strange: [
      ...document.querySelectorAll("main i:not([class]), main u, main em, main img, main iframe, main object"),
    ].filter((one) => !one.closest(".bar,.pill,.legend,.skeleton")).length,
    links: [...document.querySelectorAll("a[href]")].filter((link) => /^(javascript|data|vbscript):/i.test(link.href))
      .length,
    handlers: [...document.querySelectorAll("*")].filter((one) =>
      [...one.attributes].some(({ name }) => name.startsWith("on")),
    ).length,
  }));
  assert.notEqual(alive.title, "owned");
  assert.deepEqual({ ...alive, title: "" }, { title: "", scripts: 0, strange: 0, links: 0, handlers: 0 });
}

const everything = "everything/lights?in-service.size=100";

describe("hostile text", async () => {
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(join(pluginFolder(), "batch-view.so"), join(folder, "batch-view.so"));
  copyFileSync(join(testPluginFolder(), "everything.so"), join(folder, "everything.so"));
  const { engine, batches, host, open } = await setStage({
    demo: ["--auth"],
    user: "demo:demo",
    host: { plugins: folder, env: { COCKPIT_USER: "demo", COCKPIT_PASSWORD: "demo" } },
  });

  test("would be noticed if it came alive", async () => {
    const page = await open({ hash: everything });
    await page.locator("tbody tr").first().waitFor();
    await nothingCameAlive(page);
    for (const [tag, attribute, value] of [
      ["u", "id", "planted"],
      ["a", "href", "javascript:void 0"],
    ]) {
      await page.evaluate(
        ([name, key, text]) => {
          const planted = document.createElement(name);
          planted.setAttribute(key, text);
          planted.dataset.planted = "";
          document.querySelector("main").append(planted);
        },
        [tag, attribute, value],
      );
      await assert.rejects(nothingCameAlive(page));
      await page.evaluate(() => document.querySelector("[data-planted]").remove());
    }
    await page.context().close();
  });

  test("in messages and names of the batch view is shown as it is", async () => {
    const page = await openDetails(open, batches.failed.id);
    const withMarkup = (await engine.failedJobs(batches.failed)).find(({ exceptionMessage }) =>
      exceptionMessage.includes("<b>"),
    );
    await row(page, withMarkup.id).getByText("<b>(code 4711)</b>").waitFor();
    await page.getByText("John <i>Doe</i>").first().waitFor();
    await row(page, withMarkup.id).getByRole("link", { name: "Full stack trace" }).click();
    await details(page).locator("pre.code").getByText("<b>(code 4711)</b>").first().waitFor();
    assert.equal(await page.locator("main b", { hasText: "code 4711" }).count(), 0);
    await nothingCameAlive(page);
    await page.context().close();
  });

  test("in every kind of field is shown as it is", async () => {
    const page = await open({ hash: everything });
    await page.locator("tbody tr").first().waitFor();
    await nothingCameAlive(page);
    const rows = await page.locator("main tbody tr").evaluateAll((all) => all.map((one) => one.dataset.id));
    for (const id of ["a/b", "c?d#e", "f\"g'h", "i%2e%2e%2fj", "k ü 灯", "../../l"]) {
      assert.ok(rows.includes(id), `a row for ${id}`);
      await page.locator("main tbody tr").nth(rows.indexOf(id)).locator("a.row-link").first().click();
      await until("its details", async () => (await details(page).locator(".whole-id").innerText()).includes(id));
      await details(page).locator(".details-body:not([aria-busy=true])").waitFor();
      await page.reload();
      await until(
        "the same after a reload",
        async () =>
          (await details(page).locator(".whole-id").count()) > 0 &&
          (await details(page).locator(".whole-id").innerText()).includes(id),
      );
      const folded = details(page).locator("button.fold[aria-expanded=false]");
      while ((await folded.count()) > 0) await folded.first().click();
      await nothingCameAlive(page);
      await page.goto(`${host.url}#/${everything}`);
      await until(
        "the list again",
        async () =>
          (await details(page).count()) === 0 && (await page.locator("main tbody tr").count()) === rows.length,
      );
    }
    await page.context().close();
  });

  test("turning the writing direction and control characters are shown as signs", async () => {
    const page = await open({ hash: everything });
    await page.locator("tbody tr").first().waitFor();
    const said = await page.locator("main").innerText();
    assert.ok(said.includes("[U+202E]thgil daed[U+202C]"), "a direction override is named");
    assert.ok(said.includes("␇") && said.includes("␛"), "control characters are named");
    await page.context().close();
  });

  test("in a dialog is shown as it is", async () => {
    const page = await open({ hash: everything });
    await page.locator("tbody tr").first().waitFor();
    await page.locator("main tbody tr").first().locator("a.row-link").first().click();
    const danger = details(page).locator(".details-head button.danger").first();
    await danger.click();
    await dialog(page).waitFor();
    await nothingCameAlive(page);
    await page.context().close();
  });
});
