// Starts and ends the programs under test: an engine (demo or real) and the host, each on a free port, with a folder of
// its own for what the host writes. Whatever was started is ended by its process id.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const fixture = join(here, "../../engine");

/** Which engine the specs run on: "demo", "operaton" or "camunda". */
export const kind = process.env.COCKPIT_ENGINE ?? "demo";
export const onDemo = kind === "demo";

function binary(name) {
  const folder = process.env.COCKPIT_BIN_DIR;
  if (!folder) throw new Error("COCKPIT_BIN_DIR has to name the folder of cockpit-host and demo-engine");
  return join(folder, name);
}

/** The folder of the built plugins, as cockpit-host finds it by itself. */
export const pluginFolder = () => join(process.env.COCKPIT_BIN_DIR ?? "", "../lib/cockpit/plugins");
export const testPluginFolder = () => join(process.env.COCKPIT_BIN_DIR ?? "", "../lib/test-plugins");

export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), "cockpit-browser-"));
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(patience);
}

/** The program's process, once its standard output has a line that `match` finds. */
async function started(program, args, env, match) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes) => (said = (said + bytes).slice(-20_000)));
  const found = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const hit = match.exec(line);
      if (hit) resolve(hit[0]);
    });
  });
  return { child, found, said: () => said, stop: () => end(child) };
}

export async function startDemoEngine(args = []) {
  const program = await started(binary("demo-engine"), ["--port", "0", ...args], {}, /http:\S+/);
  return { url: program.found, stop: program.stop };
}

/** The person in whose name the specs and the host ask a real engine, and the demo engine where it asks for one. */
export const person = { name: "demo", password: "demo" };
export const asPerson = { COCKPIT_USER: person.name, COCKPIT_PASSWORD: person.password };

/** A real engine that the caller runs (COCKPIT_ENGINE_URL), filled with one batch of each of these kinds: {kind: id}. */
export async function seedRealEngine(kinds) {
  const url = process.env.COCKPIT_ENGINE_URL;
  if (!url) throw new Error("COCKPIT_ENGINE_URL has to name the real engine");
  if (kinds.length === 0) return { url, ids: {} };
  const signedIn = ["--base", url, "--user", `${person.name}:${person.password}`];
  const seed = [...signedIn, "--running", "400", "--delay", "1500", "--only", kinds.join(",")];
  const { stdout } = await promisify(execFile)(join(fixture, "seed"), seed);
  return { url, ids: JSON.parse(stdout) };
}

/** The host with its page: {url, token, address, stop, log, audit: what it wrote down of actions}. Without `engine` its engines are those of its configuration. */
export async function startHost({ engine, plugins, env = {}, args = [] }) {
  const state = temporaryFolder();
  const all = ["serve", "--port", "0", ...(engine ? ["--engine", engine] : []), ...(plugins ? ["--plugins", plugins] : []), ...args];
  const program = await started(binary("cockpit-host"), all, { ...env, COCKPIT_ENGINE: undefined, COCKPIT_STATE: state }, /http:\S+/);
  const [url = "", token = ""] = program.found.split("#token=");
  // The address comes first, then the plugins are tried.
  while ((await fetch(`${url}readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    url,
    token,
    address: program.found,
    log: program.said,
    pid: program.child.pid,
    audit: () =>
      readFileSync(join(state, "audit.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    stop: async () => {
      await program.stop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
