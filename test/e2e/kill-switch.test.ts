/** `tandem kill` as a person types it: beside the running program, over its death, and without it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { ASHA, createWorld, lead, truthOf, untilCopied, type World } from "./program.ts";

function netOf(world: World): number {
  return truthOf(world, ASHA).positions[0]?.netQty ?? 0;
}

function workingOf(world: World): number {
  return truthOf(world, ASHA).orders.filter(({ status }) => status === "PENDING").length;
}

test("killed is killed: entries stop, exits go on, also after a SIGKILL, until it is released", async (t) => {
  const world = await createWorld(t);
  const at = (...args: string[]) => world.run([...args, "--data", world.data]);
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world);
  await eventually(() => netOf(world) === 10, { what: "the copied position" });
  lead(world, { price: 1600 });
  await untilCopied(world, 2);
  const killed = await at("kill", "--reason", "the market is mad");
  assert.deepEqual([killed.code, killed.stderr], [0, ""]);
  assert.match(killed.stdout, /^entries of asha are stopped\n/);
  await eventually(() => workingOf(world) === 0, { what: "the cancel of what works" });
  const { status, reasons } = await tandem.readiness();
  assert.equal(status, 503);
  assert.match(reasons.join(), /entries of asha are stopped \(kill, by .*: the market is mad\)/);
  assert.match((await at("status")).stdout, /leader-asha: ENTRIES STOPPED \(kill\) since/);
  assert.match(tandem.stderr, /ALARM entries\.stopped: .*the market is mad/);
  await tandem.kill();

  const next = world.tandem();
  const isArmed = async () => {
    const { reasons } = await next.readiness();
    return reasons.length > 0 && reasons.every((reason) => reason.includes("are stopped"));
  };
  await eventually(isArmed, { what: "an armed Tandem", deadlineMs: 30_000 });
  lead(world, { price: 1601 });
  lead(world, { transactionType: "SELL", price: 1640 });
  await eventually(() => netOf(world) === 0, { what: "the copied exit", deadlineMs: 10_000 });
  assert.equal(truthOf(world, ASHA).orders.length, 3, "two from before, and the exit");
  await next.stop();

  const released = await at("kill", "--release", "--account", "asha");
  assert.deepEqual([released.code, released.stderr], [0, ""]);
  assert.match(released.stdout, /^entries of asha flow again\nTandem is not running/);
  const last = world.tandem();
  await last.untilReady();
  lead(world, { price: 1602 });
  await untilCopied(world, 4);
  const unknown = await at("breaker", "reset", "nobody");
  assert.deepEqual([unknown.code, /ACCOUNT_UNKNOWN/.test(unknown.stderr)], [1, true]);
  await last.stop();
});
