// Many failed jobs of three causes in one batch: how soon the causes are complete, what the host needs for it, whether one cause is
// retried alone, and how soon a key is answered meanwhile. The engine is the demo engine behind a proxy that notes each call.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Engine } from '../browser/support/engine.mjs';
import { dialog, row, section } from '../browser/support/page.mjs';
import { startDemoEngine, startHost } from '../browser/support/programs.mjs';
import { startProxy } from '../browser/support/proxy.mjs';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const sizes = (process.env.FAILED_JOBS ?? '20000,100000').split(',').map(Number);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const whole = (value) => value.toLocaleString('en');

/** Ids of the failed jobs of each exception, as the engine itself tells them. */
async function byException(engine, batch) {
  const causes = new Map();
  const size = 5000;
  for (let first = 0; ; first += size) {
    const jobs = await engine.get(`/job?jobDefinitionId=${batch.batchJobDefinitionId}&noRetriesLeft=true&sortBy=jobId&sortOrder=asc&firstResult=${first}&maxResults=${size}`);
    for (const { id, exceptionMessage } of jobs) {
      const [exception] = exceptionMessage.split(':', 1);
      if (!causes.has(exception)) causes.set(exception, []);
      causes.get(exception).push(id);
    }
    if (jobs.length < size) return causes;
  }
}

/** The most memory the process ever had resident, in MB. */
const mostMemory = (pid) => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

/** Presses keys in the page until told to stop; ms from each press until what it did was drawn. */
async function pressing(page) {
  await page.evaluate(() => {
    window.answered = [];
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => window.answered.push(performance.now() - timeStamp))), true);
  });
  let on = true;
  const pressed = (async () => {
    for (let count = 0; on; count += 1) {
      await page.keyboard.press(count % 2 ? 'ArrowUp' : 'ArrowDown');
      await sleep(60);
    }
  })();
  return async () => {
    on = false;
    await pressed;
    return page.evaluate(() => window.answered);
  };
}

async function measure(size) {
  const program = await startDemoEngine(['--failed', String(size)]);
  const engine = new Engine(program.url);
  const proxy = await startProxy(program.url);
  const host = await startHost({ engine: proxy.url });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(300000);
  try {
    const batch = (await engine.running()).find(({ failedJobs }) => failedJobs === size);
    const causes = await byException(engine, batch);
    await page.goto(host.address);
    await row(page, batch.id).waitFor();
    await sleep(3000);

    const clicked = performance.now();
    await row(page, batch.id).getByRole('link').first().click();
    const groups = section(page, 'Causes');
    await groups.locator('ul.groups > li').first().waitFor();
    const firstShown = performance.now() - clicked;
    await groups.getByText(`${whole(size)} of ${whole(size)} checked`).waitFor();
    const complete = performance.now() - clicked;
    const shown = await groups.locator('ul.groups > li').count();

    const [exception, ids] = [...causes].sort(([, a], [, b]) => a.length - b.length)[1];
    const before = proxy.asked.length;
    const cause = groups.locator('ul.groups > li').filter({ hasText: exception.split('.').at(-1) });
    await cause.getByRole('button', { name: /^Retry [\d,.]+…$/ }).click();
    await dialog(page).getByRole('button', { name: 'Preview' }).click();
    const began = performance.now();
    await dialog(page).getByRole('button', { name: /^Retry [\d,.]+$/ }).click();
    await dialog(page).waitFor({ state: 'detached' });
    await row(page, batch.id).getByRole('link').first().focus();
    const stop = await pressing(page);
    const changes = () => proxy.asked.slice(before).filter(({ method }) => method !== 'GET' && method !== 'POST');
    while (changes().length < ids.length && performance.now() - began < 300000) await sleep(200);
    const retried = performance.now() - began;
    await sleep(1500);
    const answered = (await stop()).sort((a, b) => a - b);

    const asked = new Set(changes().map(({ method, path }) => `${method} ${path.replace(/^.*\/engine-rest/, '')}`));
    const exactly = asked.size === ids.length && ids.every((id) => asked.has(`PUT /job/${id}/retries`));
    if (!exactly) throw new Error(`${asked.size} changes, for ${ids.length} jobs of ${exception}`);
    if (shown !== causes.size) throw new Error(`${shown} causes shown, for ${causes.size}`);
    return {
      size, firstShown, complete, shown, memory: mostMemory(host.pid), alone: ids.length, retried,
      presses: answered.length, p95: answered[Math.ceil(answered.length * 0.95) - 1], worst: answered.at(-1),
    };
  } finally {
    await browser.close();
    await host.stop();
    await proxy.stop();
    await program.stop();
  }
}

const all = [];
for (const size of sizes) {
  all.push(await measure(size));
  console.error(JSON.stringify(all.at(-1)));
}
const line = (name, value) => console.log(`| ${name} | ${all.map(value).join(' | ')} |`);
const ms = (value) => `${whole(Math.round(value))} ms`;
line('failed jobs of one batch', ({ size }) => whole(size));
console.log(`| --- |${' --- |'.repeat(all.length)}`);
line('first causes are shown after the click', ({ firstShown }) => ms(firstShown));
line('all causes are complete after the click', ({ complete, shown }) => `${ms(complete)}, ${shown} causes`);
line('most memory of the host', ({ memory }) => `${memory} MB`);
line('one cause retried alone, exactly its jobs', ({ alone, retried }) => `${whole(alone)} in ${(retried / 1000).toFixed(1)} s`);
line('a key is answered meanwhile (95 %, worst)', ({ p95, worst, presses }) => `${ms(p95)}, ${ms(worst)} of ${presses}`);
