/**
 * Two machines that believe they own one account, the second on an older copy of the journal. Nothing
 * that they share tells one of the other but the broker, so what holds is what the names of orders
 * give: both compute the same one for the same part of a leader's order.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryStore } from "../../../journal/memory/journal.ts";
import type { Switches } from "../../../simulator/index.ts";
import { World } from "../world.ts";

const HDFC = "NSE_EQ:1333";

function copyOf({ streams, lastPosition }: MemoryStore): MemoryStore {
  const copied: MemoryStore["streams"] = new Map();
  for (const [name, entries] of streams) copied.set(name, [...entries]);
  return { streams: copied, lastPosition };
}

async function twoMachines(duplicateCorrelation: Switches["duplicateCorrelation"]) {
  const world = new World({
    seed: 1,
    followers: [{ name: "asha", bps: 10_000 }],
    switches: { duplicateCorrelation },
  });
  world.simulator.setPrice(HDFC, 1_650);
  await world.startDesk();
  const leads = (transactionType: string, quantity: number) => {
    const order = { securityId: "1333", transactionType, quantity, orderType: "MARKET", price: 0 };
    world.simulator.placeByHand(world.clientOf("leader"), order);
  };
  leads("BUY", 10);
  await world.clock.run(10_000);
  const older = copyOf(world.store);
  leads("BUY", 4);
  await world.clock.run(10_000);
  world.startElsewhere(older);
  await world.clock.run(20_000);
  leads("BUY", 5);
  await world.clock.run(30_000);
  const asha = world.clientOf("asha");
  const names = () => world.books.orders(asha).map(({ correlationId }) => correlationId);
  return { world, leads, names, held: () => world.books.net(asha, HDFC, "INTRADAY") };
}

test("where the broker refuses a name that it knows, two machines never copy one order twice", async () => {
  const { world, leads, names, held } = await twoMachines("refuse");
  assert.equal(held(), 19);
  leads("SELL", 19);
  await world.clock.run(30_000);
  assert.equal(new Set(names()).size, names().length);
  assert.equal(held(), 0);
  await world.stop();
});

test("what a copy of the journal has not seen is recognised by its name, not copied again", async () => {
  const { world, held, names } = await twoMachines("accept");
  // The order that both saw begin is there twice: that is what one journal for one account prevents.
  assert.equal(names().length - new Set(names()).size, 1);
  assert.equal(held(), 24);
  await world.stop();
});
