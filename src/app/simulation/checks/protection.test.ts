import assert from "node:assert/strict";
import { test } from "node:test";
import { toAccountId } from "../../../core/model/ids.ts";
import { followerStream } from "../../../core/model/stream.ts";
import { World } from "../world.ts";
import { protection } from "./protection.ts";

const ORDER = {
  securityId: "1333",
  transactionType: "BUY",
  quantity: 10,
  orderType: "MARKET",
  price: 0,
  targetPrice: 1700,
  stopLossPrice: 1600,
};

/** A filled Super Order of a follower, with nobody who would look after it. */
async function filledGroup() {
  const world = new World({ seed: 1, followers: [{ name: "asha", bps: 10_000 }] });
  const told: string[] = [];
  const check = protection(world, (text) => told.push(text));
  world.simulator.watch((change) => check.onOrder?.(change));
  const asha = world.clientOf("asha");
  const reply = world.simulator.placeByHand(asha, ORDER);
  const { orderId } = reply.body as { orderId: string };
  await world.clock.run(1_000);
  assert.equal(world.books.group(orderId)?.entry?.filledQty, 10);
  const losesStop = () => world.simulator.cancelByHand(asha, orderId, "STOP_LOSS_LEG");
  return { world, check, told, asha, orderId, losesStop };
}

test("a group with its stop at work is nothing to tell of", async () => {
  const { world, told } = await filledGroup();
  await world.clock.run(60_000);
  assert.deepEqual(told, []);
});

test("units that are without a stop for ten seconds are told of, once", async () => {
  const { world, told, asha, orderId, losesStop } = await filledGroup();
  losesStop();
  await world.clock.run(9_000);
  assert.deepEqual(told, []);
  await world.clock.run(60_000);
  assert.deepEqual(told, [`${asha}: 10 units of entry ${orderId} without a stop or an alarm`]);
});

test("an alarm in the follower's journal since then is enough", async () => {
  const { world, check, told, losesStop } = await filledGroup();
  losesStop();
  await world.clock.run(5_000);
  const body = { kind: "alarmed", code: "unprotected", inputs: {} };
  const entry = { kind: "alarmed", atMs: world.clock.nowMs(), body };
  check.onEntries?.(followerStream(toAccountId("asha")), [entry]);
  await world.clock.run(60_000);
  assert.deepEqual(told, []);
});

test("units that left within the time need no stop", async () => {
  const { world, told, asha, orderId, losesStop } = await filledGroup();
  losesStop();
  await world.clock.run(1_000);
  world.simulator.exitGroupByHand(asha, orderId);
  await world.clock.run(60_000);
  assert.deepEqual(told, []);
});
