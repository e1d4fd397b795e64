/** `tandem pause`, `close-only` and `resume`: beside the running program, over its death, without it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { ASHA, createWorld, lead, truthOf, untilCopied, type World } from "./program.ts";

function netOf(world: World): number {
  return truthOf(world, ASHA).positions[0]?.netQty ?? 0;
}

test("a link is paused, only closes, and is active again, also over a SIGKILL", async (t) => {
  const world = await createWorld(t);
  const at = (...args: string[]) => world.run([...args, "--data", world.data]);
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world);
  await eventually(() => netOf(world) === 10, { what: "the copied position" });
  const unknown = await at("pause", "nobody");
  assert.deepEqual([unknown.code, /LINK_UNKNOWN/.test(unknown.stderr)], [1, true]);
  const paused = await at("pause", "leader-asha", "--reason", "lunch");
  assert.deepEqual([paused.code, paused.stderr], [0, ""]);
  assert.match(paused.stdout, /^leader-asha is paused.*\nthe follower still has 10 HDFCBANK/);
  lead(world, { price: 1_600 });
  assert.match((await at("status")).stdout, /leader-asha .* paused .*paused by .*: lunch/);
  await tandem.kill();

  const closes = await at("close-only", "leader-asha");
  assert.match(closes.stdout, /only closes[\s\S]*not running/);
  const next = world.tandem();
  await next.untilReady();
  lead(world, { price: 1_601 });
  lead(world, { transactionType: "SELL", price: 1_640 });
  await eventually(() => netOf(world) === 0, { what: "the copied exit", deadlineMs: 10_000 });
  assert.equal(truthOf(world, ASHA).orders.length, 2, "the entry from before, and the exit");
  const resumed = await at("resume", "leader-asha", "--json");
  assert.deepEqual(JSON.parse(resumed.stdout), {
    link: "leader-asha",
    mode: "active",
    positions: [],
    isRunning: true,
  });
  lead(world, { price: 1_602 });
  await untilCopied(world, 3);
  await next.stop();
});
