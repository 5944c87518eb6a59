// An engine that is gone, slow, refuses or talks nonsense: each is told in words where the rows would be, and the page
// comes back by itself when the engine does.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { until } from "./support/engine.mjs";
import { completed, inProgress, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const answers = {
  "that asks for a password": {
    how: { status: 401, type: "text/plain", body: "" },
    says: /password|credentials|sign/i,
  },
  "that forbids": {
    how: {
      status: 403,
      body: '{"type":"AuthorizationException","message":"The user with id \'bob\' does not have \'READ\' permission"}',
    },
    says: /bob.*READ|not allowed/is,
  },
  "that answers a web page": {
    how: { status: 200, type: "text/html", body: "<!doctype html><title>Login</title><script>alert(1)</script>" },
    says: /JSON|HTML|engine/i,
  },
  "that answers garbage": { how: { status: 200, body: '{"rows": [' }, says: /JSON|understood|garbage/i },
  "that answers something else": {
    how: { status: 200, body: '{"surprise": [1, 2, 3]}' },
    says: /not understood.*(list|expected)/i,
  },
  "that fails": {
    how: { status: 500, body: '{"type":"ProcessEngineException","message":"ENGINE-03083 the tables are missing"}' },
    says: /ENGINE-03083 the tables are missing/,
  },
  "behind a proxy that fails": {
    how: { status: 502, type: "text/html", body: "<h1>Bad Gateway</h1>" },
    says: /502|Bad Gateway/i,
  },
  "that is overloaded": {
    how: { status: 503, type: "text/plain", body: "later", headers: { "Retry-After": "1" } },
    says: /503|unavailable|busy|overloaded/i,
  },
  "that answers 100 MB": { how: { bytes: 100 << 20 }, says: /large|MB|limit/i },
};

/** What was seen a moment ago is shown to who begins to look; a page that is to know nothing opens later. */
const forgotten = () => new Promise((resolve) => setTimeout(resolve, 1500));

/** What stands in place of the list. */
async function readNote(page, context) {
  const note = inProgress(page).locator(".note");
  await note.waitFor();
  const text = (await note.innerText()).replace(/\s+/g, " ");
  context.diagnostic(text);
  return { note, text };
}

describe("an engine", async () => {
  const { proxy, batches, open, host } = await setStage();
  const { failed } = batches;
  afterEach(() => proxy.well());

  for (const [what, { how, says }] of Object.entries(answers)) {
    test(what, async (context) => {
      proxy.behave(() => how);
      await forgotten();
      const page = await open();
      const { note, text } = await readNote(page, context);
      assert.match(text, says);
      assert.ok(!text.includes("<script>alert") || (await page.locator("script", { hasText: "alert" }).count()) === 0);
      proxy.behave();
      if (what === "that asks for a password") await note.getByRole("button", { name: "Try again" }).click();
      await row(page, failed.id).waitFor({ timeout: 60_000 });
      await page.context().close();
    });
  }

  test("that is not there", async (context) => {
    await proxy.down();
    await forgotten();
    const page = await open();
    const { text } = await readNote(page, context);
    assert.match(text, /127\.0\.0\.1:\d+.*refused|not reach|does not answer/i);
    await completed(page).locator(".note").waitFor();
    await proxy.up();
    await row(page, failed.id).waitFor({ timeout: 60_000 });
    await completed(page).locator("tbody tr").first().waitFor({ timeout: 60_000 });
    await page.context().close();
  });

  test("is told of in the person's language", async () => {
    proxy.behave(() => answers["that asks for a password"].how);
    await forgotten();
    const page = await open({ locale: "de-DE" });
    const note = page.getByRole("region", { name: "In Arbeit" }).locator(".note");
    await note.getByText("Benutzer oder Passwort sind falsch oder fehlen.").waitFor();
    await proxy.down();
    await forgotten();
    await note.getByRole("button", { name: "Erneut versuchen" }).click();
    await note.getByText("Die Engine ist nicht zu erreichen").waitFor();
    await proxy.up();
    await page.context().close();
  });

  test("that does not answer in time", async (context) => {
    let release = () => {};
    const hold = new Promise((resolve) => (release = resolve));
    proxy.behave(() => ({ hold }));
    await forgotten();
    const page = await open();
    await inProgress(page).locator(".skeleton").waitFor();
    const note = inProgress(page).locator(".note");
    await note.waitFor({ timeout: 60_000 });
    const said = (await note.innerText()).replace(/\s+/g, " ");
    context.diagnostic(said);
    assert.match(said, /too slow.*deadline/i);
    proxy.behave();
    release();
    await row(page, failed.id).waitFor({ timeout: 60_000 });
    await page.context().close();
  });

  test("and after all that the host is well, and so is a fresh page", async () => {
    assert.equal(await (await fetch(`${host.url}healthz`)).text().then((text) => text.trim()), "ok");
    const page = await open();
    await row(page, failed.id).waitFor();
    await until("the head says live", async () => (await page.locator(".live.live").count()) === 1);
    await page.context().close();
  });
});
