import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { Follower } from "./cast.ts";
import { ExpectedBooks, type ScriptInstrument, type ScriptOrder } from "./expected-books.ts";

const SHARE: ScriptInstrument = { symbol: "ITC", segment: "NSE_EQ", securityId: "1660", lot: 1 };
const CALL: ScriptInstrument = { symbol: "CE", segment: "NSE_FNO", securityId: "52002", lot: 65 };

function follower(name: string, percent: number, funds = 1_000_000): Follower {
  const rule = { kind: "multiplier", value: percent / 100 } as const;
  return { name, rule, funds, clientId: name, replyMs: 0, about: "" };
}

const BUY = { side: "BUY", product: "INTRADAY", type: "LIMIT", price: 400 } as const;
const SELL = { ...BUY, side: "SELL" } as const;
const BUY_CALL = { ...BUY, product: "MARGIN", instrument: CALL, price: 10 } as const;

let books: ExpectedBooks;
beforeEach(() => {
  books = new ExpectedBooks([
    follower("half", 50),
    follower("tenth", 10),
    follower("poor", 100, 1_000),
  ]);
});

function copyOf(orderId: string, name: string) {
  const copy = books
    .orders()
    .find(({ leaderOrderId }) => leaderOrderId === orderId)
    ?.copies.get(name);
  assert.ok(copy, `no copy of ${orderId} for ${name}`);
  const { code, child } = copy;
  return { code, quantity: child?.quantity, filled: child?.filled, status: child?.status };
}

function placed(orderId: string, order: ScriptOrder): void {
  books.placed(orderId, order);
}

describe("entries", () => {
  test("are the follower's percentage, rounded down", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 75 });
    assert.deepEqual(copyOf("1", "half"), {
      code: undefined,
      quantity: 37,
      filled: 0,
      status: "PENDING",
    });
    assert.equal(copyOf("1", "tenth").quantity, 7);
  });

  test("come in whole lots, and less than one is none", () => {
    placed("1", { ...BUY_CALL, quantity: 5 * 65 });
    assert.equal(copyOf("1", "half").quantity, 130);
    assert.deepEqual(copyOf("1", "tenth"), {
      code: "below-one-lot",
      quantity: undefined,
      filled: undefined,
      status: undefined,
    });
  });

  test("that cost more than the account has are rejected", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 20 });
    const rejected = { code: "child-rejected", quantity: 20, filled: 0, status: "REJECTED" };
    assert.deepEqual(copyOf("1", "poor"), rejected);
    books.modified("1", { quantity: 40, price: 401 });
    books.filled("1");
    assert.deepEqual(copyOf("1", "poor"), rejected);
  });

  test("follow the leader's changes, and his cancel after a part-fill to the share of that", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 120 });
    books.modified("1", { quantity: 160, price: 402 });
    assert.equal(copyOf("1", "half").quantity, 80);
    books.partlyFilled("1", 50);
    books.cancelled("1");
    assert.equal(copyOf("1", "half").quantity, 25);
    books.filled("1");
    const [order] = books.orders();
    assert.deepEqual([order?.leader.status, order?.leader.filled], ["CANCELLED", 50]);
    assert.equal(books.net("half", "1660", "INTRADAY"), 25);
    assert.equal(books.net("leader", "1660", "INTRADAY"), 50);
  });

  test("of an order that is cancelled without a fill are cancelled", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 20 });
    books.cancelled("1");
    assert.equal(copyOf("1", "half").status, "CANCELLED");
    assert.equal(copyOf("1", "half").quantity, 10);
  });

  test("of an order that the broker rejects are not made", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 20, isRejected: true });
    assert.equal(copyOf("1", "half").code, "leader-rejected");
    assert.equal(books.orders()[0]?.leader.status, "REJECTED");
  });
});

describe("exits", () => {
  test("are the leader's share of what the follower has, and all of it at the end", () => {
    placed("1", { ...BUY_CALL, quantity: 5 * 65 });
    books.filled("1");
    placed("2", { ...SELL, product: "MARGIN", instrument: CALL, quantity: 3 * 65 });
    // Three fifths of two lots is one lot and a bit.
    assert.equal(copyOf("2", "half").quantity, 65);
    books.filled("2");
    placed("3", { ...SELL, product: "MARGIN", instrument: CALL, quantity: 2 * 65 });
    assert.equal(copyOf("3", "half").quantity, 65);
    books.filled("3");
    assert.equal(books.net("half", "52002", "MARGIN"), 0);
  });

  test("are none for whoever got nothing", () => {
    placed("1", { ...BUY, instrument: SHARE, quantity: 20 });
    books.filled("1");
    placed("2", { ...SELL, instrument: SHARE, quantity: 20 });
    assert.equal(copyOf("2", "poor").code, "nothing-to-exit");
  });
});

describe("exits", () => {
  const BO = { ...BUY, product: "BO", instrument: SHARE, quantity: 100 } as const;
  const exits = { target: 420, stop: 390 };

  function exitsOf(orderId: string, name: string) {
    const order = books.orders().find(({ leaderOrderId }) => leaderOrderId === orderId);
    const { target, stop } = order?.copies.get(name)?.exits ?? {};
    return [target, stop].map((exit) => exit && [exit.level, exit.quantity, exit.status]);
  }

  test("wait for the entry, stand for what it filled, and end each other", () => {
    placed("1", { ...BO, exits });
    assert.deepEqual(exitsOf("1", "half"), [
      [420, 0, "waiting"],
      [390, 0, "waiting"],
    ]);
    books.filled("1");
    books.exitMoved("1", "stop", 395);
    assert.deepEqual(exitsOf("1", "half"), [
      [420, 50, "working"],
      [395, 50, "working"],
    ]);
    assert.equal(books.net("half", "1660", "INTRADAY"), 50);
    assert.equal(books.net("leader", "1660", "BO"), 100);
    books.exitReached("1", "stop");
    assert.deepEqual(exitsOf("1", "half"), [
      [420, 50, "cancelled"],
      [395, 50, "filled"],
    ]);
    assert.equal(books.net("half", "1660", "INTRADAY"), 0);
    assert.equal(books.net("leader", "1660", "BO"), 0);
  });

  test("of a copy that was rejected are ended with it", () => {
    placed("1", { ...BO, exits });
    books.filled("1");
    assert.deepEqual(exitsOf("1", "poor"), [
      [420, 0, "cancelled"],
      [390, 0, "cancelled"],
    ]);
  });

  test("left by hand: a copy without a target gets out by an order of its own", () => {
    placed("1", { ...BO, product: "CO", exits: { stop: 390 } });
    books.filled("1");
    books.exitedByHand("1");
    assert.equal(books.orders()[0]?.copies.get("half")?.ownExit, 50);
    assert.equal(books.net("half", "1660", "INTRADAY"), 0);
    assert.equal(books.net("leader", "1660", "CO"), 0);
  });
});

describe("slices", () => {
  test("are cut at what the exchange takes, and a rejected one leaves the others", () => {
    books = new ExpectedBooks([follower("double", 200), follower("poor", 100, 1_000)]);
    const instrument = { ...CALL, most: 130 };
    placed("1", { ...BUY_CALL, instrument, quantity: 130, copyRejectedFor: "double" });
    books.filled("1");
    const { child, slices = [], code } = books.orders()[0]?.copies.get("double") ?? {};
    assert.deepEqual([child?.status, slices.map(({ status }) => status)], ["REJECTED", ["TRADED"]]);
    assert.equal(code, undefined);
    assert.equal(books.net("double", "52002", "MARGIN"), 130);
  });
});
