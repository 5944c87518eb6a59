// The stack traces that engines really write: frames of one place folded, the causes outlined, the whole taken along, and
// two of them compared.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { details, failedJobs, hashOf, row, copyAndDownload } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const linesOf = (trace) => trace.split(/\r?\n/).map((line) => line.trim());
const isFrame = (line) => /^(at |\.\.\. \d+ more)/.test(line);
const isCause = (line) => /^(Caused by|Suppressed): /.test(line);

describe("an engine's stack trace", async () => {
  const { engine, batches, open } = await setStage({ kinds: ["failed"] });
  const batch = batches.failed;
  const failed = await engine.failedJobs(batch);
  const exception = ({ exceptionMessage }) => exceptionMessage.split(":", 1)[0];
  // Two that failed alike: what differs between them is the item alone.
  const first = failed.find((job) => failed.filter((one) => exception(one) === exception(job)).length > 1);
  const second = failed.find((job) => job !== first && exception(job) === exception(first));
  const trace = await engine.stackTrace(first.id);
  const lines = linesOf(trace);
  const code = (page) => details(page).locator("pre.code");
  const openTrace = async (page, job) => {
    await row(page, job.id).getByRole("link", { name: "Full stack trace" }).click();
    await details(page)
      .getByRole("heading", { level: 1, name: `Job ${job.id}` })
      .waitFor();
    await code(page).waitFor();
  };
  const opened = async () => {
    const page = await open({ hash: hashOf(batch.id) });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openTrace(page, first);
    return page;
  };

  test("has its frames folded by place, none lost, and unfolds to the whole", async () => {
    const page = await opened();
    const folds = code(page).getByRole("button", { expanded: false });
    const folded = (await folds.allInnerTexts()).map((text) => Number(/^(\d+) frames of \S+$/.exec(text)[1]));
    assert.ok(folded.length > 0);
    const shown = (await code(page).innerText()).split("\n").map((line) => line.trim());
    const hidden = folded.reduce((sum, count) => sum + count, 0);
    assert.equal(shown.filter(isFrame).length + hidden, lines.filter(isFrame).length);
    for (const line of lines.filter((one) => isCause(one))) assert.ok(shown.includes(line), `in sight: ${line}`);
    while ((await folds.count()) > 0) await folds.first().click();
    const whole = (await code(page).innerText()).split("\n").map((line) => line.trim());
    assert.deepEqual(
      whole.filter((line) => isFrame(line) || isCause(line)),
      lines.filter((line) => isFrame(line) || isCause(line)),
    );
    await page.context().close();
  });

  test("has its causes outlined, and each leads to its line", async () => {
    const page = await opened();
    const outline = details(page).getByRole("navigation", { name: "Causes" });
    const causes = [lines[0], ...lines.filter(isCause)];
    assert.ok(causes.length >= 2);
    assert.deepEqual(
      (await outline.getByRole("listitem").allInnerTexts()).map((text) => text.trim()),
      causes,
    );
    await outline.getByRole("button").last().click();
    assert.equal((await page.evaluate(() => document.activeElement.textContent)).trim(), causes.at(-1));
    await page.context().close();
  });

  test("is copied and taken along as the engine wrote it", async () => {
    const page = await opened();
    await copyAndDownload(page, trace, first.id);
    await page.context().close();
  });

  test("is compared with another one: what differs is marked, and nothing else", async () => {
    const others = linesOf(await engine.stackTrace(second.id));
    const only = (some, others) => some.filter((line) => line !== "" && !others.includes(line));
    assert.ok(only(lines, others).length > 0, "they differ");
    const page = await opened();
    await details(page).locator(".code-tools").getByRole("button", { name: "Keep to compare" }).click();
    await details(page)
      .getByRole("link", { name: /Back to/ })
      .click();
    await failedJobs(page).getByText("1–7 of 7").waitFor();
    await openTrace(page, second);
    await details(page).getByRole("button", { name: "Compare with the kept trace" }).click();
    const compared = details(page).locator(".compared");
    await compared.getByText(first.id).waitFor();
    const marked = await compared
      .locator(".lines .pair:not(.same)")
      .evaluateAll((all) => all.map((pair) => [...pair.children].map((side) => side.textContent.trim())));
    const side = (at) =>
      marked.map((pair) => pair[at].replace(/^[−+]/, "").replace(/\s+/g, " ").trim()).filter((text) => text !== "");
    const flat = (some) => some.map((line) => line.replace(/\s+/g, " "));
    assert.deepEqual(side(0), flat(only(lines, others)));
    assert.deepEqual(side(1), flat(only(others, lines)));
    await page.context().close();
  });
});
