// What the first visit costs, and the pictures of the README (written only when COCKPIT_SCREENSHOT is 1).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "./support/engine.mjs";
import { details, failedJobs, hashOf, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const mostRequests = 6;
const mostBytes = 40_000;

/** All that comes over the wire from now on: names of requests, bytes with their headers. */
async function watchWire(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  const answers = new Map();
  const entry = (id) => {
    if (!answers.has(id)) answers.set(id, { what: "", head: 0, body: 0, total: 0 });
    return answers.get(id);
  };
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => {
    entry(requestId).what = `${request.method} ${new URL(request.url).pathname}`;
  });
  wire.on("Network.responseReceivedExtraInfo", ({ requestId, headersText }) => {
    entry(requestId).head = headersText?.length ?? 0;
  });
  wire.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    entry(requestId).body += encodedDataLength;
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    entry(requestId).total = encodedDataLength;
  });
  return () => [...answers.values()].map(({ what, head, body, total }) => ({ what, bytes: total || head + body }));
}

const sum = (answers) => answers.reduce((all, { bytes }) => all + bytes, 0);

describe("the first visit", async () => {
  const { host, batches, browser, open } = await setStage();
  const { failed } = batches;

  test(`takes at most ${mostRequests} requests and ${mostBytes} bytes, and a repeated one less`, async (context) => {
    const fresh = await browser.newContext();
    const page = await fresh.newPage();
    const answers = await watchWire(page);
    await page.goto(host.address);
    await row(page, failed.id).waitFor();
    await page.getByRole("region", { name: "Completed" }).locator("tbody tr").first().waitFor();
    await page
      .getByRole("navigation")
      .getByText(/^[1-9]/)
      .first()
      .waitFor();
    const cold = answers();
    for (const { what, bytes } of cold) context.diagnostic(`${String(bytes).padStart(6)} ${what}`);
    context.diagnostic(`cold: ${cold.length} requests, ${sum(cold)} bytes with response headers`);
    assert.ok(cold.length <= mostRequests, cold.map(({ what }) => what).join(", "));
    assert.ok(sum(cold) <= mostBytes, `${sum(cold)} bytes`);

    const second = await fresh.newPage();
    const again = await watchWire(second);
    await second.goto(host.url);
    await row(second, failed.id).waitFor();
    const repeated = again();
    context.diagnostic(`repeated: ${repeated.length} requests, ${sum(repeated)} bytes with response headers`);
    assert.ok(sum(repeated) < sum(cold));
    await fresh.close();
  });

  for (const scheme of ["light", "dark"]) {
    test(`the picture of the README, ${scheme}`, async () => {
      const page = await open({ scheme, hash: hashOf(failed.id) });
      await loaded(page, failed.id);
      await failedJobs(page).getByText("1–7 of 7").waitFor();
      await until("every row has its state", async () => (await row(page, failed.id).getByText("blocked").count()) > 0);
      await details(page).getByRole("button", { name: "Retry all 7" }).waitFor();
      if (process.env.COCKPIT_SCREENSHOT === "1") {
        const folder = fileURLToPath(new URL("../../docs/", import.meta.url));
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: `${folder}page-${scheme}.png` });
      }
      await page.context().close();
    });
  }
});
