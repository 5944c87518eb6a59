// A real browser on the page, and what every page is watched for: violated content security policy, errors in the console.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { until } from "./engine.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

function browserPath() {
  if (process.env.COCKPIT_CHROMIUM) return process.env.COCKPIT_CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
  }
  throw new Error("there is no chromium on the PATH; COCKPIT_CHROMIUM may name one");
}

export function launch() {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** How long anything may take to show, in ms: long, since the machine may be busy with other things. */
const patience = Number(process.env.COCKPIT_PATIENCE ?? 45_000);

/** A page of its own session. `hash` follows the token in the address. */
export async function openPage(
  browser,
  host,
  { hash = "", scheme = "light", width = 1440, height = 900, locale = "en-GB" } = {},
) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // What the network did is told on the page; the browser's own line about it is no fault of the page's.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  await page.exposeBinding("tellViolation", (_, what) => complaints.push(`content security policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  // Sentences about outcomes go away after a while: what was ever said is kept, so that a slow machine misses none.
  await page.addInitScript(() => {
    window.everTold = [];
    const noted = new WeakMap();
    const note = () => {
      for (const one of document.querySelectorAll(".toast")) {
        if (noted.get(one) === one.textContent) continue;
        noted.set(one, one.textContent);
        window.everTold.push({ text: one.textContent, tone: one.className });
      }
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
  });
  page.complaints = complaints;
  await page.goto(`${host.url}#token=${host.token}${hash ? `&${hash}` : ""}`);
  return page;
}

/** The rules that axe finds broken, each with where. */
export async function audit(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return result.violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
}

export const list = (page, name) => page.getByRole("region", { name, exact: true });
export const inProgress = (page) => list(page, "In progress");
export const completed = (page) => list(page, "Completed");
export const row = (page, id) => page.locator(`tr[data-id="${id}"]`);
export const details = (page) => page.getByRole("region", { name: "Details" });
export const failedJobs = (page) => details(page).getByRole("region", { name: "Failed jobs" });
/** A section of the details, by its name. */
export const section = (page, name) => details(page).getByRole("region", { name, exact: true });
export const dialog = (page) => page.getByRole("dialog");

/** The page said so in a toast since it was loaded; that toast's text and tone. */
export async function told(page, text) {
  const said = () => page.evaluate(() => window.everTold);
  try {
    return await until("the page says so", async () => (await said()).find((one) => one.text.includes(text)), patience);
  } catch {
    throw new Error(`the page never said: ${text}\n  but: ${(await said()).map((one) => one.text).join("\n       ")}`);
  }
}
export const hashOf = (id, view = "details") => `batch-view/batches?thing=${view}/default/${id}`;

/** The states of the running batch: a real engine may still be creating its jobs. */
export const atWork = /^(running|seeding)$/;

/**
 * Deletes a batch at work. Now and then a real engine refuses that, because one of its jobs ends at the same moment
 * (ENGINE-03005): the page says so, and whoever reads it does it again.
 */
export async function asOftenAsTheEngineAsks(page, engine, batch, remove) {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await remove();
    const gone = await until("it is deleted, or the engine refuses", async () => {
      if (!(await engine.batch(batch.id))) return "gone";
      return page.evaluate(() => window.everTold.some(({ text }) => text.includes("ENGINE-03005")) && "refused");
    });
    if (gone === "gone") return;
    await page.evaluate(() => (window.everTold = []));
  }
  throw new Error("the engine refused it five times");
}

/** Opens a batch by its row, wherever it stands on the first page. */
export async function openBatch(page, id) {
  await row(page, id).getByRole("link").first().click();
  await loaded(page, id);
}

/** The details show this thing, and not only its name. */
export async function loaded(page, id) {
  await details(page).locator(".details-body:not([aria-busy=true])").filter({ hasText: id }).waitFor();
}

/** A page with that batch's details open and read. */
export async function openDetails(open, id) {
  const page = await open({ hash: hashOf(id) });
  await loaded(page, id);
  return page;
}

/** The long text in the details can be copied, and downloaded under a name with the id in it. */
export async function copyAndDownload(page, text, id) {
  await details(page).locator(".code-tools").getByRole("button", { name: "Copy" }).click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  const [taken] = await Promise.all([
    page.waitForEvent("download"),
    details(page).getByRole("button", { name: "Download" }).click(),
  ]);
  assert.equal(readFileSync(await taken.path(), "utf8"), text);
  assert.ok(taken.suggestedFilename().includes(id));
}
