// What state a batch is in, why, and what to do: said in its details and in the list, for every state there is. Each state
// is brought about by the engine's own REST API and lasts until the spec ends it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { farAhead } from "./support/batches.mjs";
import { until } from "./support/engine.mjs";
import { details, hashOf, inProgress, loaded, row, told } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const number = (value) => value.toLocaleString("en-GB");

describe("the state of a batch", async () => {
  // The demo engine's monitor job looks every 30 s by its own clock.
  const { engine, made, open } = await setStage({ kinds: [], demoArgs: ["--speed", "3"] });
  const shown = new Map();
  const isDone = (id) => until("it has ended", async () => !(await engine.batch(id)), 120_000);

  /** Jobs that wait for a date: none failed, and none is done. */
  const running = async () => {
    const batch = await made.failed(4);
    for (const { id } of await engine.failedJobs(batch)) await made.setRetries(id, 1, farAhead);
    return engine.batch(batch.id);
  };
  const suspended = async () => {
    const batch = await made.failed(1);
    await made.suspend(batch.id);
    return engine.batch(batch.id);
  };
  const completed = async () => {
    const batch = await made.ending(3);
    await isDone(batch.id);
    return batch;
  };
  const deletedEarly = async () => {
    const batch = await made.failed(2);
    await engine.send("DELETE", `/batch/${batch.id}`);
    return batch;
  };

  const states = [
    {
      name: "seeding",
      make: () => made.seeding(),
      says: ({ jobsCreated, totalJobs }) =>
        `${number(jobsCreated)} of ${number(totalJobs)} jobs created so far; the seed job creates the rest.`,
    },
    { name: "running", make: running, says: () => "0 of 4 jobs completed." },
    {
      name: "suspended",
      make: suspended,
      says: () => "No new jobs start until the batch is resumed.",
      mends: "Resume",
    },
    {
      name: "failing",
      make: () => made.failing(2),
      says: () => "2 jobs failed and have no retries left; 2 more can still run.",
      needs: true,
      mends: "Retry all 2",
    },
    {
      name: "blocked",
      make: () => made.failed(3),
      says: () => "0 of 3 jobs completed; the other 3 failed and have no retries left.",
      needs: true,
      mends: "Retry all 3",
    },
    {
      name: "finishing",
      make: () => made.finishing(),
      says: () => "All 2 jobs are done. The batch ends at the monitor job's next check.",
    },
    {
      name: "stuck",
      how: "its seed job has no retries",
      make: () => made.withoutSeedRetries(),
      says: ({ jobsCreated, totalJobs }) =>
        `The seed job has no retries left, so only ${number(jobsCreated)} of ${number(totalJobs)} jobs were created.`,
      needs: true,
      mends: "Retry the stuck job",
    },
    {
      name: "stuck",
      how: "its monitor job has no retries",
      make: () => made.withoutMonitorRetries(),
      says: () => "All jobs are done, but the monitor job has no retries left, so the batch cannot end.",
      needs: true,
      mends: "Retry the stuck job",
    },
    {
      name: "stuck",
      how: "its seed job is deleted",
      make: () => made.withoutSeedJob(),
      says: () => "The seed job was deleted, so the remaining jobs are never created.",
      needs: true,
    },
    {
      name: "stuck",
      how: "its monitor job is deleted",
      make: () => made.withoutMonitorJob(),
      says: () => "The monitor job was deleted, so the batch never ends.",
      needs: true,
    },
    { name: "completed", make: completed, says: () => "Every job ran or was deleted.", ended: true },
    {
      name: "deleted early",
      make: deletedEarly,
      says: () => "This batch was deleted before it finished.",
      ended: true,
    },
  ];
  const page = await open();
  const pill = details(page).locator("h1 .pill");
  const openBatch = async (id) => {
    await page.goto(page.url().replace(/#.*/, `#/${hashOf(id)}`));
    await loaded(page, id);
  };
  // All at once: what is stuck is told from what is slow only after a while, which passes for all of them together.
  const all = await Promise.all(states.map(async ({ make, ...rest }) => ({ ...rest, batch: await make() })));

  for (const { name, how, batch, says, mends, needs = false, ended = false } of all) {
    test(`${name}${how ? `: ${how}` : ""}`, async () => {
      await openBatch(batch.id);
      await pill.getByText(name, { exact: true }).waitFor();
      await details(page).locator(".banner").getByText(says(batch)).waitFor();
      if (mends) await details(page).locator(".banner").getByRole("button", { name: mends }).waitFor();
      else assert.equal(await details(page).locator(".banner").getByRole("button").count(), 0);
      if (name === "finishing") {
        const look = details(page).locator("dl.facts > div", { hasText: "Next monitor check" });
        assert.match(await look.innerText(), /2030/);
      }
      if (!ended) {
        await row(page, batch.id).locator(".pill").getByText(name, { exact: true }).waitFor();
        shown.set(batch.id, { name, needs });
      } else {
        assert.equal(await details(page).getByRole("button", { name: "Suspend" }).count(), 0);
        assert.ok((await engine.record(batch.id)).endTime);
      }
    });
  }

  test("the list is narrowed to each of them", async () => {
    assert.equal(shown.size, 10);
    for (const state of new Set([...shown.values()].map(({ name }) => name))) {
      await page.goto(
        page.url().replace(/#.*/, `#/batch-view/batches?in-progress.f.state=${state}&in-progress.size=100`),
      );
      const rows = inProgress(page).locator("tbody tr");
      const of = [...shown].filter(([, { name }]) => name === state).map(([id]) => id);
      await until(`all that are ${state}`, async () => {
        const now = await rows.evaluateAll((all) =>
          all.map((one) => [one.dataset.id, one.querySelector(".pill").textContent]),
        );
        const ids = now.map(([id]) => id);
        return now.every(([, word]) => word === state) && of.every((id) => ids.includes(id));
      });
    }
  });

  test("the menu counts the batches that need attention", async () => {
    await page.goto(page.url().replace(/#.*/, "#/batch-view/batches?in-progress.f.state=needs&in-progress.size=100"));
    const badge = page.getByRole("navigation").locator(".badge");
    await until("the badge says how many the list shows", async () => {
      const ids = await inProgress(page)
        .locator("tbody tr")
        .evaluateAll((rows) => rows.map((one) => one.dataset.id));
      for (const [id, { needs }] of shown) if (ids.includes(id) !== needs) return false;
      return (await badge.getAttribute("title")) === `${ids.length} ${ids.length === 1 ? "needs" : "need"} attention`;
    });
  });

  test("a stuck one is freed: what moves it on is tried again", async () => {
    const [seed, monitor] = all.filter(({ mends }) => mends === "Retry the stuck job").map(({ batch }) => batch);
    for (const batch of [seed, monitor]) {
      await openBatch(batch.id);
      await details(page).locator(".banner").getByRole("button", { name: "Retry the stuck job" }).click();
      await told(page, "The stuck job was given one more retry; it waits for the engine.");
      if (batch === seed)
        await until("more jobs are created", async () => {
          const now = await engine.batch(batch.id);
          return !now || now.jobsCreated > batch.jobsCreated;
        });
      else await isDone(batch.id);
      await pill.getByText("stuck").waitFor({ state: "detached" });
      await page.evaluate(() => (window.everTold = []));
    }
  });
});
