// One browser, one engine, two pages in turns: requests and bytes of a cold and a repeat load, time to the list, click to details, engine
// calls in 30 s with one and with five tabs. Medians of the rounds. Engine calls of both are counted where they reach the engine: ours at a
// proxy in front of it; the classic page has no server of its own, so its calls are the browser's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const base = process.argv[2];
const batches = JSON.parse(readFileSync(process.env.COCKPIT_BATCHES, 'utf8'));
const rounds = Number(process.env.ROUNDS ?? 5);
const watched = Number(process.env.WATCHED_MS ?? 30000);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

let calls = 0;
const target = new URL(base);
const agent = new http.Agent({ keepAlive: true });
const proxy = http.createServer((request, response) => {
  calls += 1;
  const onward = http.request(
    { host: target.hostname, port: target.port, path: request.url, method: request.method, headers: request.headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
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

async function metered(context) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const meter = { page, requests: 0, bytes: 0, api: 0 };
  session.on('Network.requestWillBeSent', (event) => {
    if (event.request.url.startsWith('data:')) return;
    meter.requests += 1;
    if (/\/api\//.test(event.request.url)) meter.api += 1;
  });
  session.on('Network.dataReceived', (event) => (meter.bytes += event.encodedDataLength));
  session.on('Network.responseReceived', (event) => (meter.bytes += event.response.encodedDataLength ?? 0));
  meter.reset = () => Object.assign(meter, { requests: 0, bytes: 0, api: 0 });
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

const short = batches.failed.slice(0, 8);
const pages = {
  ours: { url: ours, storage: undefined, list: short },
  classic: { url: classicUrl, storage: signedIn, list: batches.failed },
};
const details = 'Full stack trace';

/** When the page first shows the text, in ms since the epoch, looked at in the page with each frame: what asks from outside asks each half second. */
async function shown(page, text) {
  const end = Date.now() + 30000;
  while (Date.now() < end) {
    const at = await page
      .evaluate(
        ([wanted, until]) =>
          new Promise((resolve) => {
            const look = () => {
              if (document.body?.innerText.includes(wanted)) resolve(performance.timeOrigin + performance.now());
              else if (Date.now() > until) resolve(undefined);
              else requestAnimationFrame(look);
            };
            look();
          }),
        [text, end],
      )
      .catch((error) => (/navigat|destroyed/.test(String(error)) ? undefined : Promise.reject(error)));
    if (at !== undefined) return at;
  }
  throw new Error(`${page.url()} did not show "${text}" in 30 s`);
}

async function load(kind, meter) {
  const { url, list } = pages[kind];
  meter.reset();
  const began = Date.now();
  await meter.page.goto(url, { waitUntil: 'commit' });
  const visible = Math.round((await shown(meter.page, list)) - began);
  await sleep(1500);
  return { visible, requests: meter.requests, bytes: meter.bytes };
}

const results = {};
for (const kind of Object.keys(pages)) results[kind] = { cold: [], repeat: [], details: [] };
for (let round = 0; round < rounds; round += 1) {
  for (const kind of Object.keys(pages)) {
    const context = await browser.newContext({ ...size, storageState: pages[kind].storage });
    const meter = await metered(context);
    results[kind].cold.push(await load(kind, meter));
    await meter.page.evaluate(() => addEventListener('click', () => (window.clickedAt ??= performance.timeOrigin + performance.now()), true));
    await meter.page.click(`text=${pages[kind].list}`);
    const came = await shown(meter.page, details);
    results[kind].details.push(Math.round(came - (await meter.page.evaluate(() => window.clickedAt))));
    await meter.page.goto('about:blank');
    results[kind].repeat.push(await load(kind, meter));
    await context.close();
  }
}

/** A tab that shows no list is loaded anew, as a person would, at most twice; which one needed it is said. */
async function listed(kind, page) {
  for (let again = 0; ; again += 1) {
    const came = await page.waitForSelector(`text=${pages[kind].list}`, { timeout: 30000 }).then(() => true, () => false);
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
    await meter.page.click(`text=${pages[kind].list}`);
    await shown(meter.page, details);
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

for (const [kind, { cold, repeat, details: clicks }] of Object.entries(results))
  console.error(`${kind}: list cold ${cold.map((x) => x.visible)}, repeat ${repeat.map((x) => x.visible)}, click to details ${clicks} ms`);
const kb = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`);
const row = (label, value) => console.log(`| ${label} | ${value(results.ours)} | ${value(results.classic)} |`);
console.log('| | this page | classic Cockpit page |\n| --- | --- | --- |');
row('cold load', (r) => `${median(r.cold.map((x) => x.requests))} requests, ${kb(median(r.cold.map((x) => x.bytes)))}`);
row('list visible, cold', (r) => `${median(r.cold.map((x) => x.visible))} ms`);
row('repeat load', (r) => `${median(r.repeat.map((x) => x.requests))} requests, ${kb(median(r.repeat.map((x) => x.bytes)))}`);
row('list visible, repeat', (r) => `${median(r.repeat.map((x) => x.visible))} ms`);
row('click to details and failed jobs', (r) => `${median(r.details)} ms`);
row(`engine calls in ${watched / 1000} s, details open, one tab`, (r) => r.one);
row(`engine calls in ${watched / 1000} s, details open, five tabs`, (r) => r.five);
