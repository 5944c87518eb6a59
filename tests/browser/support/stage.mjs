// What a spec file needs on the stage: an engine, a proxy before it, the host and a browser. Everything is cleared away at
// the end of the file, where also no page may have complained.
import assert from "node:assert/strict";
import { after } from "node:test";
import { Batches } from "./batches.mjs";
import { Engine, roles } from "./engine.mjs";
import { launch, openPage } from "./page.mjs";
import { asPerson, onDemo, person, seedRealEngine, startDemoEngine, startHost } from "./programs.mjs";
import { startProxy } from "./proxy.mjs";

let launched;

/** One browser for all that a file does. */
function theBrowser() {
  launched ??= launch();
  return launched;
}
after(async () => (await launched)?.close());

const kindsOfMost = ["completed", "suspended", "failed", "running"];

/**
 * `kinds`: of the batches that the file works with. `made`: what makes others. `demoArgs`: arguments of the demo engine,
 * where the file runs on that. `demo`: the same, and it is used even where others run on a real one.
 */
export async function setStage({ kinds = kindsOfMost, demo, demoArgs = [], host: hostOptions = {}, user } = {}) {
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
  const real = !onDemo && demo === undefined ? await seedRealEngine(kinds) : undefined;
  const args = demo ?? [...demoArgs, ...(kinds.includes("causes") ? ["--failed", "12"] : [])];
  const started = real ?? (await startDemoEngine(args));
  if (!real) closing.push(started.stop);
  const signsIn = real !== undefined || args.includes("--auth");
  const engine = new Engine(started.url, user ?? (signsIn ? `${person.name}:${person.password}` : undefined));
  const batches = args.includes("--empty") ? {} : await roles(engine, real?.ids);
  const made = new Batches(engine);
  if (real) {
    // What still runs would keep the engine's threads from the next file's batches.
    closing.push(async () => {
      for (const id of Object.values(real.ids)) await engine.send("DELETE", `/batch/${id}?cascade=true`);
      await made.clear();
    });
  }
  const proxy = await startProxy(started.url);
  closing.push(proxy.stop);
  const env = { ...(signsIn ? asPerson : {}), ...hostOptions.env };
  const host = await startHost({ engine: proxy.url, ...hostOptions, env });
  closing.push(host.stop);
  const browser = await theBrowser();
  const open = async (options) => {
    const page = await openPage(browser, host, options);
    pages.push(page);
    closing.push(() => page.context().close());
    return page;
  };
  return { engine, proxy, host, browser, batches, made, open };
}
