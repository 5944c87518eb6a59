// Somebody who may little: sees what the engine lets them see, also of jobs and logs, which engines protect from nobody;
// is offered what they may do, and told why not the rest.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine, until } from "./support/engine.mjs";
import { details, failedJobs, hashOf, inProgress, loaded, row, told } from "./support/page.mjs";
import { onDemo } from "./support/programs.mjs";
import { setStage } from "./support/stage.mjs";

const batchResource = 13;
const everything = ["READ", "READ_HISTORY", "UPDATE", "DELETE", "DELETE_HISTORY"];

describe("a user with few permissions", async () => {
  const { engine, batches, made, open } = await setStage({
    kinds: ["failed", "suspended"],
    demoArgs: ["--auth"],
    host: { env: { COCKPIT_USER: "mary", COCKPIT_PASSWORD: "mary" } },
  });
  const { failed, suspended } = batches;
  const hidden = await made.failed(2);
  // The demo engine has mary and these rights from the beginning.
  if (!onDemo) {
    const profile = { id: "mary", firstName: "Mary", lastName: "O'Neill-Şahin", email: "mary@localhost" };
    await engine.send("POST", "/user/create", { profile, credentials: { password: "mary" } });
    const grant = (batch, permissions) => {
      const right = { type: 1, permissions, userId: "mary", resourceType: batchResource, resourceId: batch.id };
      return engine.send("POST", "/authorization/create", right);
    };
    assert.equal((await grant(failed, everything)).status, 200);
    assert.equal((await grant(suspended, ["READ", "READ_HISTORY"])).status, 200);
  }
  const mary = new Engine(engine.url, "mary:mary");
  const opened = async (id) => {
    const page = await open({ hash: hashOf(id) });
    await loaded(page, id);
    return page;
  };

  test("sees the batches that the engine shows them, and no other one", async () => {
    const page = await open();
    await until("exactly these", async () => {
      const shown = await inProgress(page)
        .locator("tbody tr:not(.gone)")
        .evaluateAll((rows) => rows.map((one) => one.dataset.id));
      const may = (await mary.running()).map(({ id }) => id);
      assert.ok(may.includes(failed.id) && may.includes(suspended.id) && !may.includes(hidden.id));
      return shown.length === may.length && may.every((id) => shown.includes(id));
    });
    await page.context().close();
  });

  test("learns nothing of another batch's jobs, though the engine would tell", async () => {
    const [job] = await engine.failedJobs(hidden);
    assert.ok((await mary.job(job.id))?.exceptionMessage, "the engine protects no job");
    for (const [hash, secret] of [
      [hashOf(hidden.id), hidden.type],
      [hashOf(job.id, "job"), job.exceptionMessage.slice(-30)],
    ]) {
      const page = await open({ hash });
      await details(page)
        .getByText(/Not found|no longer exists/)
        .first()
        .waitFor();
      assert.ok(!(await details(page).innerText()).includes(secret));
      await page.context().close();
    }
    const [entry] = await engine.get(`/history/job-log?jobId=${job.id}&failureLog=true&maxResults=1`);
    const page = await open({ hash: hashOf(entry.id, "log-entry") });
    await details(page)
      .getByText(/[Nn]ot found|no longer|ran or was deleted/)
      .waitFor();
    assert.ok(!(await details(page).innerText()).includes(entry.jobExceptionMessage.slice(-30)));
    await page.context().close();
  });

  test("may only read one: its buttons say which right is missing, and do nothing", async () => {
    const page = await opened(suspended.id);
    for (const [name, right] of [
      ["Resume", "UPDATE"],
      ["Delete…", "DELETE"],
    ]) {
      const button = details(page).getByRole("button", { name, exact: true }).first();
      assert.equal(await button.getAttribute("aria-disabled"), "true");
      const said = await button.evaluate(
        (one) =>
          `${one.title} ${document.getElementById(one.getAttribute("aria-describedby") ?? "")?.textContent ?? ""}`,
      );
      assert.match(said, new RegExp(`You do not have the right ${right} on this batch`));
      await button.click({ force: true });
    }
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal((await engine.batch(suspended.id)).suspended, true);
    await page.context().close();
  });

  test("may do everything to another one, and does it", async () => {
    const page = await opened(failed.id);
    await failedJobs(page).getByText("1–7 of 7").waitFor();
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await told(page, "Suspended.");
    assert.equal((await engine.batch(failed.id)).suspended, true);
    await row(page, failed.id).getByText("suspended").waitFor();
    await page.context().close();
  });
});
