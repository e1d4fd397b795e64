import assert from "node:assert/strict";
import { test } from "node:test";
import { type OrderChange, orderOf, rupees, SHARE_ROW } from "../../../test/core/builders.ts";
import { EMPTY_BOOK, withOrder } from "../order/account-book.ts";
import { betweenExits, isStopRight, leaderExits } from "./protection.ts";

const DISTANCES = { target: rupees(30), stop: rupees(20) } as const;

function exitsOf(change: OrderChange) {
  const order = orderOf("B1", { family: "bracket", distances: DISTANCES, ...change });
  const book = withOrder(EMPTY_BOOK, order, 1);
  return leaderExits(book, { ...order, firstSeq: 1 }, SHARE_ROW)?.protection;
}

/** At the market: no price of his own. */
function atMarket(change: OrderChange = {}): OrderChange {
  const { price: _price, ...terms } = orderOf("B1").terms;
  return { ...change, terms: { ...terms, type: "MARKET", price: undefined as never } };
}

test("distances count from the limit, and in both directions", () => {
  assert.deepEqual(exitsOf({}), { target: rupees(1_680), stop: rupees(1_630) });
  assert.deepEqual(exitsOf({ side: "SELL" }), { target: rupees(1_620), stop: rupees(1_670) });
});

test("a group at the market has its levels once its average is known, not before", () => {
  assert.equal(exitsOf(atMarket()), undefined);
  const levels = exitsOf(atMarket({ averagePrice: rupees(1_640) }));
  assert.deepEqual(levels, { target: rupees(1_670), stop: rupees(1_620) });
});

test("what a stop was sent to the market with is no level: the distance that it was placed with is", () => {
  const entry = orderOf("B1", {
    family: "bracket",
    distances: DISTANCES,
    averagePrice: rupees(1_650),
  });
  const parentId = entry.brokerOrderId;
  const leg = { family: "bracket-leg", leg: "stop", side: "SELL", parentId } as const;
  const stopAt = (change: OrderChange) => {
    const book = withOrder(
      withOrder(EMPTY_BOOK, entry, 1),
      orderOf("B2", { ...leg, ...change }),
      2,
    );
    return leaderExits(book, { ...entry, firstSeq: 1 }, SHARE_ROW)?.protection.stop;
  };
  const price = rupees(1_647);
  assert.equal(stopAt({ terms: { type: "LIMIT", price } }), rupees(1_630));
  assert.equal(stopAt({ terms: { price, triggerPrice: rupees(1_636) } }), rupees(1_636));
  const placed = { ...entry, distances: {} };
  const bare = withOrder(
    withOrder(EMPTY_BOOK, placed, 1),
    orderOf("B2", { ...leg, terms: { price } }),
    2,
  );
  const unknown = leaderExits(bare, { ...placed, firstSeq: 1 }, SHARE_ROW);
  assert.deepEqual([unknown?.protection.stop, unknown?.isStopSent], [price, true]);
});

test("a distance beyond zero is no level", () => {
  const distances = { target: rupees(30), stop: rupees(1_650) } as const;
  assert.deepEqual(exitsOf({ distances }), { target: rupees(1_680) });
});

test("the price that a group begins with is moved between its exits, by one tick at least", () => {
  const exits = { target: rupees(1_655), stop: rupees(1_640) };
  const short = { target: exits.stop, stop: exits.target };
  const begun = (side: "BUY" | "SELL", amount: number, levels: typeof exits) =>
    betweenExits(side, rupees(amount), levels, SHARE_ROW) / 10_000;
  assert.equal(begun("BUY", 1_658, exits), 1_654.95);
  assert.equal(begun("SELL", 1_630, short), 1_640.05);
  assert.equal(begun("BUY", 1_650, exits), 1_650);
});

test("without a target or without a stop nothing bounds the price on that side", () => {
  const begun = (levels: { target?: number; stop?: number }) =>
    betweenExits("BUY", rupees(1_658), levels as never, SHARE_ROW) / 10_000;
  assert.equal(begun({ stop: rupees(1_640) }), 1_658);
  assert.equal(begun({ target: rupees(1_655) }), 1_654.95);
});

test("a stop is right where none is wanted, and within a step where both trail", () => {
  assert.equal(isStopRight({ stop: rupees(1_630) }, {}), true);
  const trail = rupees(5);
  const wanted = { stop: rupees(1_630), trail };
  assert.equal(isStopRight({ stop: rupees(1_634), trail }, wanted), true);
  assert.equal(isStopRight({ stop: rupees(1_636), trail }, wanted), false);
  assert.equal(isStopRight({ stop: rupees(1_630) }, wanted), false);
});
