// What the engine wrote down of a batch and of each of its jobs: when, what, with which message and trace, on which host.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { details, failedJobs, hashOf, row, openDetails } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const kinds = { creationLog: "created", failureLog: "failed", successLog: "ran", deletionLog: "deleted" };
const wordOf = (entry) => kinds[Object.keys(kinds).find((kind) => entry[kind])];

describe("the job log", async () => {
  const { engine, batches, made, open } = await setStage({ kinds: ["failed"] });
  const batch = batches.failed;
  // Its monitor job would go on writing entries while they are compared.
  await made.suspend(batch.id);
  const ofBatch = `jobDefinitionConfiguration=${batch.id}`;
  const entries = await until("the log stands still", async () => {
    const read = () => engine.get(`/history/job-log?${ofBatch}&maxResults=1000`);
    const [before, after] = [await read(), await read()];
    return before.length === after.length && after;
  });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const log = (page) => details(page).locator("#section-log");
  const rows = (page) => log(page).locator("tbody tr");
  const opened = async (hash) => {
    const page = await open({ hash: `${hash}&0.log.open=1`, width: 1920 });
    await rows(page).first().waitFor();
    return page;
  };
  const unfolded = async (code) => {
    const closed = code.getByRole("button", { expanded: false });
    while ((await closed.count()) > 0) await closed.first().click();
    return code.innerText();
  };

  test("holds all that happened to the batch, the newest first, on pages", async () => {
    const page = await opened(hashOf(batch.id));
    assert.ok(entries.length > 90, `${entries.length} entries`);
    const seen = [];
    const times = [];
    for (let from = 1; from <= entries.length; from += 20) {
      const to = Math.min(from + 19, entries.length);
      await log(page).getByText(`${from}–${to} of ${entries.length}`).waitFor();
      const shown = await until("the page has turned", async () => {
        const now = await rows(page).evaluateAll((all) =>
          all.map((one) => [one.dataset.id, one.querySelector("time").getAttribute("datetime")]),
        );
        return now.length === to - from + 1 && !seen.includes(now[0][0]) && now;
      });
      seen.push(...shown.map(([id]) => id));
      times.push(...shown.map(([, time]) => Date.parse(time)));
      if (to < entries.length) await log(page).getByRole("button", { name: "Next" }).click();
    }
    assert.deepEqual(new Set(seen), new Set(byId.keys()));
    assert.equal(seen.length, entries.length, "each entry once");
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
    for (const [at, id] of seen.entries()) assert.equal(times[at], Date.parse(byId.get(id).timestamp), id);
    await page.context().close();
  });

  test("says of each entry what happened to which job, with the message and the retries it had", async () => {
    const page = await opened(hashOf(batch.id));
    const shown = await rows(page).evaluateAll((all) => all.map((one) => [one.dataset.id, one.innerText]));
    assert.equal(shown.length, 20);
    for (const [id, text] of shown) {
      const entry = byId.get(id);
      const cells = text.split(/[\t\n]+/).map((cell) => cell.trim());
      assert.ok(cells.includes(wordOf(entry)), `${wordOf(entry)}: ${text}`);
      assert.ok(cells.includes(String(entry.jobRetries)), `${entry.jobRetries} retries: ${text}`);
      const kind = /seed|monitor/.exec(entry.jobDefinitionType)?.[0] ?? "execution";
      assert.ok(cells.includes(kind), `${kind}: ${text}`);
      if (entry.jobExceptionMessage)
        assert.ok(text.includes(entry.jobExceptionMessage.split(": ").at(-1).slice(0, 20)), text);
    }
    await page.context().close();
  });

  test("is narrowed to one kind of entry", async () => {
    for (const [kind, word] of Object.entries(kinds)) {
      const ids = entries.filter((entry) => entry[kind]).map(({ id }) => id);
      if (ids.length === 0) continue;
      const page = await opened(hashOf(batch.id));
      await log(page).getByRole("button", { name: "+ Filter" }).click();
      await page.locator(".popover:popover-open").getByRole("button", { name: "Event" }).click();
      await page.locator(".popover:popover-open select").selectOption({ label: word });
      await log(page)
        .getByText(`1–${Math.min(20, ids.length)} of ${ids.length}`)
        .waitFor();
      await until("only these are left", async () => {
        const now = await rows(page).evaluateAll((all) => all.map((one) => one.dataset.id));
        return now.length === Math.min(20, ids.length) && now.every((id) => ids.includes(id));
      });
      assert.match(page.url(), /0\.log\.f\.log-state=/);
      await page.context().close();
    }
  });

  test("gives each failure with its own trace and the host it happened on", async () => {
    const failure = entries.find((entry) => entry.failureLog);
    const page = await open({ hash: hashOf(failure.id, "log-entry") });
    await details(page).locator("h1").getByText("failed").waitFor();
    const said = await details(page).innerText();
    assert.ok(failure.hostname.length > 0);
    for (const fact of [failure.hostname, failure.jobId, batch.id, failure.jobExceptionMessage])
      assert.ok(said.includes(fact), fact);
    const retries = details(page).locator("dl.facts > div", { hasText: "Retries" }).locator("dd");
    assert.equal(await retries.innerText(), String(failure.jobRetries));
    const trace = (await engine.send("GET", `/history/job-log/${failure.id}/stacktrace`)).text;
    assert.ok(trace.split("\n").length > 20);
    const shown = await unfolded(details(page).locator("pre.code"));
    for (const line of trace.split(/\r?\n/)) assert.ok(shown.includes(line.trim()), line);
    await page.context().close();
  });

  test("says so where an entry has no trace", async () => {
    const creation = entries.find((entry) => entry.creationLog);
    assert.equal((await engine.send("GET", `/history/job-log/${creation.id}/stacktrace`)).status, 204);
    const page = await open({ hash: hashOf(creation.id, "log-entry") });
    await details(page).getByText("There is no stack trace.").waitFor();
    await page.context().close();
  });

  test("tells of one job alone how often it was tried, and each entry opens", async () => {
    const [job] = await engine.failedJobs(batch);
    const its = entries.filter(({ jobId }) => jobId === job.id);
    assert.deepEqual(its.map(wordOf).sort(), ["created", "failed", "failed", "failed"]);
    const page = await openDetails(open, batch.id);
    await failedJobs(page).getByText("1–7 of 7").waitFor();
    await row(page, job.id).getByRole("link").first().click();
    await details(page)
      .getByRole("heading", { level: 1, name: `Job ${job.id}` })
      .waitFor();
    await log(page).getByRole("button", { name: "Job log" }).click();
    await until("its entries", async () => (await rows(page).count()) === its.length);
    const shown = await rows(page).evaluateAll((all) => all.map((one) => one.dataset.id));
    assert.deepEqual(new Set(shown), new Set(its.map(({ id }) => id)));
    const last = its.find((entry) => entry.failureLog && entry.jobRetries === 1);
    await row(page, last.id).getByRole("link").first().click();
    await details(page).locator("pre.code").waitFor();
    assert.ok((await details(page).innerText()).includes(last.hostname));
    await page.context().close();
  });
});
