// What looking costs the engine: the same for one tab and for many, and little.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashOf, loaded, row } from "./support/page.mjs";
import { setStage } from "./support/stage.mjs";

const watchedFor = 12_000;
/** The beat of the plugin's looks, in ms; a look more at each end of the time watched. */
const beats = Math.ceil(watchedFor / 1400) + 2;
/** Fewer would not show a change while it is news, on a machine that is busy with other things, too. */
const fewest = Math.floor(beats / 2);
/** What may come on top in that time: the list of ended ones, failed jobs, rights, suspects. */
const besides = 8;

describe("the load on the engine", async () => {
  const { proxy, batches, open } = await setStage();
  const { running } = batches;
  const pages = [];

  const callsWhileWatching = async () => {
    const before = proxy.asked.length;
    await new Promise((resolve) => setTimeout(resolve, watchedFor));
    return proxy.asked
      .slice(before)
      .map(({ method, path }) => `${method} ${path.replace("/engine-rest", "").slice(0, 60)}`);
  };

  test("a moving batch open: one question a beat, no fewer, and little besides, for one tab as for five", async () => {
    for (let tabs = 1; tabs <= 5; tabs += 4) {
      while (pages.length < tabs) {
        const page = await open({ hash: hashOf(running.id) });
        await row(page, running.id).waitFor();
        await loaded(page, running.id);
        pages.push(page);
      }
      const calls = await callsWhileWatching();
      const looks = calls.filter((call) => call.startsWith("GET /batch/statistics?sortBy")).length;
      assert.ok(looks <= beats, `${looks} looks with ${tabs} tabs: ${calls.join("\n")}`);
      assert.ok(looks >= fewest, `${looks} looks with ${tabs} tabs: ${calls.join("\n")}`);
      assert.ok(calls.length - looks <= besides, `${calls.length} calls with ${tabs} tabs:\n${calls.join("\n")}`);
    }
  });
});
