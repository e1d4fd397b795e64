import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LEADER,
  type OrderChange,
  orderOf,
  rupees,
  SHARE,
  TEN_O_CLOCK_MS,
} from "../../../test/core/builders.ts";
import { asCorrelationId, type CorrelationId, toBrokerOrderId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import {
  type AccountBook,
  differsFromPositions,
  EMPTY_BOOK,
  mergeObservation,
  netUnits,
  toPositionKey,
  withOrder,
  withPositions,
} from "./account-book.ts";
import { emptyLeader, foldLeader, leaderOrderFact, leaderPositionsFact } from "./leader.ts";

const OURS = asCorrelationId(`T${"0".repeat(24)}`) as CorrelationId;
const KEY = toPositionKey(SHARE, "INTRADAY");
const after = (seconds: number) => toEpochMs(TEN_O_CLOCK_MS + seconds * 1_000);

interface Row {
  readonly why: string;
  readonly known: OrderChange;
  readonly seen: OrderChange;
  /** "nothing new", or what stands afterwards: status, filled, price in rupees. */
  readonly end: string;
}

// biome-ignore format: a table is read in columns
const MERGES: readonly Row[] = [
  { why: "a repeated frame",                         known: {},                                         seen: {},                                                              end: "nothing new" },
  { why: "a repeated end",                           known: { status: "filled", filledQuantity: 100 },  seen: { status: "filled", filledQuantity: 100 },                       end: "nothing new" },
  { why: "a frame from before the last fill",        known: { filledQuantity: 40 },                     seen: { filledQuantity: 10 },                                          end: "nothing new" },
  { why: "transit seen late",                        known: {},                                         seen: { status: "transit" },                                           end: "nothing new" },
  { why: "transit becomes working",                  known: { status: "transit" },                      seen: {},                                                              end: "working 0 1650.00" },
  { why: "a fill",                                   known: {},                                         seen: { filledQuantity: 40, averagePrice: rupees(1649) },              end: "working 40 1650.00" },
  { why: "a newer price",                            known: {},                                         seen: { updatedAtMs: after(1), terms: { price: rupees(1651) } },       end: "working 0 1651.00" },
  { why: "an older price, out of order",             known: { updatedAtMs: after(2) },                  seen: { updatedAtMs: after(1), terms: { price: rupees(1651) } },       end: "nothing new" },
  { why: "same second: the later arrival wins",      known: {},                                         seen: { terms: { price: rupees(1651) } },                              end: "working 0 1651.00" },
  { why: "same second: transit is the older one",    known: {},                                         seen: { status: "transit", terms: { price: rupees(1651) } },           end: "nothing new" },
  { why: "a newer transit brings newer terms",       known: {},                                         seen: { status: "transit", updatedAtMs: after(1), terms: { price: rupees(1651) } }, end: "working 0 1651.00" },
  { why: "an older frame with more fills",           known: { updatedAtMs: after(2), terms: { price: rupees(1651) } }, seen: { updatedAtMs: after(1), filledQuantity: 5 },   end: "working 5 1651.00" },
  { why: "a cancel that has forgotten the fills",    known: { filledQuantity: 30 },                     seen: { status: "cancelled" },                                         end: "cancelled 30 1650.00" },
  { why: "working after the end",                    known: { status: "cancelled" },                    seen: {},                                                              end: "nothing new" },
  { why: "a late fill after a cancel",               known: { status: "cancelled", filledQuantity: 10 },seen: { status: "cancelled", filledQuantity: 30 },                     end: "cancelled 30 1650.00" },
  { why: "the end was a fill after all",             known: { status: "cancelled" },                    seen: { status: "filled", filledQuantity: 100 },                       end: "filled 100 1650.00" },
  { why: "a working frame with a late fill",         known: { status: "cancelled" },                    seen: { filledQuantity: 20 },                                          end: "cancelled 20 1650.00" },
  { why: "rejected after cancelled",                 known: { status: "cancelled" },                    seen: { status: "rejected" },                                          end: "nothing new" },
  { why: "filled by words alone, units to follow",   known: { status: "cancelled", filledQuantity: 100},seen: { status: "filled", filledQuantity: 100 },                       end: "filled 100 1650.00" },
  { why: "the broker's reason",                      known: {},                                         seen: { status: "rejected", reason: "RMS" },                           end: "rejected 0 1650.00" },
  { why: "the average came after the fill",          known: { filledQuantity: 40 },                     seen: { filledQuantity: 40, averagePrice: rupees(1649) },              end: "working 40 1650.00" },
  { why: "the family came later",                    known: {},                                         seen: { family: "bracket" },                                           end: "working 0 1650.00" },
  { why: "our id came later",                        known: {},                                         seen: { correlationId: OURS },                                         end: "working 0 1650.00" },
  { why: "our id came after the end",                known: { status: "filled", filledQuantity: 100 },  seen: { status: "filled", filledQuantity: 100, correlationId: OURS },  end: "filled 100 1650.00" },
  { why: "the same at a later second",               known: {},                                         seen: { updatedAtMs: after(1) },                                       end: "working 0 1650.00" },
];

for (const { why, known, seen, end } of MERGES) {
  test(`merging ${why} gives ${end}`, () => {
    const merged = mergeObservation(orderOf("A", known), orderOf("A", seen));
    const found =
      merged === undefined
        ? "nothing new"
        : `${merged.status} ${merged.filledQuantity} ${((merged.terms.price ?? 0) / 10_000).toFixed(2)}`;
    assert.equal(found, end);
  });
}

test("a price that came and went is not brought back by a late frame of it", () => {
  const first = orderOf("A");
  const same = mergeObservation(first, orderOf("A", { updatedAtMs: after(2) }));
  assert.ok(same);
  const late = orderOf("A", { updatedAtMs: after(1), terms: { price: rupees(1700) } });
  assert.equal(mergeObservation(same, late), undefined);
});

test("what a merge keeps: the group's family, our id, the last price, the newest average", () => {
  const known = orderOf("A", {
    family: "bracket",
    correlationId: OURS,
    lastPrice: rupees(1),
    filledQuantity: 5,
    averagePrice: rupees(2),
  });
  const merged = mergeObservation(
    known,
    orderOf("A", { filledQuantity: 9, lastPrice: rupees(3), reason: "part" }),
  );
  assert.equal(merged?.family, "bracket");
  assert.equal(merged?.correlationId, OURS);
  assert.equal(merged?.lastPrice, rupees(3));
  assert.equal(merged?.averagePrice, rupees(2));
  assert.equal(merged?.reason, "part");
});

test("that an order was placed by hand is no news by itself, and is kept once told", () => {
  const known = orderOf("A");
  const told = orderOf("A", { isByHand: true });
  assert.equal(mergeObservation(known, told), undefined);
  const filled = mergeObservation(known, { ...told, filledQuantity: 5 });
  assert.equal(filled?.isByHand, true);
  assert.ok(filled);
  const later = mergeObservation(filled, orderOf("A", { filledQuantity: 9 }));
  assert.equal(later?.isByHand, true);
});

test("fills move the net by what is new in them, on the side of the order", () => {
  const one = withOrder(EMPTY_BOOK, orderOf("A", { filledQuantity: 40 }), 1);
  const two = withOrder(one, orderOf("A", { filledQuantity: 100, status: "filled" }), 2);
  const three = withOrder(two, orderOf("B", { side: "SELL", filledQuantity: 30 }), 3);
  assert.deepEqual(
    [one, two, three].map((book) => netUnits(book, KEY)),
    [40, 100, 70],
  );
  assert.equal(three.orders.get(toBrokerOrderId("A"))?.firstSeq, 1);
});

test("an order that may still fill is listed until it ends", () => {
  const two = withOrder(withOrder(EMPTY_BOOK, orderOf("A"), 1), orderOf("B"), 2);
  const openIds = (book: AccountBook) => (book.open.get(KEY)?.entries() ?? []).map(([id]) => id);
  assert.deepEqual(openIds(two).toSorted(), ["A", "B"]);
  const one = withOrder(two, orderOf("A", { status: "cancelled" }), 3);
  assert.deepEqual(openIds(one), ["B"]);
  assert.equal(withOrder(one, orderOf("B", { status: "filled" }), 4).open.get(KEY), undefined);
});

test("every order under one id of ours is found by it, each once", () => {
  const named = { correlationId: OURS };
  let book = withOrder(EMPTY_BOOK, orderOf("A", named), 1);
  book = withOrder(book, orderOf("A", { ...named, filledQuantity: 1 }), 2);
  book = withOrder(book, orderOf("B", named), 3);
  assert.deepEqual(book.byCorrelation.get(OURS), ["A", "B"]);
});

test("a snapshot of the positions corrects what fills alone do not explain", () => {
  const other = toPositionKey(SHARE, "CNC");
  const filled = withOrder(EMPTY_BOOK, orderOf("A", { filledQuantity: 40 }), 1);
  const book = withPositions(filled, [{ key: other, net: -5 }]);
  assert.equal(netUnits(book, KEY), 0);
  assert.equal(netUnits(book, other), -5);
  const more = withOrder(book, orderOf("A", { filledQuantity: 50 }), 2);
  assert.equal(netUnits(more, KEY), 10);
});

test("what a later snapshot of the day shows beyond the first has moved by no order", () => {
  const first = withPositions(EMPTY_BOOK, [{ key: KEY, net: 7 }]);
  assert.deepEqual(first.nets.get(KEY), { offset: 7, fills: 0 });
  const second = withPositions(first, [{ key: KEY, net: 5 }]);
  assert.deepEqual(second.nets.get(KEY), { offset: 5, fills: 0, moved: -2 });
  const third = withPositions(second, [{ key: KEY, net: 8 }]);
  assert.deepEqual(third.nets.get(KEY), { offset: 8, fills: 0, moved: 1 });
  const nextDay = withPositions({ ...third, hasPositions: false }, [{ key: KEY, net: 9 }]);
  assert.deepEqual(nextDay.nets.get(KEY), { offset: 9, fills: 0 });
});

test("the first snapshot is news even of an empty account, a repeated one is not", () => {
  assert.equal(differsFromPositions(EMPTY_BOOK, []), true);
  const book = withPositions(EMPTY_BOOK, [{ key: KEY, net: 7 }]);
  assert.equal(differsFromPositions(book, [{ key: KEY, net: 7 }]), false);
  assert.equal(differsFromPositions(book, []), true);
  assert.equal(differsFromPositions(book, [{ key: KEY, net: 8 }]), true);
});

test("a leader's stream has one fact for each change", () => {
  let state = emptyLeader(LEADER);
  const seen = leaderOrderFact(state, orderOf("A"), "stream");
  assert.ok(seen);
  state = foldLeader(state, seen, 1);
  assert.equal(leaderOrderFact(state, orderOf("A"), "book"), undefined);
  const flat = leaderPositionsFact(state, []);
  assert.ok(flat);
  state = foldLeader(state, flat, 2);
  assert.equal(leaderPositionsFact(state, []), undefined);
});

test("a confirmation never goes back", () => {
  let state = foldLeader(emptyLeader(LEADER), { kind: "bookConfirmed", throughSeq: 9 }, 1);
  state = foldLeader(state, { kind: "bookConfirmed", throughSeq: 4 }, 2);
  assert.equal(state.confirmedSeq, 9);
});

test("a new day expires the leader's open orders; the same day changes nothing", () => {
  const day = (text: string) => ({ kind: "dayBegan", day: text as never }) as const;
  let state = foldLeader(emptyLeader(LEADER), day("2026-11-20"), 1);
  const observed = { kind: "orderObserved", witness: "stream" } as const;
  state = foldLeader(state, { ...observed, order: orderOf("A") }, 2);
  state = foldLeader(state, { ...observed, order: orderOf("B", { status: "filled" }) }, 3);
  state = foldLeader(state, day("2026-11-20"), 4);
  assert.equal(state.book.orders.get(toBrokerOrderId("A"))?.status, "working");
  state = foldLeader(state, day("2026-11-23"), 5);
  assert.equal(state.book.orders.get(toBrokerOrderId("A"))?.status, "expired");
  assert.equal(state.book.orders.get(toBrokerOrderId("B"))?.status, "filled");
  assert.equal(state.book.open.size, 0);
});

test("an order that a trigger has fired is known by its terms where only the book has told of it", () => {
  const trigger = orderOf("F1", { family: "forever" });
  const fired = orderOf("C1", { status: "filled", filledQuantity: 100 });
  const other = orderOf("C2", { terms: { quantity: 90 } });
  let book: AccountBook = withOrder(EMPTY_BOOK, trigger, 1);
  for (const [at, order] of [other, fired].entries()) book = withOrder(book, order, at + 2);
  assert.equal(book.byParent.size, 0, "a trigger that rests has fired nothing");
  book = withOrder(book, { ...trigger, status: "filled" }, 4);
  assert.deepEqual(book.byParent.get(trigger.brokerOrderId), [fired.brokerOrderId]);
});

test("of two orders that a trigger may have fired neither is taken for its own", () => {
  const trigger = orderOf("F1", { family: "forever" });
  let book: AccountBook = EMPTY_BOOK;
  for (const [at, order] of [trigger, orderOf("C1"), orderOf("C2")].entries()) {
    book = withOrder(book, order, at + 1);
  }
  book = withOrder(book, { ...trigger, status: "filled" }, 4);
  assert.equal(book.byParent.size, 0);
});

test("an order with a name of ours, or with a parent, is nobody else's fired order", () => {
  for (const own of [{ correlationId: OURS }, { parentId: toBrokerOrderId("Z1") }]) {
    const trigger = orderOf("F1", { family: "forever" });
    let book = withOrder(EMPTY_BOOK, trigger, 1);
    book = withOrder(book, orderOf("C1", own), 2);
    book = withOrder(book, { ...trigger, status: "filled" }, 3);
    assert.equal(book.byParent.has(trigger.brokerOrderId), false);
  }
});

test("what a trigger has fired is looked for in its own contract alone", () => {
  const trigger = orderOf("F1", { family: "forever" });
  let book = withOrder(EMPTY_BOOK, trigger, 1);
  book = withOrder(book, orderOf("C1", { product: "CNC" }), 2);
  book = withOrder(book, { ...trigger, status: "filled" }, 3);
  assert.equal(book.byParent.size, 0);
});

test("a leg that only the book tells of belongs to the one group that it could close", () => {
  const entry = { family: "super-entry", status: "filled", filledQuantity: 100 } as const;
  const leg = { family: "super-leg", leg: "stop", side: "SELL" } as const;
  let book = withOrder(EMPTY_BOOK, orderOf("S1", entry), 1);
  book = withOrder(book, orderOf("S2", { ...entry, product: "MARGIN" }), 2);
  book = withOrder(book, orderOf("S1-stop", leg), 3);
  assert.deepEqual(book.byParent.get(toBrokerOrderId("S1")), [toBrokerOrderId("S1-stop")]);
  // It stays there although a second group could have it by now.
  book = withOrder(book, orderOf("S3", entry), 4);
  book = withOrder(book, orderOf("S1-stop", { ...leg, filledQuantity: 40 }), 5);
  assert.deepEqual(
    [...book.byParent.entries()].map(([id]) => id),
    [toBrokerOrderId("S1")],
  );
});

test("what an order has to do with others is news when it is told first, or told otherwise", () => {
  const levels = { stop: { price: rupees(1_630), status: "working", filledQuantity: 0 } } as const;
  const target = { price: rupees(1_680), status: "working", filledQuantity: 0 } as const;
  const second = { quantity: 100, triggerPrice: rupees(1_700) };
  const parts: readonly OrderChange[] = [
    { parentId: toBrokerOrderId("Z1") },
    { leg: "stop" },
    { levels },
    { distances: { stop: rupees(20) } },
    { second },
  ];
  for (const part of parts) {
    const merged = mergeObservation(orderOf("A"), orderOf("A", part));
    assert.ok(merged);
    for (const [name, value] of Object.entries(part)) {
      assert.deepEqual(merged[name as keyof OrderObservation], value);
    }
    assert.equal(mergeObservation(merged, orderOf("A", part)), undefined);
  }
  // A list that does not tell of one leg takes it back as little as the other.
  const both = mergeObservation(orderOf("A", { levels }), orderOf("A", { levels: { target } }));
  assert.deepEqual(both?.levels, { target, stop: levels.stop });
});
