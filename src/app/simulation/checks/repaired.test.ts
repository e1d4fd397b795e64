/** Repairs that lead elsewhere than they were begun for, each shown to the check that is for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { repaired } from "./repaired.ts";

const OTHER = "T0000000000000000000000B2";

function opened(target: number, actual: number) {
  return { kind: "copyOpened", copyId: "leader-asha/RP7", repair: { by: "asha", target, actual } };
}

function sent(side: "BUY" | "SELL", quantity: number, correlationId = NAME_OF_OURS) {
  const intent = intentOf(correlationId, "RP7");
  return { ...intent, command: { ...intent.command, side, terms: { quantity } } };
}

test("a repair from here to the target is right, and one unit more is told of", () => {
  const { told, writes } = benchOf(repaired);
  writes(opened(50, 20), sent("BUY", 30));
  assert.deepEqual(told, []);
  writes(sent("BUY", 31));
  assert.match(told.join(), /31 units from 20 to 50, 30 at the most/);
});

test("one that leads away from the target is told of", () => {
  const { told, writes } = benchOf(repaired);
  writes(opened(50, 20), sent("SELL", 10));
  assert.match(told.join(), /SELL leads 20 away from 50/);
});

test("to flat is right where the target is on the other side, and through it is told of", () => {
  const { told, writes } = benchOf(repaired);
  writes(opened(-50, 20), sent("SELL", 20));
  assert.deepEqual(told, []);
  writes(sent("SELL", 21));
  assert.match(told.join(), /21 units from 20 to -50, 20 at the most/);
});

test("two orders of one repair that may both fill are told of, and what has ended counts no more", async () => {
  const { told, writes, sends, world, asha } = benchOf(repaired);
  writes(opened(10, 0), sent("BUY", 10));
  const { orderId } = await sends({ quantity: 10 });
  assert.deepEqual(told, []);
  world.simulator.cancelByHand(asha, orderId);
  await world.clock.run(1_000);
  writes(sent("BUY", 10, OTHER));
  await sends({ quantity: 10, correlationId: OTHER });
  assert.deepEqual(told, []);
  await sends({ quantity: 10, correlationId: OTHER });
  writes(sent("BUY", 1, NAME_OF_OURS));
  assert.match(told.join(), /11 units from 0 to 10, 10 at the most/);
});

test("orders that are no repair are none of its business", async () => {
  const { told, writes, sends } = benchOf(repaired);
  writes({ ...intentOf(NAME_OF_OURS, "71"), copyId: "leader-asha/71" });
  await sends({ quantity: 1_000 });
  assert.deepEqual(told, []);
});
