import assert from "node:assert/strict";
import { test } from "node:test";
import { LEADER, LINK, orderOf, SHARE } from "../../../test/core/builders.ts";
import { type CopyId, type Split, toCopyId } from "../model/fact.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { OrderStatus } from "../model/order.ts";
import type { Copy } from "../order/copy.ts";
import { entryTotal, exitTotal } from "./total.ts";

function copyOf(split: Split, change: Partial<Copy> = {}): Copy {
  const copyId: CopyId = toCopyId(LINK, toBrokerOrderId("A"));
  return {
    copyId,
    linkId: LINK,
    leader: LEADER,
    leaderOrderId: toBrokerOrderId("A"),
    instrument: SHARE,
    product: "INTRADAY",
    side: "BUY",
    split,
    sizing: { kind: "multiplier", bps: 5_000 },
    entryQuantity: split.open / 2,
    children: { entry: [], exit: [], stop: [], repair: [] },
    skips: {},
    holds: {},
    skippedSlices: [],
    graces: {},
    alarmed: [],
    isClosed: false,
    leaderFilled: 0,
    openedAtMs: 0,
    ...change,
  };
}

/** His capital was not known. */
const UNSIZED: Partial<Copy> = { sizing: { kind: "risk-percent", bps: 100 }, entryQuantity: 0 };

// biome-ignore format: a table is read in columns
const ENTRIES: readonly (readonly [string, number, OrderStatus, number, Partial<Copy>, number])[] = [
  // why,                                          reduce, status,  filled, change, total
  ["a working order stands for all of it",              0, "working",    0, {},     50],
  ["a filled order stands for all of it",               0, "filled",   100, {},     50],
  ["cancelled unfilled stands for nothing",             0, "cancelled",  0, {},      0],
  ["cancelled after 60 stands for half of 60",          0, "cancelled", 60, {},     30],
  ["expired after 61 stands for half of 61, floored",   0, "expired",   61, {},     30],
  ["of a reversal only the opening part counts",      100, "cancelled",140, {},     20],
  ["a reversal that ended in its closing part",       100, "cancelled", 90, {},      0],
  ["never above what was sized",                        0, "cancelled", 90, { entryQuantity: 10 }, 10],
  ["what could not be sized stands for nothing",        0, "cancelled", 60, UNSIZED,  0],
  ["withdrawn stands for nothing",                      0, "working",    0, { withdrawn: "leader-flat" }, 0],
];

for (const [why, reduce, status, filledQuantity, change, total] of ENTRIES) {
  test(`entry: ${why}`, () => {
    const split = { leaderQuantity: 100 + reduce, leaderNet: -reduce, reduce, open: 100 };
    const order = { ...orderOf("A", { status, filledQuantity }), firstSeq: 1 };
    assert.equal(entryTotal(copyOf(split, change), order, 1), total);
  });
}

// biome-ignore format: a table is read in columns
const EXITS: readonly (readonly [string, OrderStatus, number, number, number, number, number, number, boolean])[] = [
  // why,                                   status,     filled, basis, own, copied, held, total, capped
  ["half of his is half of ours",           "working",       0,    60,   0,     60,   60,    30, false],
  ["a filled exit stands for its share",    "filled",       50,    60,   0,     60,   60,    30, false],
  ["cancelled unfilled, nothing",           "cancelled",     0,    60,   0,     60,   60,     0, false],
  ["cancelled after 20 of 100, a fifth",    "cancelled",    20,    60,   0,     60,   60,    12, false],
  ["its own fills stay in its total",       "working",       0,    60,  10,     50,   50,    30, false],
  ["another exit has taken some",           "working",       0,    60,   0,     20,   20,    20, false],
  ["another exit has taken all",            "working",       0,    60,   0,      0,    0,     0, false],
  ["the account holds less",                "working",       0,    60,   0,     60,   10,    10, true],
  ["the account holds nothing",             "working",       0,    60,   0,     60,    0,     0, true],
  ["the account holds just enough",         "working",       0,    60,   0,     60,   30,    30, false],
  ["one unit too few",                      "working",       0,    60,   0,     60,   29,    29, true],
];

for (const [why, status, filledQuantity, basis, own, copied, held, total, capped] of EXITS) {
  test(`exit: ${why}`, () => {
    const split = { leaderQuantity: 50, leaderNet: 100, reduce: 50, open: 0 };
    const copy = copyOf(split, { side: "SELL", exit: { units: basis, openEntries: [] } });
    const found = exitTotal({
      copy,
      order: { ...orderOf("A", { side: "SELL", status, filledQuantity }), firstSeq: 1 },
      instrument: { lotSize: 1 },
      basisUnits: basis,
      ownFilled: own,
      copiedLeft: copied,
      heldLeft: held,
    });
    assert.deepEqual(found, { total, isCappedByAccount: capped });
  });
}

test("what the account holds is sold in whole lots only", () => {
  const split = { leaderQuantity: 130, leaderNet: 130, reduce: 130, open: 0 };
  const found = exitTotal({
    copy: copyOf(split, { side: "SELL" }),
    order: { ...orderOf("A", { side: "SELL" }), firstSeq: 1 },
    instrument: { lotSize: 65 },
    basisUnits: 130,
    ownFilled: 0,
    copiedLeft: 130,
    heldLeft: 129,
  });
  assert.deepEqual(found, { total: 65, isCappedByAccount: true });
});

test("an order that its owner shrunk to what had filled stands for that alone", () => {
  const ended = { ...orderOf("A", { status: "filled", filledQuantity: 60 }), firstSeq: 1 };
  const order = { ...ended, terms: { ...ended.terms, quantity: 60 } };
  const entry = copyOf({ leaderQuantity: 100, leaderNet: 0, reduce: 0, open: 100 });
  assert.equal(entryTotal(entry, order, 1), 30);
  const split = { leaderQuantity: 100, leaderNet: 100, reduce: 100, open: 0 };
  const found = exitTotal({
    copy: copyOf(split, { side: "SELL", exit: { units: 50, openEntries: [] } }),
    order: { ...order, side: "SELL" },
    instrument: { lotSize: 1 },
    basisUnits: 50,
    ownFilled: 0,
    copiedLeft: 50,
    heldLeft: 50,
  });
  assert.deepEqual(found, { total: 30, isCappedByAccount: false });
});

test("a trigger that has fired stands for all of it, although it fills nothing itself", () => {
  const fired = orderOf("A", { family: "forever", status: "filled", filledQuantity: 0 });
  const entry = copyOf({ leaderQuantity: 100, leaderNet: 0, reduce: 0, open: 100 });
  assert.equal(entryTotal(entry, { ...fired, firstSeq: 1 }, 1), 50);
});
