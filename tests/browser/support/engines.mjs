// A stage with several demo engines side by side: each behind a proxy of its own, all of them in one host's configuration.
import assert from "node:assert/strict";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { Engine, roles } from "./engine.mjs";
import { launch, openPage } from "./page.mjs";
import { startDemoEngine, startHost, temporaryFolder } from "./programs.mjs";
import { startProxy } from "./proxy.mjs";

/** Runs a program's start, and ends it after the file. */
async function kept(starting) {
  const started = await starting;
  after(() => started.stop());
  return started;
}

/**
 * `engines`: by id {name, demo: arguments, user, password, nodes}. Of each comes {engine, proxies, batches}; `nodes` are so
 * many proxies before the same engine, `path` is put behind each address.
 */
export async function setEngines(engines, { args = [] } = {}) {
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));
  const stage = {};
  let toml = "";
  for (const [id, { name = id, demo = [], user, password, nodes = 1, path = "" }] of Object.entries(engines)) {
    const program = await kept(startDemoEngine(demo));
    const proxies = [];
    for (let count = 0; count < nodes; count += 1) proxies.push(await kept(startProxy(program.url)));
    const engine = new Engine(program.url, demo.includes("--auth") ? "demo:demo" : undefined);
    const batches = demo.some((flag) => flag === "--empty" || flag === "--version") ? {} : await roles(engine);
    stage[id] = { engine, proxy: proxies[0], proxies, batches };
    toml += `[[engine]]\nid = "${id}"\nname = "${name}"\n`;
    toml += `nodes = [${proxies.map(({ url }) => `"${url}${path}"`).join(", ")}]\n`;
    if (!user) continue;
    const secret = join(folder, `${id}.password`);
    writeFileSync(secret, password);
    chmodSync(secret, 0o600);
    toml += `user = "${user}"\npassword_file = "${secret}"\n`;
  }
  const config = join(folder, "host.toml");
  writeFileSync(config, toml);
  const host = await kept(startHost({ args: ["--config", config, ...args] }));
  const browser = await launch();
  after(() => browser.close());
  const pages = [];
  const open = async (options) => {
    const page = await openPage(browser, host, options);
    pages.push(page);
    return page;
  };
  after(() =>
    assert.deepEqual(
      pages.flatMap((page) => page.complaints),
      [],
      "pages complained",
    ),
  );
  return { ...stage, host, browser, config, open };
}
