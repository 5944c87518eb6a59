// Long texts: stack traces with their frames folded and causes outlined, two of them side by side, and very long ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { audit, details, failedJobs, hashOf, row, copyAndDownload } from "./support/page.mjs";
import { picture } from "./support/picture.mjs";
import { setStage } from "./support/stage.mjs";

const frames = (count, name) => Array.from({ length: count }, (_, at) => `\tat ${name}.Step${at}.run(Step.java:${at})`);
const madeTrace = [
  "org.example.JobFailed: could not delete <b>7</b>",
  ...frames(6, "org.example.jobs"),
  "\tat com.acme.Rule.check(Rule.java:7)",
  "\tat java.base/java.lang.reflect.Method.invoke(Method.java:580)",
  "\tat java.base/java.lang.Thread.run(Thread.java:1583)",
  "\tat java.base/java.lang.Thread.start(Thread.java:1)",
  "Caused by: java.sql.SQLException: the table is locked",
  ...frames(9, "app//org.database.driver"),
  "\t... 12 more",
  "\tSuppressed: java.io.IOException: and could not close",
  ...frames(2, "org.database.pool"),
].join("\n");

describe("long texts", async () => {
  const { engine, proxy, batches, open } = await setStage();
  const { failed } = batches;
  const [first, second] = await engine.failedJobs(failed);
  afterEach(() => proxy.well());
  const answer = (traces) =>
    proxy.behave(({ path }) => {
      const found = Object.entries(traces).find(([id]) => path.endsWith(`/job/${id}/stacktrace`));
      return found ? { status: 200, type: "text/plain", body: found[1] } : undefined;
    });
  const openTrace = async (page, job) => {
    await row(page, job.id).getByRole("link", { name: "Full stack trace" }).click();
    await details(page)
      .getByRole("heading", { name: `Job ${job.id}` })
      .waitFor();
    await details(page).locator("pre.code").waitFor();
  };
  const back = async (page) => {
    await details(page)
      .getByRole("link", { name: /Back to/ })
      .click();
    await failedJobs(page).getByText("1–7 of 7").waitFor();
  };

  test("frames from one place fold and unfold, others stay in sight", async () => {
    answer({ [first.id]: madeTrace });
    const page = await open({ hash: hashOf(failed.id) });
    await openTrace(page, first);
    const code = details(page).locator("pre.code");
    const folds = code.getByRole("button");
    assert.deepEqual(await folds.allInnerTexts(), ["3 frames of java.base", "6 frames of org.database"]);
    const shown = await code.innerText();
    assert.ok(shown.includes("com.acme.Rule.check"), "a frame of one's own is not hidden among others");
    assert.ok(!shown.includes("Thread.start"));
    await folds.first().focus();
    await page.keyboard.press("Enter");
    assert.ok((await code.innerText()).includes("Thread.start"));
    assert.equal(await folds.first().getAttribute("aria-expanded"), "true");
    await page.keyboard.press("Enter");
    assert.ok(!(await code.innerText()).includes("Thread.start"));
    await page.context().close();
  });

  test("the causes are outlined, and each leads to its line", async () => {
    answer({ [first.id]: madeTrace });
    const page = await open({ hash: hashOf(failed.id) });
    await openTrace(page, first);
    const causes = details(page).getByRole("navigation", { name: "Causes" });
    assert.deepEqual(await causes.getByRole("listitem").allInnerTexts(), [
      "org.example.JobFailed: could not delete <b>7</b>",
      "Caused by: java.sql.SQLException: the table is locked",
      "Suppressed: java.io.IOException: and could not close",
    ]);
    await causes.getByRole("button", { name: /SQLException/ }).focus();
    await page.keyboard.press("Enter");
    assert.equal(
      (await page.evaluate(() => document.activeElement.textContent)).trim(),
      "Caused by: java.sql.SQLException: the table is locked",
    );
    assert.deepEqual(await audit(page), []);
    await picture(page, "trace");
    await page.context().close();
  });

  test("the whole is copied and taken along", async () => {
    answer({ [first.id]: madeTrace });
    const page = await open({ hash: hashOf(failed.id) });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openTrace(page, first);
    await copyAndDownload(page, madeTrace, first.id);
    await page.context().close();
  });

  test("a trace that was kept is compared with another one, side by side", async () => {
    const other = madeTrace.replace("the table is locked", "the disk is full").replace(/\n.*Rule.check.*/, "");
    answer({ [first.id]: madeTrace, [second.id]: other });
    for (const [width, scheme] of [
      [1440, "light"],
      [390, "dark"],
    ]) {
      const page = await open({ hash: hashOf(failed.id), width, scheme });
      await openTrace(page, first);
      const tools = details(page).locator(".code-tools");
      assert.equal(await tools.getByRole("button", { name: /^Compare with/ }).count(), 0);
      await tools.getByRole("button", { name: "Keep to compare" }).click();
      await back(page);
      await openTrace(page, second);
      await tools.getByRole("button", { name: /^Compare with/ }).click();
      const compared = details(page).locator(".compared");
      await compared.getByText(first.id).waitFor();
      const differing = await compared
        .locator(".lines .pair:not(.same)")
        .evaluateAll((lines) =>
          lines.map((line) => [...line.children].map((side) => side.textContent.replace(/\s+/g, " ").trim())),
        );
      assert.deepEqual(
        differing,
        [
          ["−at com.acme.Rule.check(Rule.java:7)", ""],
          [
            "−Caused by: java.sql.SQLException: the table is locked",
            "+Caused by: java.sql.SQLException: the disk is full",
          ],
        ].map((pair) => pair.map((side) => side.replace(/^([−+])at/, "$1 at"))),
      );
      const boxes = await compared
        .locator(".lines .pair:not(.same)")
        .last()
        .evaluate((line) => [...line.children].map((side) => side.getBoundingClientRect().top));
      assert.equal(boxes[0] === boxes[1], width > 1000, "beside each other where there is room");
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
      assert.deepEqual(await audit(page), []);
      await picture(page, `compared-${width}-${scheme}`);
      await tools.getByRole("button", { name: /^Compare with/ }).click();
      await details(page).locator("pre.code").waitFor();
      await page.context().close();
    }
  });

  const deep = (length) => {
    const block = `${frames(40, "org.example.deep").join("\n")}\nCaused by: java.lang.Error: again\n`;
    return `java.lang.StackOverflowError: deep\n${block.repeat(Math.ceil(length / block.length))}`;
  };

  test("a long trace is drawn in parts, and whole in the download", async () => {
    const long = deep(900_000);
    answer({ [first.id]: long });
    const page = await open({ hash: hashOf(failed.id) });
    await openTrace(page, first);
    const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
    const code = details(page).locator("pre.code");
    assert.ok((await nodes()) < 20_000, `${await nodes()} elements`);
    assert.ok((await code.evaluate((one) => one.textContent.length)) < 200_000);
    await details(page)
      .getByText(/More causes in the text/)
      .waitFor();
    const more = details(page).getByRole("button", { name: "Show more" });
    while ((await more.count()) > 0) await more.click();
    await details(page).getByText("The download contains the rest.").waitFor();
    assert.ok((await nodes()) < 50_000, `${await nodes()} elements`);
    const [taken] = await Promise.all([
      page.waitForEvent("download"),
      details(page).getByRole("button", { name: "Download" }).click(),
    ]);
    assert.equal(readFileSync(await taken.path(), "utf8"), long);
    await page.context().close();
  });

  for (const megabytes of [3, 10]) {
    test(`of a trace of ${megabytes} MB the beginning is shown, and all else goes on`, async () => {
      answer({ [first.id]: deep(megabytes * 1_000_000) });
      const page = await open({ hash: hashOf(failed.id) });
      await row(page, first.id).getByRole("link", { name: "Full stack trace" }).click();
      const section = details(page).getByRole("region", { name: "Stack trace" });
      await section.locator("pre.code").waitFor();
      await section.getByText("again").first().waitFor();
      assert.ok(
        (await section.innerText()).includes(new Intl.NumberFormat("en").format(deep(megabytes * 1_000_000).length)),
      );
      await back(page);
      answer({ [first.id]: madeTrace });
      await page.context().close();
    });
  }
});
