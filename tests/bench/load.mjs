// What looking costs the engine, and how soon a change in the engine is on screen: one tab, many tabs of one browser profile,
// and many clients that speak the page's protocol, each with a moving batch open. The engine is the demo engine behind a proxy that counts.
import { createRequire } from 'node:module';
import { startDemoEngine, startHost } from '../browser/support/programs.mjs';
import { loaded, row } from '../browser/support/page.mjs';
import { startProxy } from '../browser/support/proxy.mjs';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const many = Number(process.env.MANY ?? 100);
const watched = Number(process.env.WATCHED_MS ?? 30000);
const changes = Number(process.env.CHANGES ?? 20);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

const engine = await startDemoEngine();
const proxy = await startProxy(engine.url);
const host = await startHost({ engine: proxy.url });
const running = await (await fetch(`${engine.url}/batch/statistics?maxResults=50`)).json();
const moving = running.find((batch) => batch.type === 'instance-modification');
const still = running.find((batch) => batch.suspended);

async function callsOf(what) {
  const before = proxy.asked.length;
  await sleep(watched);
  const calls = proxy.asked.length - before;
  console.error(`${what}: ${calls} engine calls in ${watched / 1000} s`);
  return calls;
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const pages = [];
async function openTab() {
  const page = await context.newPage();
  const address = new URL(host.address);
  const token = address.hash.slice(1);
  address.hash = pages.length === 0 ? `${token}` : '';
  await page.goto(address.href);
  await row(page, still.id).waitFor({ timeout: 120000 });
  await row(page, moving.id).getByRole('link').first().click();
  await loaded(page, moving.id);
  pages.push(page);
}

/** Ms from the engine's answer to a change until the row on screen shows it; all clocks are this machine's. */
async function delays() {
  const [page] = pages;
  await page.evaluate((id) => {
    window.seenAt = {};
    const look = () => {
      const text = document.querySelector(`tr[data-id="${id}"]`)?.innerText ?? '';
      const state = /suspended/.test(text) ? 'suspended' : 'active';
      if (window.seenState !== state) {
        window.seenState = state;
        window.seenAt[state] = Date.now();
      }
      requestAnimationFrame(look);
    };
    look();
  }, still.id);
  const all = [];
  let suspended = true;
  for (let change = 0; change < changes; change += 1) {
    suspended = !suspended;
    await fetch(`${engine.url}/batch/${still.id}/suspended`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ suspended }) });
    const changed = Date.now();
    const wanted = suspended ? 'suspended' : 'active';
    await page.waitForFunction(([state, since]) => (window.seenAt[state] ?? 0) >= since - 50, [wanted, changed], { timeout: 60000 });
    all.push((await page.evaluate((state) => window.seenAt[state], wanted)) - changed);
    await sleep(1500 + Math.random() * 1500);
  }
  all.sort((a, b) => a - b);
  return { median: all[Math.floor(all.length / 2)], p95: all[Math.min(all.length - 1, Math.ceil(all.length * 0.95) - 1)] };
}

/** One of the demo engine's batches ends soon after the start, which is looked at more closely: not what is counted here. */
async function nothingEnds() {
  for (let look = 0; look < 60; look += 1) {
    const batches = await (await fetch(`${engine.url}/batch/statistics?maxResults=50`)).json();
    if (batches.every((batch) => batch.remainingJobs > 0)) return;
    await sleep(1000);
  }
}

await openTab();
await nothingEnds();
await sleep(8000);
const one = await callsOf('one tab');
const delay = await delays();
while (pages.length < many) await openTab();
await sleep(4000);
const tabs = await callsOf(`${many} tabs of one profile`);
await browser.close();
await sleep(3000);

/** A client without a browser: its own session and stream, looking at the same things as a tab. */
async function client() {
  const token = new URL(host.address).hash.replace('#token=', '');
  const post = async (path, body, session) => {
    const answer = await fetch(new URL(path, host.url), { method: 'POST', headers: { 'Content-Type': 'application/json', ...(session ? { Authorization: `Bearer ${session}` } : {}) }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { session } = await post('api/session', { token });
  const stop = new AbortController();
  const answer = await fetch(new URL('api/stream', host.url), { headers: { Authorization: `Bearer ${session}` }, signal: stop.signal });
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!/"stream":"([^"]+)"/.test(text)) text += decoder.decode((await reader.read()).value);
  const stream = /"stream":"([^"]+)"/.exec(text)[1];
  const read = (at, more) => ({ key: at, plugin: 'batch-view', at, locale: 'en', zone: 'UTC', ...more });
  const batch = { id: moving.id, engine: 'default' };
  await post(`api/stream/${stream}`, { watch: [
    read('navigation/batches'),
    read('views/batches/lists/in-progress', { sort: { key: 'start', order: 'desc' }, page: { first: 0, size: 20 } }),
    read('views/batches/lists/completed', { sort: { key: 'end', order: 'desc' }, page: { first: 0, size: 20 } }),
    read('views/details', { row: batch, engines: ['default'] }),
    read('views/details/sections/failed-jobs', { parent: batch, engines: ['default'], page: { first: 0, size: 20 } }),
  ] }, session);
  (async () => { for (;;) if ((await reader.read()).done) break; })().catch(() => {});
  return () => stop.abort();
}
const clients = [];
for (let i = 0; i < many; i += 1) clients.push(await client());
await sleep(4000);
const speaking = await callsOf(`${many} clients of the protocol`);
for (const stop of clients) stop();
await host.stop();
await proxy.stop();
await engine.stop();

console.log('| with a moving batch open | |\n| --- | --- |');
console.log(`| engine calls in ${watched / 1000} s, one tab | ${one} |`);
console.log(`| engine calls in ${watched / 1000} s, ${many} tabs of one browser profile | ${tabs} |`);
console.log(`| engine calls in ${watched / 1000} s, ${many} clients of the page's protocol | ${speaking} |`);
console.log(`| a change in the engine is on screen after (median, 95 %) | ${delay.median} ms, ${delay.p95} ms |`);
