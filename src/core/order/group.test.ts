import assert from "node:assert/strict";
import { test } from "node:test";
import { type OrderChange, orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import type { ExitLevels, OrderTerms } from "../model/order.ts";
import { type AccountBook, EMPTY_BOOK, toPositionKey, withOrder } from "./account-book.ts";
import { exitLevelsOf, groupUnits, protectionOf } from "./group.ts";

const ENTRY = { family: "super-entry", status: "filled", filledQuantity: 100 } as const;

function bookOf(...orders: readonly [string, OrderChange][]): AccountBook {
  let book = EMPTY_BOOK;
  for (const [id, change] of orders)
    book = withOrder(book, orderOf(id, change), book.orders.size + 1);
  return book;
}

function stopOf(terms: Partial<OrderTerms>, change: OrderChange = {}): ExitLevels {
  const { brokerOrderId: parentId } = orderOf("S1");
  const { price: _price, ...bare } = orderOf("S1").terms;
  const leg = { family: "super-leg", leg: "stop", side: "SELL", parentId } as const;
  const order = { ...orderOf("S1-stop", { ...leg, ...change }), terms: { ...bare, ...terms } };
  const book = withOrder(bookOf(["S1", ENTRY]), order, 2);
  return exitLevelsOf(book, parentId);
}

test("a leg that only its own order tells of is where that order's trigger is", () => {
  const { stop } = stopOf({ type: "STOP_LOSS", triggerPrice: rupees(1_630), price: rupees(1_628) });
  assert.deepEqual(stop, { price: rupees(1_630), status: "working", filledQuantity: 0 });
});

test("a stop without a trigger was sent to the market, and one without any price is no level", () => {
  assert.equal(stopOf({ type: "LIMIT", price: rupees(1_628) }).stop?.status, "triggered");
  assert.equal(stopOf({ type: "MARKET" }).stop, undefined);
  const ended = { status: "cancelled" } as const;
  assert.equal(stopOf({ type: "LIMIT", price: rupees(1_628) }, ended).stop?.status, "cancelled");
});

test("a leg that has filled a part is at work, and counts what it has filled", () => {
  const { stop } = stopOf({ triggerPrice: rupees(1_630) }, { filledQuantity: 40 });
  assert.deepEqual([stop?.status, stop?.filledQuantity], ["triggered", 40]);
});

test("levels are asked for with their trail, if they have one", () => {
  const stop = { price: rupees(1_630), status: "working", filledQuantity: 0 } as const;
  assert.deepEqual(protectionOf({ stop }), { stop: rupees(1_630) });
  const trailing = { stop: { ...stop, trail: rupees(5) } };
  assert.deepEqual(protectionOf(trailing), { stop: rupees(1_630), trail: rupees(5) });
});

test("units of a group count for its own contract and side alone", () => {
  const book = bookOf(
    ["S1", ENTRY],
    ["S2", { ...ENTRY, product: "MARGIN" }],
    ["S3", { ...ENTRY, side: "SELL", filledQuantity: 30, terms: { quantity: 30 } }],
    ["L4", { status: "filled", filledQuantity: 100 }],
  );
  const key = toPositionKey(SHARE, "INTRADAY");
  assert.deepEqual([groupUnits(book, key, "BUY"), groupUnits(book, key, "SELL")], [100, 30]);
});
