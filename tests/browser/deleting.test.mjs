// Deleting and holding batches: a question names each, says what is lost and offers to suspend instead; of several chosen in
// the list exactly those are meant; the history goes along only where somebody says so.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, details, dialog, inProgress, row, told, openDetails } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

describe("batches are held and deleted", async () => {
  const { engine, proxy, host, made, open } = await setStage({ kinds: [] });

  const ask = async (page) => {
    await details(page).getByRole("button", { name: "Delete…", exact: true }).click();
    await dialog(page).waitFor();
    return dialog(page);
  };
  const confirm = (question) => question.getByRole("button", { name: /^Delete( \d+)?$/ }).click();
  const choose = async (page, batches) => {
    for (const { id } of batches) await row(page, id).getByRole("checkbox").check();
  };
  const bulk = (list) => list.locator(".bulk");
  const states = (batches) => Promise.all(batches.map(async ({ id }) => (await engine.batch(id)).suspended));

  test("the question names the batch and says how much is lost; suspending it instead keeps everything", async () => {
    const batch = await made.failed(3);
    const page = await openDetails(open, batch.id);
    const question = await ask(page);
    const asked = await question.innerText();
    assert.ok(asked.includes(`Delete ${batch.type} ${batch.id}?`), asked);
    assert.match(asked, /Unfinished jobs \(3\) are lost, and running work is rolled back/);
    assert.match(asked, /Suspend the batch instead to keep everything/);
    await question.getByRole("button", { name: "Suspend instead" }).click();
    await until("it is suspended", async () => (await engine.batch(batch.id)).suspended);
    await told(page, "Suspended.");
    assert.equal((await engine.batch(batch.id)).failedJobs, 3, "nothing is lost");
    await page.context().close();
  });

  test("a question that is cancelled does nothing", async () => {
    const batch = await made.failed(1);
    const page = await openDetails(open, batch.id);
    const question = await ask(page);
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    assert.deepEqual(await engine.batch(batch.id), batch);
    await page.context().close();
  });

  test("without its history: the record stays, and says that it was deleted early", async () => {
    const batch = await made.failed(2);
    const page = await openDetails(open, batch.id);
    const question = await ask(page);
    assert.equal(await question.getByLabel("Also delete its history").isChecked(), false);
    await confirm(question);
    await told(page, `${batch.type} ${batch.id} was deleted; its record stays in the history.`);
    assert.equal(await engine.batch(batch.id), undefined);
    assert.ok((await engine.record(batch.id)).endTime);
    await details(page).locator("h1").getByText("deleted early").waitFor();
    await page.context().close();
  });

  test("with its history: nothing of it stays", async () => {
    const batch = await made.failed(2);
    const page = await openDetails(open, batch.id);
    const question = await ask(page);
    await question.getByLabel("Also delete its history").check();
    await confirm(question);
    await told(page, `${batch.type} ${batch.id} no longer exists.`);
    assert.equal(await engine.batch(batch.id), undefined);
    assert.equal(await engine.record(batch.id), undefined);
    await page.context().close();
  });

  test("several are suspended and resumed, and no other one", async () => {
    const batches = [await made.failed(1), await made.failed(2), await made.failed(3)];
    const [first, other, third] = batches;
    const page = await open();
    await choose(page, [first, third]);
    await bulk(inProgress(page)).getByText("2 selected").waitFor();
    await bulk(inProgress(page)).getByRole("button", { name: "Suspend" }).click();
    await told(page, "2 batches were suspended.");
    assert.deepEqual(await states(batches), [true, false, true]);
    for (const { id } of [first, third]) await row(page, id).getByText("suspended").waitFor();
    await bulk(inProgress(page)).getByRole("button", { name: "Resume" }).click();
    await told(page, "2 batches were resumed.");
    assert.deepEqual(await states(batches), [false, false, false]);
    for (const { id } of batches) await row(page, id).getByText("blocked").waitFor();
    assert.equal((await engine.batch(other.id)).failedJobs, 2);
    await page.context().close();
  });

  test("of several, what is already so is not done again, and it says for how many it is", async () => {
    const [active, held] = [await made.failed(1), await made.failed(1)];
    await made.suspend(held.id);
    const page = await open();
    await row(page, held.id).getByText("suspended").waitFor();
    await choose(page, [active, held]);
    await bulk(inProgress(page)).getByText("1 of 2").first().waitFor();
    await bulk(inProgress(page)).getByRole("button", { name: "Suspend" }).click();
    await told(page, "Suspended.");
    assert.deepEqual(await states([active, held]), [true, true]);
    await page.context().close();
  });

  test("several are deleted after a dialog that names each, with their history if chosen", async () => {
    const batches = [await made.failed(1), await made.failed(1), await made.failed(1)];
    const [first, second, third] = batches;
    const page = await open();
    for (const [gone, withHistory] of [
      [[first], true],
      [[second, third], false],
    ]) {
      await choose(page, gone);
      await bulk(inProgress(page))
        .getByRole("button", { name: /^Delete…/ })
        .click();
      const asked = await dialog(page).innerText();
      for (const { id } of gone) assert.ok(asked.includes(id), asked);
      if (gone.length > 1) assert.ok(asked.includes(`Delete ${gone.length} batches?`), asked);
      for (const { id } of batches)
        assert.equal(
          asked.includes(id),
          gone.some((one) => one.id === id),
        );
      await dialog(page).getByLabel("Also delete its history").setChecked(withHistory);
      await confirm(dialog(page));
      for (const { id } of gone) {
        await until("it is gone", async () => !(await engine.batch(id)));
        assert.equal((await engine.record(id)) === undefined, withHistory);
      }
      if (gone.length === 1) assert.ok(await engine.batch(second.id), "the others are still there");
      await page.mouse.move(1, 1);
      for (const { id } of gone) await inProgress(page).locator(`tr[data-id="${id}"]`).waitFor({ state: "detached" });
    }
    await page.context().close();
  });

  test("several records are deleted, and no other one", async () => {
    const batches = [await made.failed(1), await made.failed(1), await made.failed(1)];
    const [first, other, third] = batches;
    const page = await open();
    for (const { id } of batches) await row(page, id).waitFor();
    for (const { id } of batches) await engine.send("DELETE", `/batch/${id}`);
    for (const { id } of batches) await completed(page).locator(`tr[data-id="${id}"]`).waitFor();
    for (const { id } of [first, third])
      await completed(page).locator(`tr[data-id="${id}"]`).getByRole("checkbox").check();
    await bulk(completed(page)).getByRole("button", { name: "Delete…", exact: true }).click();
    const asked = await dialog(page).innerText();
    assert.match(asked, /Delete 2 records\?/);
    for (const { id } of [first, third]) assert.ok(asked.includes(id), asked);
    await confirm(dialog(page));
    await told(page, "2 records were deleted.");
    assert.equal(await engine.record(first.id), undefined);
    assert.equal(await engine.record(third.id), undefined);
    assert.ok(await engine.record(other.id));
    await page.context().close();
  });

  test("what was done, to what and with what result stands in the host's audit log, also what the engine refused", async () => {
    const batch = await made.failed(1);
    const page = await openDetails(open, batch.id);
    await details(page).getByRole("button", { name: "Suspend" }).click();
    await told(page, "Suspended.");
    const message = "ENGINE-99999 no";
    proxy.behave(({ method }) =>
      method === "DELETE"
        ? { status: 500, body: JSON.stringify({ type: "ProcessEngineException", message }) }
        : undefined,
    );
    await confirm(await ask(page));
    await told(page, message);
    proxy.behave();
    assert.ok(await engine.batch(batch.id));
    const lines = host.audit();
    for (const [action, outcome] of [
      ["suspend", "ok"],
      ["delete-batch", "failed"],
    ]) {
      const of = lines.filter((line) => line.action === action && line.ids?.includes(batch.id));
      assert.equal(of.length, 1, action);
      const [begun] = of;
      assert.deepEqual(begun.ids, [batch.id]);
      assert.ok(begun.principal.length > 0);
      const ended = lines.find((line) => line.event === "ended" && line.run === begun.run);
      assert.equal(ended.outcome, outcome);
      assert.ok(Date.parse(begun.time) <= Date.parse(ended.time));
      if (outcome === "failed") assert.ok(JSON.stringify(ended.message).includes(message), ended.message);
    }
    await page.context().close();
  });
});
