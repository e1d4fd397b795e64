/** What each rule finds to size by, what it does when something is missing, and how long it lasts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, type OrderChange, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import { toMoneyE4 } from "../model/money.ts";
import type { Sizing } from "../model/sizing.ts";
import type { TradingDay } from "../model/time.ts";

const CRORE = toMoneyE4(100_000_000_000);
const LAKH = toMoneyE4(1_000_000_000);
const NOTIONAL = { kind: "notional", value: LAKH } as const;
const CAPITAL = { kind: "capital-proportional", bps: 10_000 } as const;
const RISK = { kind: "risk-percent", bps: 100 } as const;
const AT_MARKET = { terms: { type: "MARKET", price: undefined as never } } as const;

function sizedBy(sizing: Sizing, options: DeskOptions = {}): Desk {
  return new Desk({ links: [linkOf({ sizing })], ...options });
}

function ordered(desk: Desk, change: OrderChange = {}): number {
  desk.leads("L1", change);
  return desk.sentPlace().terms.quantity;
}

test("a notional is divided by the limit that the leader wrote", () => {
  assert.equal(ordered(sizedBy(NOTIONAL)), 60);
});

test("by what a market order has filled at, once that is known", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1", AT_MARKET);
  assert.deepEqual([desk.outbox, desk.skips()], [[], []]);
  desk.leads("L1", { averagePrice: rupees(1_000), filledQuantity: 10 });
  assert.equal(desk.sentPlace().terms.quantity, 100);
});

test("by the last price where there is one", () => {
  assert.equal(ordered(sizedBy(NOTIONAL), { ...AT_MARKET, lastPrice: rupees(2_000) }), 50);
});

test("by the trigger of a stop at the market", () => {
  const terms = { type: "STOP_LOSS_MARKET", price: undefined as never, triggerPrice: rupees(500) };
  assert.equal(ordered(sizedBy(NOTIONAL), { terms } as OrderChange), 200);
});

test("an order that ended without any price is refused: nothing is guessed", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1", { ...AT_MARKET, status: "filled", filledQuantity: 100 });
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry no-reference-price"]]);
});

test("a price that he changes leaves the quantity as it is", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: { price: rupees(825) } });
  const change = desk.sent();
  assert.equal(change.kind === "modify" && change.terms.quantity, 60);
});

test("a quantity that he changes is sized upon the same price", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1");
  desk.settle();
  desk.leads("L1", { terms: { quantity: 50, price: rupees(825) } });
  assert.equal(desk.childrenOf("L1", "entry").at(-1)?.terms.quantity, 60);
});

test("capital is what was written, or what each had at the start of the day", () => {
  const written = sizedBy({ ...CAPITAL, capital: { leader: CRORE, follower: LAKH } });
  assert.equal(ordered(written, { terms: { quantity: 250 } }), 2);
  const read = sizedBy(CAPITAL);
  read.leaderCapital(CRORE);
  read.input({ kind: "capital", capital: toMoneyE4(CRORE / 2) });
  assert.equal(ordered(read), 50);
});

test("a capital that is told again is no news", () => {
  const desk = sizedBy(CAPITAL);
  assert.equal(desk.input({ kind: "capital", capital: LAKH }).facts.length, 1);
  assert.equal(desk.input({ kind: "capital", capital: LAKH }).facts.length, 0);
});

for (const [missing, leader, follower] of [
  ["leader", undefined, LAKH],
  ["leader", toMoneyE4(0), LAKH],
  ["follower", CRORE, undefined],
  ["follower", CRORE, toMoneyE4(0)],
] as const) {
  const what = `the capital of the ${missing} is ${(missing === "leader" ? leader : follower) ?? "not known"}`;
  test(`no entry while ${what}, and a person hears of it`, () => {
    const desk = sizedBy(CAPITAL);
    if (leader !== undefined) desk.leaderCapital(leader);
    if (follower !== undefined) desk.input({ kind: "capital", capital: follower });
    desk.leads("L1");
    assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry no-capital"]]);
    assert.deepEqual(desk.alarms(), ["no-capital"]);
  });
}

test("capital is of its day: the next one begins without", () => {
  const desk = sizedBy(CAPITAL);
  desk.leaderCapital(CRORE);
  desk.input({ kind: "capital", capital: LAKH });
  for (const day of ["2026-11-22", "2026-11-23"] as TradingDay[]) {
    desk.leaderDay(day);
    desk.input({ kind: "dayBegan", day });
  }
  assert.deepEqual([desk.leader.capital, desk.follower.capital], [undefined, undefined]);
});

test("risk is between entry and stop, of a group that has one", () => {
  const desk = sizedBy({ ...RISK, capital: CRORE });
  const levels = { stop: { price: rupees(1_630), status: "working", filledQuantity: 0 } } as const;
  // 1 % of a crore is a lakh; twenty rupees are risked on each unit.
  assert.equal(ordered(desk, { family: "super-entry", levels }), 5_000);
});

test("what comes to less than a lot says what it came to", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1", { terms: { price: rupees(2_000_000) } });
  const [skipped] = desk.facts("skipped");
  const inputs = { leaderUnits: 100, rule: "notional", exact: 0.05, lot: 1 };
  assert.deepEqual(skipped?.kind === "skipped" && skipped.inputs, inputs);
});

test("without a stop, or without a price, nothing is risked", () => {
  const plain = sizedBy({ ...RISK, capital: CRORE });
  plain.leads("L1");
  assert.deepEqual([plain.outbox, plain.skips()], [[], ["entry no-stop"]]);
  const unpriced = sizedBy({ ...RISK, capital: CRORE });
  unpriced.leads("L1", { ...AT_MARKET, status: "filled", filledQuantity: 100 });
  assert.deepEqual(unpriced.skips(), ["entry no-reference-price"]);
  const poor = sizedBy(RISK);
  poor.leads("L1");
  assert.deepEqual(poor.skips(), ["entry no-capital"]);
});

test("what whole lots lose is carried to the next entry of that contract and side, for the day", () => {
  const sizing = { kind: "multiplier", bps: 5_000, rounding: "carry" } as const;
  const desk = sizedBy(sizing);
  const lots = (id: string, change: OrderChange = {}) => {
    desk.leads(id, { instrument: OPTION, terms: { quantity: 65 }, ...change });
    const placed = desk.outbox.map((command) => command.kind === "place" && command.terms.quantity);
    desk.settle();
    return placed;
  };
  assert.deepEqual(lots("L1"), []);
  assert.deepEqual(desk.skips(), ["entry below-one-lot"]);
  assert.deepEqual(lots("L2"), [65]);
  assert.deepEqual(lots("L3"), []);
  desk.input({ kind: "dayBegan", day: "2026-11-22" as TradingDay });
  desk.input({ kind: "dayBegan", day: "2026-11-23" as TradingDay });
  assert.deepEqual(lots("L4"), []);
});

test("an exit is of what was copied, whatever the rule", () => {
  const desk = sizedBy(NOTIONAL);
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  const entry = desk.sentPlace();
  desk.accept(entry);
  desk.fills(desk.child("L1"));
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  assert.deepEqual([entry.terms.quantity, desk.sentPlace().terms.quantity], [60, 30]);
});

test("an order of ours that is found again keeps the size that it was sent with", () => {
  const before = sizedBy(NOTIONAL);
  before.leads("L1");
  const place = before.sentPlace();
  const after = sizedBy(NOTIONAL, { isUnlinked: true });
  after.broker.take(place);
  after.readsBook();
  after.leaderFrame(orderOf("L1", { terms: { price: rupees(825) } }));
  for (const link of after.links.values()) after.open(link);
  const copy = [...after.follower.copies.values()][0];
  assert.deepEqual(copy?.sizing, { kind: "fixed-quantity", quantity: 60 });
});
