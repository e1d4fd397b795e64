/** Breaches of sizes, sides and stops, each shown to the check that is for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { protection } from "./protection.ts";
import { refusedMeansStop } from "./refused-means-stop.ts";
import { sides } from "./sides.ts";
import { withinRule } from "./within-rule.ts";

const OTHER = "T0000000000000000000000B2";
const THIRD = "T0000000000000000000000C3";
const AT_MARKET = { orderType: "MARKET", price: 0 };
const SELL = { ...AT_MARKET, transactionType: "SELL" };

type Bench = ReturnType<typeof benchOf>;

/** The leader buys and holds. */
async function leads(
  { world }: Bench,
  order: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const terms = { securityId: "1333", transactionType: "BUY", quantity: 10, ...AT_MARKET };
  const reply = world.simulator.placeByHand(world.clientOf("leader"), { ...terms, ...order });
  const { orderId } = reply.body as { orderId?: string };
  assert.ok(orderId !== undefined, JSON.stringify(reply.body));
  await world.clock.run(1_000);
  return orderId;
}

test("an exit of more than was copied is told of at once", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes } = bench;
  await leads(bench);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "72", "exit"));
  await sends(AT_MARKET);
  assert.deepEqual(told, []);
  await sends({ ...SELL, correlationId: OTHER, quantity: 14 });
  assert.match(told.join(), /has exited 4 more than it had and is short -4 in NSE_EQ:1333/);
});

test("two exits that fill within two seconds must be told to a person, and that is enough", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes, world } = bench;
  await leads(bench);
  const exits = [intentOf(OTHER, "72", "exit"), intentOf(THIRD, "73", "exit")];
  writes(intentOf(NAME_OF_OURS, "71"), ...exits);
  await sends(AT_MARKET);
  await sends({ ...SELL, correlationId: OTHER });
  await sends({ ...SELL, correlationId: THIRD });
  assert.deepEqual(told, []);
  await world.clock.run(60_000);
  assert.match(told.join(), /exited 10 more than it had .*untold/);
});

test("an exit long after another one has taken its units is told of", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes, world } = bench;
  await leads(bench);
  const exits = [intentOf(OTHER, "72", "exit"), intentOf(THIRD, "73", "exit")];
  writes(intentOf(NAME_OF_OURS, "71"), ...exits);
  await sends(AT_MARKET);
  await sends({ ...SELL, correlationId: OTHER });
  await world.clock.run(15_000);
  await sends({ ...SELL, correlationId: THIRD });
  assert.match(told.join(), /exited 10 more than it had .*prevented for 1\d{4} ms/);
});

test("an exit that turns the account over behind somebody else's sale is told of, unless undone", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes, world, asha } = bench;
  await leads(bench);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "72", "exit"));
  await sends(AT_MARKET);
  world.simulator.squareOff(asha);
  await world.clock.run(500);
  await sends({ ...SELL, correlationId: OTHER });
  assert.equal(world.books.net(asha, "NSE_EQ:1333", "INTRADAY"), -10);
  await world.clock.run(60_000);
  assert.match(told.join(), /exited 10 more than it had and is short -10 .*untold/);
  told.length = 0;
  world.simulator.squareOff(asha);
  await world.clock.run(60_000);
  assert.deepEqual(told, []);
});

test("an entry that fills behind the leader's back must be told to a person, or be sold again", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes, world } = bench;
  /** The order is on its way for as long as the leader is gone. */
  async function fillsLate(correlationId: string) {
    await leads(bench);
    writes(intentOf(correlationId, "71"));
    await leads(bench, { transactionType: "SELL" });
    await world.clock.run(15_000);
    await sends({ ...AT_MARKET, correlationId });
  }
  await fillsLate(NAME_OF_OURS);
  writes(intentOf(OTHER, "72", "exit"));
  await sends({ ...SELL, correlationId: OTHER });
  await world.clock.run(60_000);
  assert.deepEqual(told, []);
  await fillsLate(THIRD);
  await world.clock.run(60_000);
  assert.match(told.join(), /is long 10 in NSE_EQ:1333 INTRADAY where the leader is not .*untold/);
});

test("groups on both sides of one contract are no breach, for the leader nor for his follower", async () => {
  const bench = benchOf(sides);
  const { told, sends, writes, world } = bench;
  const group = { productType: "INTRADAY", targetPrice: 1_700, stopLossPrice: 1_600 };
  await leads(bench, group);
  await leads(bench, {
    ...group,
    transactionType: "SELL",
    targetPrice: 1_600,
    stopLossPrice: 1_700,
  });
  assert.deepEqual(world.books.holdings(world.clientOf("leader")), []);
  writes(intentOf(NAME_OF_OURS, "71"));
  await sends(AT_MARKET);
  assert.deepEqual(told, []);
});

test("entries above what the rule gives are told of, with what may still fill", async () => {
  const bench = benchOf(withinRule);
  const { told, sends, writes } = bench;
  const leaderOrder = await leads(bench);
  writes(intentOf(NAME_OF_OURS, leaderOrder), intentOf(OTHER, leaderOrder));
  await sends(AT_MARKET);
  assert.deepEqual(told, []);
  await sends({ correlationId: OTHER, quantity: 1 });
  assert.match(told.join(), new RegExp(`asha: entries for 11 of the leader's ${leaderOrder}.* 10`));
});

test("what began as an entry and reduces a position by now is not above the rule", async () => {
  const bench = benchOf(withinRule);
  const { told, sends, writes } = bench;
  const leaderOrder = await leads(bench);
  await sends({ ...SELL, correlationId: THIRD, quantity: 20 });
  writes(intentOf(NAME_OF_OURS, leaderOrder));
  await sends({ ...AT_MARKET, quantity: 20 });
  assert.deepEqual(told, []);
});

test("a copy that went out without the stop that the leader has is told of", async () => {
  const bench = benchOf(protection);
  const { told, sends, writes, world, asha } = bench;
  const leaderOrder = await leads(bench, { targetPrice: 1_700, stopLossPrice: 1_600 });
  writes(intentOf(NAME_OF_OURS, leaderOrder));
  const { orderId } = await sends(AT_MARKET);
  assert.deepEqual(told, []);
  await world.clock.run(60_000);
  assert.deepEqual(told, [`${asha}: 10 units of entry ${orderId} without a stop or an alarm`]);
});

test("an entry that leaves long after the broker has refused the account is told of, an exit is not", async () => {
  const bench = benchOf(refusedMeansStop);
  const { told, writes, world } = bench;
  const place = (correlationId: string) => {
    const request = {
      method: "POST",
      path: "/orders",
      headers: {},
      body: JSON.stringify({ correlationId }),
    } as const;
    for (const listener of world.onCommand) listener("asha", request);
    const body = '{"errorCode":"DH-905","errorMessage":"Invalid IP"}';
    for (const listener of world.onAnswer) listener("asha", request, { status: 400, body });
  };
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "72", "exit"));
  place(NAME_OF_OURS);
  await world.clock.run(1_000);
  place(NAME_OF_OURS);
  await world.clock.run(3_000);
  place(OTHER);
  assert.deepEqual(told, []);
  place(NAME_OF_OURS);
  assert.match(told.join(), /asha: entry T0000000000000000000000A1 left 4000 ms after/);
  told.length = 0;
  world.mendAccess("asha", "address");
  place(NAME_OF_OURS);
  assert.deepEqual(told, []);
});
