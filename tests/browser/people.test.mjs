// Who began a batch: people by their names, which the engine knows, and by a filter.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Batches } from "./support/batches.mjs";
import { Engine, until } from "./support/engine.mjs";
import { details, hashOf, inProgress, loaded, row } from "./support/page.mjs";
import { onDemo } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

describe("people", async () => {
  const { engine, proxy, batches, open } = await setStage({ kinds: ["failed", "suspended"], demoArgs: ["--auth"] });
  /** The demo engine has a batch of mary's from the beginning; on a real one mary comes to be, and begins one. */
  const ofMary = async () => {
    if (onDemo) return batches.failed;
    const profile = { id: "mary", firstName: "Mary", lastName: "O'Neill-Şahin", email: "mary@localhost" };
    await engine.send("POST", "/user/create", { profile, credentials: { password: "mary" } });
    const mayBegin = { type: 1, permissions: ["CREATE"], userId: "mary", resourceType: 13, resourceId: "*" };
    await engine.send("POST", "/authorization/create", mayBegin);
    // Who begins a batch may not see it for that.
    const { id } = await new Batches(new Engine(engine.url, "mary:mary")).beginFailing(2);
    return until("her jobs failed", async () => {
      const batch = await engine.batch(id);
      return batch.failedJobs === 2 && batch;
    });
  };
  const hers = await ofMary();
  const other = batches.suspended;
  const nameOf = async (id) => {
    const { firstName, lastName } = await engine.get(`/user/${id}/profile`);
    return `${firstName} ${lastName}`;
  };

  test("stand in the list and in the details by their full names", async () => {
    assert.equal(hers.createUserId, "mary");
    assert.notEqual(other.createUserId, "mary");
    const page = await open();
    for (const batch of [hers, other]) {
      const name = await nameOf(batch.createUserId);
      assert.ok(name.length > batch.createUserId.length);
      await row(page, batch.id).getByText(name, { exact: true }).waitFor();
      await page.goto(page.url().replace(/#.*/, `#/${hashOf(batch.id)}`));
      await loaded(page, batch.id);
      await details(page).locator("dl.facts").getByText(name, { exact: true }).waitFor();
    }
    await page.context().close();
  });

  test("are asked for all at once, not one by one", async () => {
    const asked = proxy.asked.filter(({ path }) => path.startsWith("/engine-rest/user"));
    assert.ok(asked.length > 0);
    for (const { path } of asked) assert.match(path, /^\/engine-rest\/user\?idIn=/);
  });

  test("narrow the list to what they began", async () => {
    const page = await open();
    await row(page, other.id).waitFor();
    await inProgress(page).getByRole("button", { name: "+ Filter" }).click();
    await page.locator(".popover:popover-open").getByRole("button", { name: "Started by", exact: true }).click();
    await page.locator(".popover:popover-open input").fill("mary");
    await page.keyboard.press("Enter");
    await until("only hers are left", async () => {
      const shown = await inProgress(page)
        .locator("tbody tr:not(.gone)")
        .evaluateAll((rows) => rows.map((one) => one.dataset.id));
      const all = (await engine.running()).filter(({ createUserId }) => createUserId === "mary").map(({ id }) => id);
      return shown.includes(hers.id) && shown.length === all.length && shown.every((id) => all.includes(id));
    });
    await page.context().close();
    if (!onDemo) await engine.send("DELETE", `/batch/${hers.id}?cascade=true`);
  });
});
