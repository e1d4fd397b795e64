import assert from "node:assert/strict";
import { test } from "node:test";
import { callsOf } from "./command.ts";
import {
  asCorrelationId,
  splitInstrumentKey,
  toAccountId,
  toBrokerOrderId,
  toInstrumentKey,
  toLinkId,
} from "./ids.ts";
import {
  formatE4,
  notionalE4,
  roundToTickDown,
  roundToTickUp,
  toMoneyE4,
  toPriceE4,
} from "./money.ts";
import { isTerminal, type OrderStatus, opposite, sameTerms } from "./order.ts";
import { followerStream, leaderStream, streamAccount } from "./stream.ts";
import { beginOfDay, timeOfDay, toEpochMs, tradingDayOf } from "./time.ts";

const REFUSED: readonly (readonly [string, () => unknown])[] = [
  ["an account with a capital", () => toAccountId("Asha")],
  ["an account without a name", () => toAccountId("")],
  ["a link with a space", () => toLinkId("a b")],
  ["an empty broker order id", () => toBrokerOrderId("")],
  ["a broker order id of 41 characters", () => toBrokerOrderId("1".repeat(41))],
  ["an instrument without segment", () => toInstrumentKey("", "1333")],
  ["an instrument without security id", () => toInstrumentKey("NSE_EQ", "")],
  ["a price of zero", () => toPriceE4(0)],
  ["a price below zero", () => toPriceE4(-1)],
  ["a price with a fraction", () => toPriceE4(1.5)],
  ["a price above the safe integers", () => toPriceE4(2 ** 53)],
  ["money with a fraction", () => toMoneyE4(0.5)],
  ["a notional above the safe integers", () => notionalE4(toPriceE4(2 ** 52), 4)],
  ["a time that is not a number", () => toEpochMs(Number.NaN)],
];

for (const [what, make] of REFUSED) {
  test(`${what} is refused`, () => {
    assert.throws(make, { name: "AssertionFault" });
  });
}

test("the same security id in two segments is two instruments", () => {
  assert.notEqual(toInstrumentKey("NSE_EQ", "1333"), toInstrumentKey("BSE_EQ", "1333"));
  const parts = splitInstrumentKey(toInstrumentKey("NSE_EQ", "1333"));
  assert.deepEqual(parts, { segment: "NSE_EQ", securityId: "1333" });
});

test("only 25 characters that begin with our version are ours", () => {
  assert.equal(asCorrelationId("NA"), undefined);
  assert.equal(asCorrelationId(`X${"0".repeat(24)}`), undefined);
  assert.equal(asCorrelationId(`T${"0".repeat(23)}`), undefined);
  assert.equal(asCorrelationId(`T${"0".repeat(24)}`), `T${"0".repeat(24)}`);
});

// biome-ignore format: a table is read in columns
const ROUNDINGS: readonly (readonly [number, number, number, number])[] = [
  // price, tick, down, up
  [10_000, 500, 10_000, 10_000],
  [10_001, 500, 10_000, 10_500],
  [10_499, 500, 10_000, 10_500],
  [   499, 500,    500,    500],
  [     1,   1,      1,      1],
  [  -700, 500,    500,    500],
];

for (const [price, tick, down, up] of ROUNDINGS) {
  test(`${price} on a tick of ${tick} is ${down} rounded down and ${up} rounded up`, () => {
    assert.equal(roundToTickDown(price, toPriceE4(tick)), down);
    assert.equal(roundToTickUp(price, toPriceE4(tick)), up);
  });
}

// biome-ignore format: a table is read in columns
const FORMATS: readonly (readonly [number, string])[] = [
  [16_505_000, "1650.50"],
  [    10_000, "1.00"],
  [        25, "0.0025"],
  [   -12_345, "-1.2345"],
  [         0, "0.00"],
];

for (const [value, text] of FORMATS) {
  test(`${value} reads ${text}`, () => {
    assert.equal(formatE4(value), text);
  });
}

test("an order in transit or working may still fill; the others have ended", () => {
  const all: OrderStatus[] = ["transit", "working", "filled", "cancelled", "rejected", "expired"];
  assert.deepEqual(all.filter(isTerminal), ["filled", "cancelled", "rejected", "expired"]);
  assert.equal(opposite("BUY"), "SELL");
  assert.equal(opposite("SELL"), "BUY");
});

test("terms differ by any one of their fields", () => {
  const terms = { type: "LIMIT", validity: "DAY", quantity: 1, disclosedQuantity: 0 } as const;
  assert.equal(sameTerms(terms, { ...terms }), true);
  const price = toPriceE4(1);
  const others = [
    { ...terms, type: "MARKET" },
    { ...terms, validity: "IOC" },
    { ...terms, quantity: 2 },
    { ...terms, disclosedQuantity: 1 },
    { ...terms, price },
    { ...terms, triggerPrice: price },
  ] as const;
  for (const other of others) assert.equal(sameTerms(terms, other), false);
});

test("the trading day is the date in India, and begins at midnight there", () => {
  const day = tradingDayOf(toEpochMs(Date.parse("2026-11-23T10:00:00+05:30")));
  assert.equal(beginOfDay(day), Date.parse("2026-11-22T18:30:00Z"));
  assert.equal(tradingDayOf(toEpochMs(Date.parse("2026-11-22T18:29:59Z"))), "2026-11-22");
  assert.equal(tradingDayOf(toEpochMs(Date.parse("2026-11-22T18:30:00Z"))), "2026-11-23");
});

test("a change of both halves of an OCO is two calls to the broker, any other command is one", () => {
  const name = { correlationId: "T1" as never, brokerOrderId: toBrokerOrderId("F1") };
  const quantity = 50;
  const terms = { type: "LIMIT", validity: "DAY", quantity, disclosedQuantity: 0 } as const;
  const change = { kind: "modify", ...name, terms } as const;
  assert.equal(callsOf(change), 1);
  assert.equal(callsOf({ ...change, second: { quantity, triggerPrice: toPriceE4(1) } }), 2);
  assert.equal(callsOf({ kind: "cancel", ...name }), 1);
});

test("a stream is named by role and account, and told apart from those that are neither's", () => {
  const account = toAccountId("asha");
  assert.deepEqual(streamAccount(leaderStream(account)), { role: "leader", account });
  assert.deepEqual(streamAccount(followerStream(account)), { role: "follower", account });
  assert.equal(streamAccount("settings"), undefined);
});

test("a minute of the day is written as a time", () => {
  assert.deepEqual([timeOfDay(0), timeOfDay(560), timeOfDay(1_439)], ["00:00", "09:20", "23:59"]);
});
