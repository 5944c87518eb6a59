// One browser, one engine, two pages in turns: requests and bytes of a cold and a repeat load, time to the list, first and later click to
// details with failed jobs, engine calls in 30 s with one and with five tabs. Medians of the rounds, held against the budgets; of a click
// that is over its budget the engine's calls are listed. Engine calls of both are counted where they reach the engine: ours at a proxy in
// front of it; the classic page has no server of its own, so its calls are the browser's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const base = process.argv[2];
const batches = JSON.parse(readFileSync(process.env.COCKPIT_BATCHES, 'utf8'));
const rounds = Number(process.env.ROUNDS ?? 15);
const watched = Number(process.env.WATCHED_MS ?? 30000);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Ours are at most so much of the classic page's: time to the first list, click to details. */
const budgets = { list: 1 / 6, click: 1 / 4 };

let calls = 0;
/** The newest calls to the engine: when each began and ended, in ms since the epoch. */
const callLog = [];
const keptCalls = 200;
const target = new URL(base);
const agent = new http.Agent({ keepAlive: true });
const proxy = http.createServer((request, response) => {
  calls += 1;
  const call = { what: `${request.method} ${request.url.replace(target.pathname, '')}`, began: Date.now(), ended: NaN };
  callLog.push(call);
  if (callLog.length > keptCalls) callLog.shift();
  const onward = http.request(
    { host: target.hostname, port: target.port, path: request.url, method: request.method, headers: request.headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('end', () => (call.ended = Date.now()));
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
});
proxy.listen(0, '127.0.0.1');
await once(proxy, 'listening');

const state = `${process.env.COCKPIT_WORK}/state`;
mkdirSync(state, { recursive: true, mode: 0o700 });
const host = spawn(`${process.env.COCKPIT_BIN_DIR}/cockpit-host`, ['serve', '--port', '0', '--state', state, '--engine', `http://127.0.0.1:${proxy.address().port}${target.pathname}`], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(host.stdout, 'data');
const ours = String(line).trim();

/** Ours, once the browser is idle: code and description of what a click opens. They do not count for the first list. */
const isIdle = (url) => /\/(parts-|api\/plugins\/)/.test(url);

async function metered(context) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const none = { requests: 0, bytes: 0, idleBytes: 0, api: 0 };
  const meter = { page, ...none };
  const idle = new Set();
  const count = (event, bytes) => (meter[idle.has(event.requestId) ? 'idleBytes' : 'bytes'] += bytes);
  session.on('Network.requestWillBeSent', (event) => {
    if (event.request.url.startsWith('data:')) return;
    if (isIdle(event.request.url)) idle.add(event.requestId);
    else meter.requests += 1;
    if (/\/api\//.test(event.request.url)) meter.api += 1;
  });
  session.on('Network.dataReceived', (event) => count(event, event.encodedDataLength));
  session.on('Network.responseReceived', (event) => count(event, event.response.encodedDataLength ?? 0));
  meter.reset = () => Object.assign(meter, none);
  return meter;
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const size = { viewport: { width: 1440, height: 900 } };
const origin = base.replace(/\/engine-rest$/, '');

const login = await browser.newContext(size);
const form = await login.newPage();
const classicUrl = `${origin}/operaton/app/cockpit/default/#/batch`;
await form.goto(classicUrl);
await form.waitForSelector('input[type=password]');
await form.fill('input[type=text]', 'demo');
await form.fill('input[type=password]', 'demo');
await form.keyboard.press('Enter');
await form.waitForSelector(`text=${batches.failed}`);
const signedIn = await login.storageState();
await login.close();

const pages = {
  ours: { url: ours, storage: undefined, opens: (id) => `tr[data-id="${id}"] .row-link` },
  classic: { url: classicUrl, storage: signedIn, opens: (id) => `text=${id}` },
};

/** What shows that the details of a batch are there with its failed jobs: one of each group, as a text or as a row of that id. */
async function detailsOf(id) {
  const get = async (path) => (await fetch(`${base}${path}`)).json();
  const { batchJobDefinitionId } = await get(`/batch/${id}`);
  const jobs = await get(`/job?jobDefinitionId=${batchJobDefinitionId}&noRetriesLeft=true`);
  return [['Full stack trace'], jobs.flatMap((job) => [job.id, job.exceptionMessage.slice(0, 40)])];
}
const details = { failed: await detailsOf(batches.failed), causes: await detailsOf(batches.causes) };

/** When the page first shows it, in ms since the epoch, checked in the page with each frame: what checks from outside does so each half second. */
async function shown(page, groups) {
  const end = Date.now() + 30000;
  while (Date.now() < end) {
    const at = await page
      .evaluate(
        ([wanted, until]) =>
          new Promise((resolve) => {
            const there = (one) => document.body.innerText.includes(one) || document.querySelector(`tr[data-id="${CSS.escape(one)}"]`);
            const check = () => {
              if (document.body && wanted.every((group) => group.some(there))) resolve(performance.timeOrigin + performance.now());
              else if (Date.now() > until) resolve(undefined);
              else requestAnimationFrame(check);
            };
            check();
          }),
        [groups, end],
      )
      .catch((error) => (/navigat|destroyed/.test(String(error)) ? undefined : Promise.reject(error)));
    if (at !== undefined) return at;
  }
  throw new Error(`${page.url()} did not show ${JSON.stringify(groups).slice(0, 200)} in 30 s`);
}

const entry = (began, ended, what) => `${String(Math.round(began)).padStart(6)} to ${String(Math.round(ended)).padStart(5)} ms  ${what}`;

/** What the browser fetched since the navigation began, in ms from then. */
async function timelineOf(page) {
  const entries = await page.evaluate(() =>
    performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).map((one) => [one.startTime, one.responseEnd, one.name]),
  );
  return entries.map(([began, ended, name]) => entry(began, ended, name.replace(/#.*/, '').replace(/^.*\/\/[^/]*/, '')));
}

/** What the engine was asked from one point in time to another, in ms from the first. */
function engineCalls(from, to) {
  return callLog
    .filter((call) => call.began >= from && call.began <= to)
    .map((call) => entry(call.began - from, call.ended - from, `engine: ${call.what}`));
}

async function load(kind, meter) {
  const { url } = pages[kind];
  meter.reset();
  const began = Date.now();
  await meter.page.goto(url, { waitUntil: 'commit' });
  const visible = Math.round((await shown(meter.page, [[batches.failed]])) - began);
  const timeline = [...(await timelineOf(meter.page)), ...engineCalls(began, began + visible)];
  await sleep(1500);
  return { took: visible, requests: meter.requests, bytes: meter.bytes, idleBytes: meter.idleBytes, timeline };
}

/** From the click on a batch in the list until its details and failed jobs are there, in ms. */
async function click(kind, page, name) {
  await page.evaluate(() => {
    window.clickedAt = undefined;
    addEventListener('click', () => (window.clickedAt ??= performance.timeOrigin + performance.now()), { capture: true, once: true });
  });
  await page.locator(pages[kind].opens(batches[name])).first().click();
  const there = await shown(page, details[name]);
  const began = await page.evaluate(() => window.clickedAt);
  return { took: Math.round(there - began), timeline: engineCalls(began, there) };
}

const results = {};
for (const kind of Object.keys(pages)) results[kind] = { cold: [], repeat: [], first: [], later: [] };
for (let round = 0; round < rounds; round += 1) {
  for (const kind of Object.keys(pages)) {
    const context = await browser.newContext({ ...size, storageState: pages[kind].storage });
    const meter = await metered(context);
    results[kind].cold.push(await load(kind, meter));
    results[kind].first.push(await click(kind, meter.page, 'failed'));
    await sleep(1000);
    await shown(meter.page, [[batches.causes]]);
    await sleep(500);
    results[kind].later.push(await click(kind, meter.page, 'causes'));
    await meter.page.goto('about:blank');
    results[kind].repeat.push(await load(kind, meter));
    await context.close();
  }
}

/** A tab that shows no list is loaded anew, as a person would, at most twice; which one needed it is said. */
async function listed(kind, page) {
  for (let again = 0; ; again += 1) {
    const came = await page.waitForSelector(`text=${batches.failed}`, { timeout: 30000 }).then(() => true, () => false);
    if (came) return;
    const shown = (await page.locator('body').innerText()).replace(/\s+/g, ' ').slice(0, 200);
    console.error(`${kind}: no list after 30 s at ${page.url()}, but: ${shown}`);
    if (again === 2) throw new Error(`${kind}: no list after three loads`);
    await page.reload();
  }
}

async function watch(kind, tabs) {
  const context = await browser.newContext({ ...size, storageState: pages[kind].storage });
  const meters = [];
  for (let tab = 0; tab < tabs; tab += 1) {
    const meter = await metered(context);
    await meter.page.goto(pages[kind].url);
    await listed(kind, meter.page);
    await click(kind, meter.page, 'failed');
    meters.push(meter);
  }
  await sleep(3000);
  calls = 0;
  for (const meter of meters) meter.reset();
  await sleep(watched);
  const seen = kind === 'ours' ? calls : meters.reduce((sum, meter) => sum + meter.api, 0);
  await context.close();
  await sleep(1500);
  return seen;
}
for (const kind of Object.keys(pages)) {
  results[kind].one = await watch(kind, 1);
  results[kind].five = await watch(kind, 5);
}
await browser.close();
host.kill('SIGTERM');
proxy.close();
proxy.closeAllConnections();

const took = (rounds) => rounds.map((one) => one.took);
for (const [kind, { cold, repeat, first, later }] of Object.entries(results))
  console.error(`${kind}: list cold ${took(cold)}, repeat ${took(repeat)}, first click ${took(first)}, later ${took(later)} ms`);
const kb = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`);
const row = (label, value) => console.log(`| ${label} | ${value(results.ours)} | ${value(results.classic)} |`);
console.log('| | this page | classic Cockpit page |\n| --- | --- | --- |');
row('cold load', (r) => `${median(r.cold.map((x) => x.requests))} requests, ${kb(median(r.cold.map((x) => x.bytes)))}`);
row('fetched after that, while idle', (r) => kb(median(r.cold.map((x) => x.idleBytes))));
row('list visible, cold', (r) => `${median(took(r.cold))} ms`);
row('repeat load', (r) => `${median(r.repeat.map((x) => x.requests))} requests, ${kb(median(r.repeat.map((x) => x.bytes)))}`);
row('list visible, repeat', (r) => `${median(took(r.repeat))} ms`);
row('first click to details and failed jobs', (r) => `${median(took(r.first))} ms`);
row('later click to details and failed jobs', (r) => `${median(took(r.later))} ms`);
row(`engine calls in ${watched / 1000} s, details open, one tab`, (r) => r.one);
row(`engine calls in ${watched / 1000} s, details open, five tabs`, (r) => r.five);

/** Ours against the classic page's, and against the budget for that; if it is over, what happened in the round of median length. */
function hold(what, budget, roundsOf) {
  const own = median(took(roundsOf(results.ours)));
  const classic = median(took(roundsOf(results.classic)));
  const kept = own <= classic * budget;
  console.log(`${what}: ${own} of ${classic} ms, 1/${(classic / own).toFixed(1)}; the budget is 1/${1 / budget}: ${kept ? 'kept' : 'NOT KEPT'}`);
  if (!kept) console.log(roundsOf(results.ours).find((one) => one.took === own).timeline.join('\n'));
}
console.log();
hold('first list, cold', budgets.list, (r) => r.cold);
hold('first list, repeated', budgets.list, (r) => r.repeat);
hold('first click', budgets.click, (r) => r.first);
hold('later click', budgets.click, (r) => r.later);
