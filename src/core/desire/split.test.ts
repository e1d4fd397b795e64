import assert from "node:assert/strict";
import { test } from "node:test";
import { LEADER, orderOf, SHARE } from "../../../test/core/builders.ts";
import type { Product, Side } from "../model/order.ts";
import { EMPTY_BOOK, toPositionKey, withOrder, withPositions } from "../order/account-book.ts";
import { emptyLeader } from "../order/leader.ts";
import { filledParts, splitAtZero } from "./split.ts";

// biome-ignore format: a table is read in columns
const SPLITS: readonly (readonly [string, number, Side, number, number, Product, number, number, number])[] = [
  // why,                                        net before, side, quantity, filled, product, net, reduce, open
  ["from flat all opens",                              0, "BUY",  100,   0, "INTRADAY",    0,   0, 100],
  ["adding to a long opens",                         100, "BUY",  100,   0, "INTRADAY",  100,   0, 100],
  ["a part of a long",                               100, "SELL",  40,   0, "INTRADAY",  100,  40,   0],
  ["all of a long",                                  100, "SELL", 100,   0, "INTRADAY",  100, 100,   0],
  ["one unit beyond a long opens one",               100, "SELL", 101,   0, "INTRADAY",  100, 100,   1],
  ["a part of a short",                             -100, "BUY",   40,   0, "MARGIN",   -100,  40,   0],
  ["through a short to long",                       -100, "BUY",  250,   0, "MARGIN",   -100, 100, 150],
  ["a short from flat opens",                          0, "SELL", 100,   0, "INTRADAY",    0,   0, 100],
  ["its own fills do not count: first seen filled",    0, "BUY",  100, 100, "INTRADAY",    0,   0, 100],
  ["its own fills do not count: an exit half done",  100, "SELL", 100,  60, "INTRADAY",  100, 100,   0],
  ["delivered shares that the books show",           100, "SELL",  40,   0, "CNC",       100,  40,   0],
  ["delivered shares that no book shows: all",         0, "SELL",  40,   0, "CNC",        40,  40,   0],
  ["more delivered shares than the books show: all", 100, "SELL", 140,   0, "MTF",       140, 140,   0],
  ["buying delivered shares opens",                    0, "BUY",   40,   0, "CNC",         0,   0,  40],
];

for (const [why, before, side, quantity, filled, product, net, reduce, open] of SPLITS) {
  test(`${why}: ${side} ${quantity} ${product} against ${before}`, () => {
    const key = toPositionKey(SHARE, product);
    const order = orderOf("A", { side, product, filledQuantity: filled, terms: { quantity } });
    const book = withOrder(withPositions(EMPTY_BOOK, [{ key, net: before }]), order, 1);
    const leader = { ...emptyLeader(LEADER), book };
    const split = splitAtZero(leader, { ...order, firstSeq: 1 });
    assert.deepEqual(split, { leaderQuantity: quantity, leaderNet: net, reduce, open });
  });
}

// biome-ignore format: a table is read in columns
const PARTS: readonly (readonly [number, number, number])[] = [
  // filled, of the reducing 100, of the opening 50
  [  0,   0,  0],
  [ 99,  99,  0],
  [100, 100,  0],
  [101, 100,  1],
  [150, 100, 50],
  [160, 100, 50],
];

for (const [filled, reduce, open] of PARTS) {
  test(`${filled} filled are ${reduce} of the closing part and ${open} of the opening one`, () => {
    const split = { leaderQuantity: 150, leaderNet: 100, reduce: 100, open: 50 };
    assert.deepEqual(filledParts(split, filled), { reduce, open });
  });
}

test("an exit leg takes its own group out and opens nothing, whatever the leader's net is", () => {
  const order = orderOf("A", { side: "SELL", leg: "stop", terms: { quantity: 5 } });
  const key = toPositionKey(order.instrument, order.product);
  const leader = {
    ...emptyLeader(LEADER),
    book: withPositions(EMPTY_BOOK, [{ key, net: 3 }]),
  };
  const split = splitAtZero(leader, { ...order, firstSeq: 1 });
  assert.deepEqual(split, { leaderQuantity: 5, leaderNet: 5, reduce: 5, open: 0 });
});

test("a later group counts for what its legs have left in, and its legs not once more", () => {
  const group = { family: "super-entry", status: "filled", filledQuantity: 100 } as const;
  const parentId = orderOf("S1").brokerOrderId;
  const leg = { family: "super-leg", leg: "target", side: "SELL", parentId } as const;
  const later = [
    { ...orderOf("S1", group), firstSeq: 2 },
    { ...orderOf("S1-target", { ...leg, filledQuantity: 30 }), firstSeq: 3 },
    { ...orderOf("L4", { filledQuantity: 5 }), firstSeq: 4 },
  ];
  const order = orderOf("A", { side: "SELL", terms: { quantity: 40 } });
  let book = withPositions(EMPTY_BOOK, [{ key: toPositionKey(SHARE, "INTRADAY"), net: 40 }]);
  for (const each of later) book = withOrder(book, each, each.firstSeq);
  const leader = { ...emptyLeader(LEADER), book };
  const split = splitAtZero(leader, { ...order, firstSeq: 1 }, later);
  assert.deepEqual(split, { leaderQuantity: 40, leaderNet: 40, reduce: 40, open: 0 });
});
