// A cause in which many were joined, since their messages differ in one place only: what it consists of can be opened, by
// keyboard, too, and each part can be acted on alone.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { audit, dialog, hashOf, loaded, section } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const names = "Ada Bela Cleo Dora Egon Finn Gero Hedy Ilse Jost Kuno Lena".split(" ");

describe("a cause that joins many", async () => {
  const { engine, proxy, made, open } = await setStage({ kinds: [] });
  const batch = await made.failed(2 * names.length);
  const jobs = (await engine.failedJobs(batch)).map(({ id }) => id).sort();
  const nameOf = (id) => names[jobs.indexOf(id) % names.length];
  const said = (job) =>
    jobs.includes(job.id)
      ? { ...job, exceptionMessage: `java.lang.IllegalStateException: Partner ${nameOf(job.id)} has no valid contract` }
      : job;
  const inTheirNames = () =>
    proxy.behave(({ method, path }) =>
      /\/job\?/.test(path) && method === "POST" ? { rewrite: (rows) => rows.map(said) } : undefined,
    );
  inTheirNames();
  afterEach(inTheirNames);
  const page = await open({ hash: hashOf(batch.id) });
  const causes = section(page, "Causes").locator("ul.groups:not(.parts ul) > li");
  const joined = causes.first();
  const summary = joined.locator("summary");
  const parts = joined.locator("details.parts > ul > li");

  test("is one, and says how many variants it has", async () => {
    await loaded(page, batch.id);
    await joined.getByText("Partner … has no valid contract").first().waitFor();
    assert.equal(await causes.count(), 1);
    assert.equal(await joined.locator(".amount").first().innerText(), String(jobs.length));
    assert.match(await summary.innerText(), new RegExp(`${names.length} variants`));
    assert.equal(await parts.first().isVisible(), false);
  });

  test("is opened and closed by keyboard; each part is counted", async () => {
    for (const open of [true, false, true]) {
      await summary.press("Enter");
      await until("it is so", async () => (await parts.first().isVisible()) === open);
    }
    assert.equal(await parts.count(), names.length);
    for (const name of names) {
      const part = parts.filter({ hasText: `Partner ${name} has` });
      assert.equal(await part.locator(".amount").innerText(), "2", name);
    }
    assert.deepEqual(await audit(page), []);
    // On with the keyboard: the next stop is inside.
    await summary.press("Tab");
    assert.ok(await parts.first().evaluate((part) => part.contains(document.activeElement)));
  });

  test("one part is retried alone, while the others stay open", async () => {
    const [name] = names;
    const own = jobs.filter((id) => nameOf(id) === name);
    const before = new Map(await Promise.all(jobs.map(async (id) => [id, await engine.failures(id)])));
    await parts
      .filter({ hasText: `Partner ${name} has` })
      .getByRole("button", { name: "Retry 2…" })
      .click();
    await dialog(page).getByRole("button", { name: "Preview" }).click();
    const plan = dialog(page).locator(".plan");
    await plan.getByText("2 would be affected.").waitFor();
    const shown = (await plan.locator("ul:not(.inline) .mono").allInnerTexts()).map((text) => text.trim());
    assert.ok(shown.length > 0);
    for (const id of shown.filter(Boolean)) assert.ok(own.includes(id), id);
    await dialog(page).getByRole("button", { name: "Retry 2", exact: true }).click();
    await until("both ran again", async () => {
      for (const id of own) if ((await engine.failures(id)) <= before.get(id)) return false;
      return true;
    });
    for (const id of jobs.filter((one) => !own.includes(one)))
      assert.equal(await engine.failures(id), before.get(id), `${id} was not tried again`);
    await until("they have failed again", async () => (await engine.batch(batch.id)).failedJobs === jobs.length);
    assert.equal(await parts.nth(1).isVisible(), true);
  });
});
