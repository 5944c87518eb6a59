// Narrowing and ordering the lists: what is shown is what the engine has and the person asked for, no more and no less, and
// the address alone gives the same again.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, inProgress } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const kinds = ["completed", "suspended", "failed", "running", "tenant"];

describe("lists are narrowed", async () => {
  const { engine, proxy, batches, open } = await setStage({ kinds, demoArgs: ["--auth"] });
  const { failed, suspended, tenant } = batches;
  afterEach(() => proxy.well());
  const ended = () => engine.get("/history/batch?completed=true&maxResults=2000");
  const ids = (list) => list.locator("tbody tr:not(.gone)").evaluateAll((rows) => rows.map((one) => one.dataset.id));
  const popover = () => page.locator(".popover:popover-open");

  /** Halfway between the first and the last of them, by when they began. */
  const middle = (some) => {
    const times = some.map(({ startTime }) => Date.parse(startTime)).sort((a, b) => a - b);
    assert.ok(times.at(-1) > times[0]);
    return new Date(Math.round((times[0] + times.at(-1)) / 2)).toISOString();
  };
  const began = (batch) => Date.parse(batch.startTime);
  const starter = failed.createUserId;
  assert.ok(starter, "the engine says who began it");

  const page = await open();

  const ofBoth = (cut) => [
    { name: "Type", choose: failed.type, fits: ({ type }) => type === failed.type },
    { name: "Started by", write: starter, fits: ({ createUserId }) => createUserId === starter },
    { name: "Started by", write: "nobody-at-all", fits: () => false },
    { name: "Tenant", write: tenant.tenantId, fits: ({ tenantId }) => tenantId === tenant.tenantId },
    { name: "No tenant", choose: "true", fits: ({ tenantId }) => tenantId === null },
    { name: "Started", link: ["started", `${cut}..`], fits: (batch) => began(batch) >= Date.parse(cut) },
    { name: "Started", link: ["started", `..${cut}`], fits: (batch) => began(batch) <= Date.parse(cut) },
  ];
  const ofRunning = [
    { name: "ID", write: suspended.id, fits: ({ id }) => id === suspended.id },
    { name: "State", choose: "suspended", fits: (batch) => batch.suspended },
    {
      name: "State",
      choose: "blocked",
      fits: (batch) => !batch.suspended && batch.failedJobs > 0 && batch.failedJobs === batch.remainingJobs,
    },
    { name: "Failed jobs", choose: "true", fits: ({ failedJobs }) => failedJobs > 0 },
    { name: "Failed jobs", choose: "false", fits: ({ failedJobs }) => failedJobs === 0 },
    { name: "Suspended", choose: "true", fits: (batch) => batch.suspended },
    { name: "Suspended", choose: "false", fits: (batch) => !batch.suspended },
  ];

  const setFilter = async (list, prefix, { name, choose, write, link }) => {
    if (link) {
      const [key, value] = link;
      await page.goto(
        page.url().replace(/#.*/, `#/batch-view/batches?${prefix}.f.${key}=${encodeURIComponent(value)}`),
      );
      return;
    }
    const pinned = list.getByRole("button", { name, exact: true }).and(list.locator(".filters button"));
    if ((await pinned.count()) > 0) await pinned.click();
    else {
      await list.getByRole("button", { name: "+ Filter" }).click();
      await popover().getByRole("button", { name, exact: true }).click();
    }
    if (choose) await popover().locator("select").selectOption(choose);
    else {
      await popover().locator("input").fill(write);
      await page.keyboard.press("Enter");
    }
  };

  /** The list shows what fits of what the engine has, by its total and its first page. */
  const shows = (list, all, fits) =>
    until("exactly what fits is shown", async () => {
      const fitting = new Set((await all()).filter(fits).map(({ id }) => id));
      const shown = await ids(list);
      const most = Math.min(20, fitting.size);
      if (shown.length !== most || !shown.every((id) => fitting.has(id))) return false;
      if (most === 0) return (await list.getByText("Nothing matches the filters.").count()) === 1;
      const total = new Intl.NumberFormat("en-GB").format(fitting.size);
      return (await list.locator(".pager").innerText()).startsWith(`1–${most} of ${total}`);
    });

  for (const [title, listOf, prefix, all, filters] of [
    [
      "in progress",
      inProgress,
      "in-progress",
      () => engine.running(),
      [...ofRunning, ...ofBoth(middle(await engine.running()))],
    ],
    ["completed", completed, "completed", ended, ofBoth(middle(await ended()))],
  ]) {
    for (const filter of filters) {
      const value = filter.choose ?? filter.write ?? filter.link[1].replace(/\d{4}-.*Z/, "a time");
      test(`${title}: by ${filter.name.toLowerCase()} = ${value}`, async () => {
        const list = listOf(page);
        await shows(list, all, () => true);
        await setFilter(list, prefix, filter);
        await shows(list, all, filter.fits);
        assert.match(page.url(), new RegExp(`${prefix}\\.f\\.`));
        await page.reload();
        await shows(list, all, filter.fits);
        await list.getByRole("button", { name: `Remove filter ${filter.name}` }).click();
        await shows(list, all, () => true);
        assert.doesNotMatch(page.url(), new RegExp(`${prefix}\\.f\\.`));
      });
    }
  }

  test("a filter that the form sets is the one that a link holds", async () => {
    await shows(
      inProgress(page),
      () => engine.running(),
      () => true,
    );
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await popover().getByRole("button", { name: "Started", exact: true }).click();
    await popover().getByLabel("From").fill("2030-01-31T14:31");
    await page.keyboard.press("Enter");
    await shows(
      inProgress(page),
      () => engine.running(),
      () => false,
    );
    assert.ok(decodeURIComponent(page.url()).includes("in-progress.f.started=2030-01-31T13:31:00.000Z.."), page.url());
    await inProgress(page).locator(".chip.set").getByText("31").waitFor();
  });

  test("one is set by keyboard without a pause; who chose the wrong one closes it and has the choice again", async () => {
    const list = inProgress(page);
    await list.getByRole("button", { name: "Remove filter Started" }).click();
    const add = list.getByRole("button", { name: "+ Filter" });
    await add.press("Enter");
    await popover().getByRole("button", { name: "Started", exact: true }).press("Enter");
    await page.keyboard.press("Escape");
    await popover().waitFor({ state: "detached" });
    await add.press("Enter");
    await popover().getByRole("button", { name: "Started by", exact: true }).press("Enter");
    await page.keyboard.type(starter);
    await page.keyboard.press("Enter");
    await until("all that was typed is in the address", () => page.url().endsWith(`=${encodeURIComponent(starter)}`));
    await list.getByRole("button", { name: "Remove filter Started by" }).click();
  });

  test("where the engine cannot filter, the page says how many it looked at", async () => {
    const [like] = await ended();
    const many = (first) =>
      Array.from({ length: 2000 }, (_, at) => ({
        ...like,
        id: `made-up-${first + at}`,
        createUserId: (first + at) % 2500 === 0 ? starter : "somebody-else",
      }));
    proxy.behave(({ path }) => {
      if (path.startsWith("/engine-rest/history/batch/count")) return { status: 200, body: '{"count":12000}' };
      const first = /^\/engine-rest\/history\/batch\?.*firstResult=(\d+)/.exec(path)?.[1];
      if (first !== undefined) return { status: 200, body: JSON.stringify(many(Number(first))) };
      return undefined;
    });
    const other = await open({ hash: `batch-view/batches?completed.f.user=${starter}` });
    await completed(other).getByText("Incomplete: 10,000 of 12,000 were checked.").waitFor();
    assert.deepEqual(await ids(completed(other)), ["made-up-0", "made-up-2500", "made-up-5000", "made-up-7500"]);
    await other.context().close();
  });
});
