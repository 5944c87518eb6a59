// The same walk without a mouse: everything is reached with Tab, the arrows, Enter, Escape and the keys that `?` lists.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { asOftenAsTheEngineAsks, details, dialog, failedJobs, loaded, row, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const tabStops = 150;

/** Presses Tab until what has the focus fits the selector; a person would have to, too. */
async function tabTo(page, selector, key = "Tab") {
  const trail = [];
  for (let stops = 0; stops < tabStops; stops += 1) {
    trail.push(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 60)));
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no ${key} leads to ${selector}: ${trail.join(" > ")}`);
}

const focusedText = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");

/** The same for a button by its words, in what `within` selects. */
async function tabToButton(page, within, words, key = "Tab") {
  for (let stops = 0; stops < tabStops; stops += 1) {
    const here = await page.evaluate(
      (scope) => document.activeElement?.closest(scope) != null && document.activeElement.matches("button,a"),
      within,
    );
    if (here && words.test(await focusedText(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no ${key} leads to ${words}`);
}

/**
 * From a row of the grid, or from what stands in one, to the row of that id, with the arrows. It looks where it is after
 * each key, as a person does: rows come and move while the list is live.
 */
async function arrowTo(page, id) {
  let seen = {};
  const arrived = async () => {
    seen = await page.evaluate((wanted) => {
      const focus = document.activeElement;
      const rows = [...(focus?.closest("tbody")?.rows ?? [])];
      const from = rows.findIndex((one) => one.contains(focus));
      const to = rows.findIndex((one) => one.dataset.id === wanted);
      return { there: to >= 0 && rows[to] === focus, from, to, ids: rows.map((one) => one.dataset.id) };
    }, id);
    if (seen.there) return true;
    if (seen.from >= 0 && seen.to >= 0)
      await page.keyboard.press(
        seen.to > seen.from || (seen.to === seen.from && seen.to === 0) ? "ArrowDown" : "ArrowUp",
      );
    return false;
  };
  try {
    await until(`the focus is on row ${id}`, arrived);
  } catch (error) {
    throw new Error(`${error.message}: on ${seen.from} of ${seen.ids?.join(", ")}`);
  }
}

const runningRows = '[aria-label="In progress"] tbody tr';
const jobRows = '[aria-label="Failed jobs"] tbody tr';

describe("by keyboard", async () => {
  const { engine, batches, open } = await setStage();
  const { failed, running } = batches;
  const page = await open();

  test("the failed batch is opened with the arrows and Enter", async () => {
    await row(page, failed.id).waitFor();
    await tabTo(page, runningRows);
    await arrowTo(page, failed.id);
    await page.keyboard.press("Enter");
    await loaded(page, failed.id);
    await details(page).getByText("Needs attention.").waitFor();
    assert.equal(
      await page.evaluate(() => document.activeElement?.dataset.id),
      failed.id,
      "the focus stays on the row",
    );
  });

  test("a stack trace is opened with Enter and left with Escape", async () => {
    const [job] = await engine.failedJobs(failed);
    await row(page, job.id).waitFor();
    await tabTo(page, jobRows);
    await arrowTo(page, job.id);
    await tabToButton(page, `tr[data-id="${job.id}"]`, /Full stack trace/);
    await page.keyboard.press("Enter");
    await details(page).locator("pre.code").getByText("Caused by").first().waitFor();
    assert.equal(
      await page.evaluate(() => document.activeElement?.hasAttribute("data-heading")),
      true,
      "what opened has the focus",
    );
    await page.keyboard.press("Escape");
    await failedJobs(page).getByText("1–7 of 7").waitFor();
  });

  test("r retries the job in focus", async () => {
    const [job] = await engine.failedJobs(failed);
    const before = await engine.failures(job.id);
    await tabTo(page, jobRows);
    await arrowTo(page, job.id);
    await page.keyboard.press("r");
    const said = await until("the engine ran the job", async () => {
      const now = await engine.job(job.id);
      if (!now) return "The job ran.";
      return now.retries === 0 && (await engine.failures(job.id)) > before
        ? "The job was retried and failed again."
        : "";
    });
    await told(page, said);
  });

  test("a job is deleted through a dialog that the keyboard leads through", async () => {
    const job = (await engine.failedJobs(failed)).at(-1);
    await row(page, job.id).waitFor();
    await tabTo(page, `${jobRows}, ${jobRows} *`);
    await arrowTo(page, job.id);
    await tabToButton(page, `tr[data-id="${job.id}"]`, /Delete/);
    await page.keyboard.press("Enter");
    await dialog(page).waitFor();
    assert.ok((await dialog(page).innerText()).includes(job.id));
    assert.equal(await focusedText(page), "Cancel", "the dialog begins with the safe way");
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
    assert.ok(await engine.job(job.id), "Escape deletes nothing");
    assert.match(await focusedText(page), /Delete/, "the focus is back where it was");
    await page.keyboard.press("Enter");
    await tabToButton(page, "dialog", /^Delete$/);
    await page.keyboard.press("Enter");
    await until("the job is gone", async () => !(await engine.job(job.id)));
    await told(page, "The job was deleted");
  });

  test("all are retried", async () => {
    await tabToButton(page, ".details-pane", /^Retry all \d/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await told(page, "All failed jobs were given one more retry");
    const still = await until("all are at rest", async () => {
      const now = await engine.batch(failed.id);
      return now.failedJobs === now.remainingJobs && now.failedJobs > 0 ? now : undefined;
    });
    await details(page)
      .getByRole("button", { name: `Retry all ${still.failedJobs}` })
      .waitFor();
  });

  test("the running batch is suspended and resumed", async () => {
    await page.keyboard.press("Escape");
    await details(page).waitFor({ state: "detached" });
    assert.ok(await engine.batch(running.id), "the engine is not done with it yet");
    await tabTo(page, runningRows);
    await arrowTo(page, running.id);
    await page.keyboard.press("Enter");
    await loaded(page, running.id);
    await tabToButton(page, ".details-pane", /^Suspend$/);
    await page.keyboard.press("Enter");
    await until("it is suspended", async () => (await engine.batch(running.id)).suspended);
    await details(page).getByRole("button", { name: "Resume" }).waitFor();
    await tabToButton(page, ".details-pane", /^Resume$/);
    await page.keyboard.press("Enter");
    await until("it is resumed", async () => !(await engine.batch(running.id)).suspended);
    await details(page).getByRole("button", { name: "Suspend" }).waitFor();
  });

  test("it is deleted", async () => {
    await asOftenAsTheEngineAsks(page, engine, running, async () => {
      await tabToButton(page, ".details-pane", /^Delete…$/);
      await page.keyboard.press("Enter");
      await dialog(page).waitFor();
      assert.ok((await dialog(page).innerText()).includes(running.id));
      await tabToButton(page, "dialog", /^Delete$/);
      await page.keyboard.press("Enter");
    });
    await told(page, running.id);
  });

  test("? lists the keys", async () => {
    await page.keyboard.press("Escape");
    await details(page).waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await dialog(page).getByText("Move through rows").waitFor();
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "detached" });
  });
});
