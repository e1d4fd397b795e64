/** Entries that no rule gives and no limit lets through, each shown to the check that is for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guards } from "../../../core/model/guards.ts";
import { toInstrumentKey } from "../../../core/model/ids.ts";
import { toMoneyE4 } from "../../../core/model/money.ts";
import type { Sizing } from "../../../core/model/sizing.ts";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { withinGuards } from "./within-guards.ts";
import { withinRule } from "./within-rule.ts";

const OTHER = "T0000000000000000000000B2";
const rupees = (amount: number) => toMoneyE4(amount * 10_000);

type Bench = ReturnType<typeof benchOf>;

/** He bids below the market, with a stop where the fields say so. */
async function leads({ world }: Bench, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const bid = { securityId: "1333", transactionType: "BUY", orderType: "LIMIT" };
  const reply = world.simulator.placeByHand(world.clientOf("leader"), { ...bid, ...fields });
  const { orderId } = reply.body as { orderId?: string };
  assert.ok(orderId !== undefined, JSON.stringify(reply.body));
  await world.clock.run(1_000);
  return orderId;
}

const GROUP = { productType: "INTRADAY", targetPrice: 1_700, stopLossPrice: 1_590 };
const HALF = { leader: rupees(1_000_000), follower: rupees(500_000) };

// biome-ignore format: a table is read in columns
const RULES: readonly (readonly [Sizing, Readonly<Record<string, unknown>>, number])[] = [
  [{ kind: "multiplier", bps: 5_000 },                                    { quantity: 9, price: 1_600 },            4],
  [{ kind: "multiplier", bps: 5_000, rounding: "nearest" },               { quantity: 9, price: 1_600 },            5],
  [{ kind: "multiplier", bps: 2_500, minLots: 2 },                        { quantity: 1, price: 1_600 },            2],
  [{ kind: "multiplier", bps: 10_000, maxQuantity: 7 },                   { quantity: 9, price: 1_600 },            7],
  [{ kind: "fixed-lots", lots: 3 },                                       { quantity: 9, price: 1_600 },            3],
  [{ kind: "fixed-quantity", quantity: 11 },                              { quantity: 9, price: 1_600 },           11],
  [{ kind: "notional", value: rupees(9_600) },                            { quantity: 9, price: 1_600 },            6],
  [{ kind: "notional", value: rupees(9_599) },                            { quantity: 9, price: 1_600 },            5],
  [{ kind: "capital-proportional", bps: 10_000, capital: HALF },          { quantity: 9, price: 1_600 },            4],
  [{ kind: "capital-proportional", bps: 10_000 },                         { quantity: 9, price: 1_600 },            9],
  [{ kind: "risk-percent", bps: 100, capital: rupees(10_000) },           { quantity: 9, price: 1_600, ...GROUP }, 10],
];

for (const [sizing, fields, most] of RULES) {
  test(`${JSON.stringify(sizing)}: ${most} are within the rule, and one more is told of`, async () => {
    const bench = benchOf(withinRule, { sizing });
    const { told, sends, writes } = bench;
    const leaderOrder = await leads(bench, fields);
    writes(intentOf(NAME_OF_OURS, leaderOrder), intentOf(OTHER, leaderOrder));
    await sends({ quantity: most });
    assert.deepEqual(told, []);
    await sends({ quantity: 1, correlationId: OTHER });
    assert.match(told.join(), new RegExp(`entries for ${most + 1} .*the rule gives ${most}`));
  });
}

test("risk counts to the stop as it is now, also when that was moved before the entry filled", async () => {
  const sizing: Sizing = { kind: "risk-percent", bps: 100, capital: rupees(10_000) };
  const bench = benchOf(withinRule, { sizing });
  const { told, sends, writes, world } = bench;
  const orderId = await leads(bench, { quantity: 9, price: 1_600, ...GROUP });
  world.simulator.modifyByHand(world.clientOf("leader"), {
    orderId,
    leg: "STOP_LOSS_LEG",
    changes: { stopLossPrice: 1_595 },
  });
  await world.clock.run(1_000);
  writes(intentOf(NAME_OF_OURS, orderId));
  await sends({ quantity: 20 });
  assert.deepEqual(told, []);
});

/** What is let through, and what is told of one step further. */
const LIMITS: readonly (readonly [
  Guards,
  Readonly<Record<string, unknown>>,
  Readonly<Record<string, unknown>>,
  RegExp,
])[] = [
  [{ maxOrderValue: rupees(16_000) }, {}, { price: 1_600.05 }, /worth 16001, the limit is 16000/],
  [{ maxQuantity: 20 }, {}, { quantity: 11 }, /units 21, the limit is 20/],
  [{ maxOpenPositions: 1 }, {}, { securityId: "2885", price: 1_300 }, /positions 2/],
  [{ maxExposure: rupees(32_000) }, {}, { quantity: 11 }, /worth of all 33600/],
  [{ maxOrdersPerDay: 1 }, {}, {}, /entries of the day 2/],
  [{ sides: ["BUY"] }, {}, { transactionType: "SELL", price: 1_700 }, /a SELL/],
  [{ kinds: ["equity"] }, {}, option(), /of an option/],
  [
    { instruments: { deny: [toInstrumentKey("NSE_FNO", "52002")] } },
    {},
    option(),
    /of NSE_FNO:52002/,
  ],
];

function option() {
  return { exchangeSegment: "NSE_FNO", securityId: "52002", quantity: 65, price: 300 };
}

for (const [guards, within, beyond, words] of LIMITS) {
  test(`${JSON.stringify(guards)}: an entry beyond it is told of`, async () => {
    const bench = benchOf(withinGuards, { guards });
    const { told, sends, writes } = bench;
    const leaderOrder = await leads(bench, { quantity: 10, price: 1_600 });
    writes(intentOf(NAME_OF_OURS, leaderOrder), intentOf(OTHER, leaderOrder));
    await sends(within);
    assert.deepEqual(told, []);
    await sends({ ...beyond, correlationId: OTHER });
    assert.match(told.join("\n"), words);
  });
}

test("an order type that is not copied is told of", async () => {
  const bench = benchOf(withinGuards, { guards: { orderTypes: ["MARKET"] } });
  const { told, sends, writes } = bench;
  writes(intentOf(NAME_OF_OURS, await leads(bench, { quantity: 10, price: 1_600 })));
  await sends({});
  assert.match(told.join(), /the leader's was LIMIT/);
});
