import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  LEADER,
  LINK,
  linkOf,
  OPTION,
  orderOf,
  rupees,
  SHARE,
} from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import type { Drift, DriftPart } from "../model/drift.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";
import { emptyLeader, foldLeader, missingQueued } from "../order/leader.ts";
import { driftsOf } from "./drift.ts";
import { foreignOrders, originOf } from "./foreign.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");

function allOf(desk: Desk): readonly Drift[] {
  return driftsOf({
    linkId: LINK,
    follower: desk.follower,
    leader: desk.leader,
  });
}

function driftOf(desk: Desk): Drift {
  const [drift, ...others] = allOf(desk);
  assert.ok(drift !== undefined && others.length === 0, JSON.stringify(others));
  return drift;
}

/** "50 rejected child-rejected" for each part, behind target and copied. */
function wordsOf(desk: Desk): readonly (string | number)[] {
  const { target, copied, parts } = driftOf(desk);
  return [target, copied, ...parts.map(partWords)];
}

function partWords({ units, cause, code }: DriftPart): string {
  return code === "" ? `${units} ${cause}` : `${units} ${cause} ${code}`;
}

/** The leader has bought 100, and the follower's 50 are in. */
function bought(options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  desk.bought("L1", 100);
  return desk;
}

function sells(desk: Desk, id: string, units: number, filled = units): void {
  const status = filled === units ? "filled" : "working";
  desk.leads(id, { side: "SELL", terms: { quantity: units }, filledQuantity: filled, status });
}

/** An order of the follower's own account that is not ours. */
function foreign(id: string, change: Partial<OrderObservation> & { quantity: number }) {
  const { quantity, ...rest } = change;
  const order = orderOf(id, { side: "SELL", terms: { quantity }, status: "filled", ...rest });
  return { ...order, filledQuantity: rest.filledQuantity ?? quantity };
}

describe("nothing differs", () => {
  test("when every copy came to what its leader's order stands for", () => {
    const desk = bought();
    assert.deepEqual(wordsOf(desk), [50, 50]);
    sells(desk, "L2", 30);
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual(wordsOf(desk), [35, 35]);
    sells(desk, "L3", 70);
    desk.settle();
    desk.fills(desk.child("L3", "exit"));
    assert.deepEqual(allOf(desk), []);
  });

  test("when the leader held something before the link began", () => {
    const desk = new Desk({ leaderNets: [{ key: KEY, net: 100 }] });
    desk.bought("L1", 100);
    assert.deepEqual(wordsOf(desk), [50, 50]);
    sells(desk, "L2", 100);
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual(wordsOf(desk), [25, 25]);
  });

  test("when what the follower holds beside it is his own", () => {
    const desk = bought({ followerNets: [{ key: KEY, net: 40 }] });
    desk.sees(foreign("H1", { quantity: 15 }));
    const { target, copied, held, parts } = driftOf(desk);
    assert.deepEqual([target, copied, held, parts], [50, 50, 75, []]);
  });

  test("when the leader's position has gone by no order of his, and so has the follower's", () => {
    const desk = bought();
    desk.leaderPositions([]);
    desk.input({ kind: "positions", nets: [] });
    const { target, copied, held, difference } = driftOf(desk);
    assert.deepEqual([target, copied, held, difference], [0, 50, 0, 0]);
  });

  test("in the positions of another day", () => {
    const desk = bought();
    const next = "2026-11-23";
    desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
    desk.nowMs += 86_400_000;
    desk.input({ kind: "dayBegan", day: next as never });
    assert.deepEqual(allOf(desk), []);
  });
});

describe("what explains a difference", () => {
  test("an order that rests while the leader's has filled: catching up", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { filledQuantity: 40 });
    assert.deepEqual(wordsOf(desk), [20, 0, "20 catching-up"]);
    desk.fills(desk.child("L1"), 30);
    assert.deepEqual(wordsOf(desk), [20, 30, "10 catching-up"]);
  });

  test("an order of unknown outcome: catching up, for it is being looked for", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.losesReply(desk.sentPlace());
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 catching-up unknown-order"]);
  });

  test("an entry and an exit that the broker rejected", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 rejected child-rejected"]);
    const other = bought();
    sells(other, "L2", 100);
    other.rejects(other.sentPlace(), "price-band");
    assert.deepEqual(wordsOf(other), [0, 50, "50 rejected exit-rejected"]);
  });

  test("an entry that was too old when it could first be acted on: missed", () => {
    const desk = new Desk();
    const placedAtMs = toEpochMs(desk.nowMs - 60_000);
    desk.leads("L1", { placedAtMs, status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 missed too-old"]);
  });

  test("an entry that the link's own rule refuses", () => {
    const desk = new Desk({ links: [linkOf({ mode: "paused" })] });
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 skipped-by-rule link-paused"]);
  });

  test("a copy that somebody cancelled at the broker: by hand", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.shows(desk.child("L1"), { status: "cancelled" });
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 manual cancelled-elsewhere"]);
  });

  test("a fill that won against a cancel", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { status: "cancelled" });
    desk.fills(desk.child("L1"), 50);
    desk.settle();
    assert.deepEqual(wordsOf(desk), [0, 50, "50 late-fill filled-beyond-leader"]);
  });

  test("an exit of less than a lot: rounding", () => {
    const desk = new Desk({ links: [linkOf({ sizing: { kind: "multiplier", bps: 10_000 } })] });
    const option = { instrument: OPTION, symbol: "NIFTY" };
    desk.bought("L1", 195, option);
    desk.leads("L2", {
      ...option,
      side: "SELL",
      terms: { quantity: 130 },
      filledQuantity: 100,
      status: "cancelled",
    });
    assert.deepEqual(wordsOf(desk), [95, 195, "100 catching-up"]);
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual(wordsOf(desk), [95, 130, "35 rounding"]);
  });

  test("two things at once, each with its units", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    desk.leads("L2", { terms: { quantity: 40 } });
    desk.settle();
    desk.leads("L2", { status: "filled", filledQuantity: 40 });
    assert.deepEqual(wordsOf(desk), [70, 0, "20 catching-up", "50 rejected child-rejected"]);
  });

  test("what was missed of a position that the leader has left is over", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    sells(desk, "L2", 100);
    assert.deepEqual(allOf(desk), []);
    desk.bought("L3", 60);
    assert.deepEqual(wordsOf(desk), [30, 30]);
    desk.input({ kind: "positions", nets: [] });
    assert.deepEqual(wordsOf(desk), [30, 30, "30 unknown account-holds-less"]);
  });
});

describe("what others did in the follower's account", () => {
  test("a sale by hand, told by the broker's app", () => {
    const desk = bought();
    desk.sees(foreign("H1", { quantity: 50, isByHand: true }));
    assert.deepEqual(wordsOf(desk), [50, 50, "50 manual"]);
    assert.equal(driftOf(desk).parts[0]?.foreignOrderId, "H1");
    assert.deepEqual(foreignOrders(desk.follower).map(originOf), ["by hand"]);
    sells(desk, "L2", 100);
    assert.equal(driftOf(desk).difference, 0);
  });

  test("a sale of a part, of which nobody says whose it is", () => {
    const desk = bought();
    desk.sees(foreign("H1", { quantity: 20 }));
    assert.deepEqual(wordsOf(desk), [50, 50, "20 manual"]);
    desk.sees(foreign("H2", { quantity: 5, isByHand: true }));
    const origins = foreignOrders(desk.follower).map(originOf);
    assert.deepEqual(origins, ["by hand, by another program or by the broker", "by hand"]);
  });

  test("all that was copied taken out at once, and not from the app: squared off", () => {
    const desk = bought();
    desk.sees(foreign("H1", { quantity: 50 }));
    assert.deepEqual(wordsOf(desk), [50, 50, "50 square-off"]);
  });

  test("units that are gone by no order at all are explained by nothing", () => {
    const desk = bought();
    desk.sees(foreign("H1", { quantity: 10, isByHand: true }));
    desk.input({ kind: "positions", nets: [{ key: KEY, net: 15 }] });
    assert.deepEqual(wordsOf(desk), [50, 50, "10 manual", "25 unknown account-holds-less"]);
  });

  test("before the positions of the day are known nothing is said to be gone", () => {
    const desk = bought();
    const { book } = desk.follower;
    const nets = book.nets.set(KEY, { offset: -50, fills: 50 });
    desk.follower = { ...desk.follower, book: { ...book, nets, hasPositions: false } };
    assert.deepEqual(wordsOf(desk), [50, 50]);
  });
});

describe("a leader's position that moves by no order of his", () => {
  test("takes as much of the target, and what stays is explained by nothing", () => {
    const desk = bought();
    desk.leaderPositions([{ key: KEY, net: 60 }]);
    assert.deepEqual(wordsOf(desk), [30, 50, "20 unknown"]);
    desk.leaderPositions([{ key: KEY, net: 160 }]);
    assert.deepEqual(wordsOf(desk), [50, 50]);
  });

  test("and an order of his from before the link takes nothing: it is not the link's business", () => {
    const desk = new Desk({ isUnlinked: true });
    desk.leads("OLD", { side: "SELL" });
    desk.open(linkOf());
    desk.bought("L1", 200);
    desk.leads("OLD", { side: "SELL", status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [100, 100]);
  });
});

test("an order that waited for the open counts to the day on which it fills, behind those of the day before", () => {
  const desk = new Desk();
  desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
  desk.leads("AMO", { family: "after-market", terms: { quantity: 40 } });
  desk.settle();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L2", "exit"));
  assert.equal(desk.copied(), 0);
  desk.nowMs += 86_400_000;
  desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
  desk.input({ kind: "positions", nets: [] });
  desk.leads("AMO", { status: "filled", filledQuantity: 40 });
  desk.fills(desk.child("AMO"));
  assert.deepEqual([desk.copied(), wordsOf(desk)], [20, [20, 20]]);
});

describe("groups", () => {
  const levels = {
    stop: { price: 16_400_000 as never, status: "working" as const, filledQuantity: 0 },
    target: { price: 16_700_000 as never, status: "working" as const, filledQuantity: 0 },
  };

  function inGroup(): Desk {
    const desk = new Desk();
    desk.leads("L1", { family: "super-entry", levels });
    desk.settle();
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    desk.fills(desk.child("L1"));
    return desk;
  }

  function leaderLeaves(desk: Desk): void {
    const leg = orderOf("L9", { side: "SELL", family: "super-leg", leg: "stop" });
    const parentId = toBrokerOrderId("L1");
    desk.leaderFrame({ ...leg, parentId, status: "filled", filledQuantity: 100 });
  }

  test("catch up while the leader is out and a moment is given", () => {
    const desk = inGroup();
    leaderLeaves(desk);
    assert.deepEqual(wordsOf(desk), [0, 50, "50 catching-up"]);
  });

  test("are missed after the alarm, and catch up while an order of our own brings them out", () => {
    const desk = inGroup();
    leaderLeaves(desk);
    const child = desk.child("L1");
    const copy = desk.follower.copies.get(child.copyId);
    assert.ok(copy);
    const { copies } = desk.follower;
    const told = { ...copy, alarmed: ["still-in"] as const };
    desk.follower = { ...desk.follower, copies: copies.set(copy.copyId, told) };
    assert.deepEqual(wordsOf(desk), [0, 50, "50 missed still-in"]);
    desk.leads("L2");
    const own = desk.child("L2").correlationId;
    const leaving = { ...told, children: { ...told.children, stop: [own] } };
    desk.follower = { ...desk.follower, copies: desk.follower.copies.set(copy.copyId, leaving) };
    assert.deepEqual(wordsOf(desk), [0, 50, "50 catching-up"]);
  });

  test("whose legs have both filled catch up while that is brought back, and else have filled late", () => {
    const desk = inGroup();
    const { brokerOrderId } = desk.child("L1");
    assert.ok(brokerOrderId);
    leaderLeaves(desk);
    desk.sees(...desk.broker.fillLeg(brokerOrderId, "stop", 50, true));
    desk.sees(...desk.broker.fillLeg(brokerOrderId, "target", 50));
    assert.deepEqual(wordsOf(desk), [0, -50, "50 catching-up double-exit"]);
    desk.passes(5_000);
    desk.rejects(desk.sentPlace(), "funds");
    assert.deepEqual(wordsOf(desk), [0, -50, "50 late-fill double-exit"]);
  });

  test("that left by a leg of their own before the leader's did are as their rule has it", () => {
    const desk = inGroup();
    const { brokerOrderId } = desk.child("L1");
    assert.ok(brokerOrderId);
    desk.sees(...desk.broker.fillLeg(brokerOrderId, "stop", 50));
    assert.deepEqual(wordsOf(desk), [50, 0, "50 skipped-by-rule own-legs"]);
    leaderLeaves(desk);
    assert.deepEqual(allOf(desk), []);
  });
});

describe("rarer things", () => {
  test("an order that was queued for the next day and fills there although the leader's is gone", () => {
    const desk = new Desk();
    desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
    desk.leads("L1", { family: "after-market" });
    desk.settle();
    desk.leads("L2");
    desk.nowMs += 86_400_000;
    desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
    assert.deepEqual(allOf(desk), []);
    for (const day of ["2026-11-22", "2026-11-23"]) {
      desk.leader = foldLeader(desk.leader, { kind: "dayBegan", day: day as never }, 99);
    }
    // The leader's is not in the book of the new day, and the follower's fills before that is known.
    for (const fact of missingQueued(desk.leader, [])) {
      desk.leader = foldLeader(desk.leader, fact, 100);
    }
    const order = desk.broker.byCorrelation(desk.child("L1").correlationId);
    assert.ok(order);
    desk.sees(desk.broker.fill(order.brokerOrderId, 50));
    assert.deepEqual(wordsOf(desk), [0, 50, "50 late-fill filled-beyond-leader"]);
  });

  test("a change that the broker refused, of an order that rests: rejected", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { terms: { price: rupees(1660) } });
    desk.rejects(desk.sent(), "other");
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 rejected change-refused"]);
  });

  test("an exit that filled before the leader's: catching up", () => {
    const desk = bought();
    sells(desk, "L2", 100, 0);
    desk.settle();
    desk.fills(desk.child("L2", "exit"), 20);
    assert.deepEqual(wordsOf(desk), [50, 30, "20 catching-up"]);
  });

  test("an exit that filled although the leader's was cancelled", () => {
    const desk = bought();
    sells(desk, "L2", 100, 0);
    desk.settle();
    desk.leads("L2", { side: "SELL", terms: { quantity: 100 }, status: "cancelled" });
    desk.fills(desk.child("L2", "exit"), 50);
    assert.deepEqual(wordsOf(desk), [50, 0, "50 late-fill filled-beyond-leader"]);
  });

  test("an exit of which nothing had been copied when it was seen: missed", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.losesReply(desk.sentPlace());
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    sells(desk, "L2", 40);
    assert.deepEqual(wordsOf(desk), [30, 0, "30 catching-up unknown-order"]);
  });

  for (const [state, words] of [
    ["absent", "50 missed"],
    ["rejected", "50 rejected"],
  ] as const) {
    test(`a copy whose only order is ${state} while nothing more is wanted`, () => {
      const desk = bought();
      sells(desk, "L2", 100);
      desk.settle();
      const child = desk.child("L2", "exit");
      const { follower } = desk;
      const copy = follower.copies.get(child.copyId);
      assert.ok(copy);
      const children = follower.children.set(child.correlationId, { ...child, state });
      const copies = follower.copies.set(copy.copyId, { ...copy, holds: {}, isClosed: true });
      desk.follower = { ...follower, children, copies };
      assert.deepEqual(wordsOf(desk), [0, 50, words]);
    });
  }

  test("a leader of whom nothing is known any more stands for nothing", () => {
    const desk = bought();
    sells(desk, "L2", 40);
    desk.settle();
    desk.leader = emptyLeader(LEADER);
    assert.deepEqual(wordsOf(desk), [0, 50, "50 late-fill filled-beyond-leader"]);
  });

  test("delivered shares of the day before are copied still, and so are contracts without a lot", () => {
    const desk = new Desk();
    desk.bought("L1", 100, { product: "CNC" });
    desk.instruments.clear();
    desk.leads("L2", { product: "MARGIN", status: "filled", filledQuantity: 100 });
    desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
    desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
    assert.deepEqual(wordsOf(desk), [50, 50]);
  });

  test("a slice that was rejected while others filled", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    desk.fills(desk.child("L1"), 30);
    desk.shows(desk.child("L1"), {
      status: "filled",
      terms: { ...desk.child("L1").terms, quantity: 30 },
    });
    const [[id, copy] = []] = [...desk.follower.copies.entries()];
    assert.ok(id && copy);
    const sliced = { ...copy, skips: {}, holds: {}, skippedSlices: ["entry/1"], isClosed: true };
    desk.follower = { ...desk.follower, copies: desk.follower.copies.set(id, sliced) };
    assert.deepEqual(wordsOf(desk), [50, 30, "20 rejected child-rejected"]);
  });

  test("a trigger of the leader's that has fired while the follower's rests, and one that is gone", () => {
    const desk = new Desk();
    const trigger = { family: "forever", terms: { triggerPrice: 16_500_000 as never } } as const;
    desk.leads("F1", trigger);
    desk.settle();
    desk.leads("F1", { ...trigger, status: "filled" });
    const parentId = toBrokerOrderId("F1");
    desk.leads("C1", { family: "trigger-child", parentId, status: "filled", filledQuantity: 100 });
    assert.deepEqual(wordsOf(desk), [50, 0, "50 catching-up own-trigger"]);
    desk.sees(desk.broker.change(toBrokerOrderId("F1"), { status: "cancelled" }));
    assert.deepEqual(wordsOf(desk), [50, 0, "50 missed own-trigger"]);
  });
});
