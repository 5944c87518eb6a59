// Behind a proxy that keeps every answer until it is whole, as some do: the page says so, and goes on by plain requests.
import assert from "node:assert/strict";
import { createServer, request as send } from "node:http";
import { after, describe, test } from "node:test";
import { details, openBatch, openPage, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

/** Passes on what is whole: an event stream never is. */
async function startBufferingProxy() {
  let target = 0;
  const held = new Set();
  const server = createServer((incoming, outgoing) => {
    const onwards = send(
      { host: "127.0.0.1", port: target, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        const parts = [];
        held.add(answer);
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => {
          held.delete(answer);
          const whole = Buffer.concat(parts);
          const headers = { ...answer.headers, "content-length": whole.length };
          delete headers["transfer-encoding"];
          outgoing.writeHead(answer.statusCode ?? 502, headers);
          outgoing.end(whole);
        });
        answer.on("error", () => outgoing.destroy());
      },
    );
    onwards.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onwards.destroy());
    incoming.pipe(onwards);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    pointAt: (port) => (target = port),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("behind a proxy that buffers", async () => {
  const proxy = await startBufferingProxy();
  const { batches, browser, host } = await setStage({ host: { args: ["--name", `127.0.0.1:${proxy.port}`] } });
  proxy.pointAt(Number(new URL(host.url).port));
  const page = await openPage(browser, { url: `http://127.0.0.1:${proxy.port}/`, token: host.token });
  after(async () => {
    await page.context().close();
    await proxy.stop();
  });

  test("the list comes all the same, and why it took a while is said", async () => {
    await row(page, batches.failed.id).waitFor();
    await page.getByText("delays its live updates").waitFor();
  });

  test("details open, and what changes arrives", async () => {
    await openBatch(page, batches.running.id);
    await details(page).getByRole("button", { name: "Suspend", exact: true }).click();
    await details(page).getByRole("button", { name: "Resume", exact: true }).waitFor();
    await row(page, batches.running.id).getByText("suspended").waitFor();
  });

  test("nothing in it complained", () => assert.deepEqual(page.complaints, []));
});
