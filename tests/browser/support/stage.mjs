// What a spec file needs on the stage: an engine, a proxy before it, the host and a browser. Everything is cleared away at
// the end of the file, where also no page may have complained.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Engine, roles } from "./engine.mjs";
import { launch, openPage } from "./page.mjs";
import { onDemo, seedRealEngine, startDemoEngine, startHost } from "./programs.mjs";
import { startProxy } from "./proxy.mjs";

let launched;

/** One browser for all that a file does. */
function theBrowser() {
  launched ??= launch();
  return launched;
}
after(async () => (await launched)?.close());

/** `demo`: arguments of the demo engine, which then is used even where others run on a real one. */
export async function setStage({ demo, host: hostOptions = {}, user } = {}) {
  const closing = [];
  const pages = [];
  const clear = async () => {
    for (const close of closing.reverse()) await close();
  };
  after(async () => {
    await clear();
    assert.deepEqual(
      pages.flatMap((page) => page.complaints),
      [],
      "pages complained",
    );
  });
  const real = !onDemo && demo === undefined ? await seedRealEngine() : undefined;
  const started = real ?? (await startDemoEngine(demo));
  if (!real) closing.push(started.stop);
  const engine = new Engine(started.url, user);
  const batches = (demo ?? []).includes("--empty") ? {} : await roles(engine, real?.ids);
  if (real) {
    // What still runs would keep the engine's threads from the next file's batches.
    closing.push(async () => {
      for (const id of Object.values(real.ids)) await engine.send("DELETE", `/batch/${id}?cascade=true`);
    });
  }
  const proxy = await startProxy(started.url);
  closing.push(proxy.stop);
  const host = await startHost({ engine: proxy.url, ...hostOptions });
  closing.push(host.stop);
  const browser = await theBrowser();
  const open = async (options) => {
    const page = await openPage(browser, host, options);
    pages.push(page);
    closing.push(() => page.context().close());
    return page;
  };
  return { engine, proxy, host, browser, batches, open };
}
