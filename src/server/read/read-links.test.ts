import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ASHA, LEADER, LINK, orderOf, SHARE } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import { journalOf } from "../../../test/core/journal-of.ts";
import { toAccountId, toLinkId } from "../../core/model/ids.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { toPositionKey } from "../../core/order/account-book.ts";
import { readLinks, type StatusQuestion } from "./read-links.ts";

async function statusOf(desk: Desk, change: Partial<StatusQuestion> = {}) {
  const reports = await readLinks(await journalOf(desk), {
    nowMs: toEpochMs(desk.nowMs),
    links: [{ id: LINK, leader: LEADER, follower: ASHA, mode: "active" }],
    disarmedBecause: () => "",
    ...change,
  });
  assert.equal(reports.length, 1);
  const [report] = reports;
  assert.ok(report);
  return report;
}

async function stateOf(desk: Desk): Promise<string> {
  const { state, remark } = await statusOf(desk);
  return remark === "" ? state : `${state}: ${remark}`;
}

/** The leader has bought 100, and the order for 50 was rejected by the broker. */
function rejectedEntry(options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  desk.leads("L1");
  const text = "no funds";
  desk.answer(desk.sentPlace(), { kind: "rejected", reason: "funds", code: "DH-906", text });
  desk.leads("L1", { status: "filled", filledQuantity: 100 });
  return desk;
}

describe("in sync and catching up", () => {
  test("an order that rests beside the leader's is in sync", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    const { state, openCopies, openChildOrders, remark } = await statusOf(desk);
    assert.deepEqual([state, openCopies, openChildOrders, remark], ["in sync", 1, 1, ""]);
  });

  test("a link that a person has put into another mode shows it, with who and why", async () => {
    const desk = new Desk();
    desk.input({ kind: "setMode", linkId: LINK, mode: "paused", by: "asha", text: "lunch" });
    const { mode, remark } = await statusOf(desk);
    assert.deepEqual([mode, remark], ["paused", "paused by asha: lunch"]);
    const links = [{ id: LINK, leader: LEADER, follower: ASHA, mode: "close-only" }];
    assert.equal((await statusOf(desk, { links })).mode, "close-only");
  });

  test("what was copied is shown beside what the leader holds", async () => {
    const desk = new Desk();
    desk.bought("L1", 101);
    const { state, positions, openCopies } = await statusOf(desk);
    assert.deepEqual([state, openCopies], ["in sync", 0]);
    assert.deepEqual(positions, [
      {
        instrument: SHARE,
        product: "INTRADAY",
        symbol: "HDFCBANK",
        copiedUnits: 50,
        leaderUnits: 101,
      },
    ]);
  });

  test("an order that waits for its answer, or rests where the leader's has filled, catches up", async () => {
    const desk = new Desk();
    desk.leads("L1");
    assert.equal(await stateOf(desk), "catching up");
    desk.settle();
    assert.equal(await stateOf(desk), "in sync");
    desk.leads("L1", { filledQuantity: 40 });
    assert.equal(await stateOf(desk), "catching up");
    desk.fills(desk.child("L1"), 20);
    assert.equal(await stateOf(desk), "in sync");
  });

  test("an exit that is under way while the leader is flat already catches up", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    desk.settle();
    assert.equal(await stateOf(desk), "catching up");
    desk.fills(desk.child("L2", "exit"));
    assert.equal(await stateOf(desk), "in sync");
  });
});

describe("unknown", () => {
  test("an order of unknown outcome is the link's state, and an alarm of today", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.answer(desk.sentPlace(), { kind: "unknown", text: "timeout" });
    const { state, unknownChildOrders, heldCopies, alarmsToday, lastAlarm } = await statusOf(desk);
    assert.deepEqual([state, unknownChildOrders, heldCopies, alarmsToday], ["unknown", 1, 1, 1]);
    assert.deepEqual([lastAlarm?.at, lastAlarm?.code], ["10:00:00.000", "unknown-order"]);
  });

  test("alarms of yesterday are not today's", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.answer(desk.sentPlace(), { kind: "unknown", text: "timeout" });
    desk.nowMs += 86_400_000;
    const { alarmsToday, lastAlarm } = await statusOf(desk);
    assert.deepEqual([alarmsToday, lastAlarm], [0, undefined]);
  });
});

describe("out of sync", () => {
  test("an entry that the broker rejected is missing while the leader holds the position", async () => {
    const desk = rejectedEntry();
    assert.equal(
      await stateOf(desk),
      "out of sync: 50 HDFCBANK not entered, order L1 [child-rejected]",
    );
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    desk.leaderBook();
    assert.equal(await stateOf(desk), "in sync");
    desk.leads("L3", { status: "filled", filledQuantity: 100 });
    desk.settle();
    desk.fills(desk.child("L3"));
    assert.equal(await stateOf(desk), "in sync");
  });

  test("only what the leader's order has filled so far is missing", async () => {
    const desk = new Desk();
    desk.leads("L1");
    const text = "no funds";
    desk.answer(desk.sentPlace(), { kind: "rejected", reason: "funds", code: "DH-906", text });
    assert.equal(await stateOf(desk), "in sync");
    desk.leads("L1", { filledQuantity: 30 });
    assert.match(await stateOf(desk), /^out of sync: 15 HDFCBANK not entered/);
  });

  test("what the rule itself refuses is no difference", async () => {
    const desk = new Desk();
    desk.leads("L1", { terms: { quantity: 1 }, status: "filled", filledQuantity: 1 });
    desk.setLink({ mode: "paused" });
    desk.leads("L2", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(desk.skips(), ["entry below-one-lot", "all link-paused"]);
    assert.equal(await stateOf(desk), "in sync");
  });

  test("copied units that are left while the leader is flat", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    const exit = desk.sentPlace();
    const text = "price band";
    desk.answer(exit, { kind: "rejected", reason: "price-band", code: "DH-906", text });
    assert.equal(
      await stateOf(desk),
      "out of sync: 50 HDFCBANK still held, the leader holds none, order L2 [exit-rejected]; 1 held",
    );
  });

  test("an exit that cannot go on while the leader still holds a part", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.leads("L2", { side: "SELL", terms: { quantity: 40 } });
    const exit = desk.sentPlace();
    const text = "price band";
    desk.answer(exit, { kind: "rejected", reason: "price-band", code: "DH-906", text });
    desk.leads("L2", { status: "filled", filledQuantity: 40 });
    assert.equal(
      await stateOf(desk),
      "out of sync: 20 HDFCBANK not exited, order L2 [exit-rejected]; 1 held",
    );
  });

  test("a copied position on the other side than the leader's", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.leaderPositions([{ key: toPositionKey(SHARE, "INTRADAY"), net: -25 }]);
    assert.match(await stateOf(desk), /^out of sync: 50 HDFCBANK on the other side/);
  });

  test("a copy that somebody cancelled at the broker", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    const { brokerOrderId } = desk.child("L1");
    assert.ok(brokerOrderId);
    desk.sees(desk.broker.change(brokerOrderId, { status: "cancelled" }));
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.equal(
      await stateOf(desk),
      "out of sync: 50 HDFCBANK not entered, order L1 [cancelled-elsewhere]",
    );
  });
});

describe("parked and stopped", () => {
  test("an entry that the broker rejected is listed with his words until the leader is out again", async () => {
    const desk = rejectedEntry();
    desk.nowMs += 90_000;
    const { parked } = await statusOf(desk);
    assert.deepEqual(parked, [
      {
        leaderOrderId: "L1",
        symbol: "HDFCBANK",
        side: "BUY",
        units: 50,
        code: "funds",
        text: "no funds",
        at: "10:00:00.000",
        ageMs: 90_000,
      },
    ]);
    desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
    assert.deepEqual((await statusOf(desk)).parked, []);
  });

  test("one whose leader's order rests is listed, and no more once that has ended without a fill", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.rejects(desk.sentPlace(), "funds", "no funds");
    assert.equal((await statusOf(desk)).parked.length, 1);
    desk.leads("L1", { status: "cancelled" });
    assert.deepEqual((await statusOf(desk)).parked, []);
  });

  test("yesterday's are not listed", async () => {
    const desk = rejectedEntry();
    desk.nowMs += 86_400_000;
    assert.deepEqual((await statusOf(desk)).parked, []);
  });

  test("who stopped entries, why and when", async () => {
    const desk = new Desk();
    desk.input({ kind: "stopEntries", cause: "breaker", by: "tandem", text: "" });
    desk.input({ kind: "stopEntries", cause: "kill", by: "ravi", text: "enough" });
    const at = "10:00:00.000";
    assert.deepEqual((await statusOf(desk)).stops, [
      { cause: "kill", by: "ravi", text: "enough", at },
      { cause: "breaker", by: "tandem", text: "", at },
    ]);
    desk.input({ kind: "allowEntries", cause: "kill", by: "ravi" });
    desk.input({ kind: "allowEntries", cause: "breaker", by: "ravi" });
    assert.deepEqual((await statusOf(desk)).stops, []);
  });
});

describe("positions that others have changed, and units too many", () => {
  const key = toPositionKey(SHARE, "INTRADAY");
  const sale = { side: "SELL", status: "filled", symbol: "" } as const;

  test("a sale in the follower's account, whose order is named and not ours", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.sees(orderOf("H1", { ...sale, terms: { quantity: 20 }, filledQuantity: 20 }));
    desk.readsBook();
    desk.nowMs += 90_000;
    const { state, remark, drifts, foreignOrders } = await statusOf(desk);
    assert.equal(
      `${state}: ${remark}`,
      "out of sync: 20 HDFCBANK sold or bought by others than Tandem, order H1",
    );
    assert.deepEqual(
      drifts.map(({ sinceMs }) => desk.nowMs - (sinceMs ?? 0)),
      [90_000],
    );
    assert.deepEqual(foreignOrders, [
      {
        orderId: "H1",
        at: "10:00:00.000",
        symbol: "HDFCBANK",
        product: "INTRADAY",
        side: "SELL",
        quantity: 20,
        filled: 20,
        status: "filled",
        origin: "by hand, by another program or by the broker",
      },
    ]);
  });

  test("all of it taken out at once", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.sees(orderOf("H1", { ...sale, terms: { quantity: 50 }, filledQuantity: 50 }));
    assert.match(await stateOf(desk), /^out of sync: 50 HDFCBANK squared off, by the broker or by/);
  });

  test("units that are gone by no order", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.input({ kind: "positions", nets: [{ key, net: 30 }] });
    assert.match(
      await stateOf(desk),
      /^out of sync: 20 HDFCBANK gone from the account by no order/,
    );
  });

  test("a leader's position that is smaller by no order of his", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    desk.leaderPositions([{ key, net: 60 }]);
    assert.equal(await stateOf(desk), "out of sync: 20 HDFCBANK explained by nothing");
  });

  test("a fill that won against the cancel", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { status: "cancelled" });
    desk.fills(desk.child("L1"), 50);
    desk.settle();
    assert.equal(
      await stateOf(desk),
      "out of sync: 50 HDFCBANK filled beyond what the leader's order stands for, order L1 [filled-beyond-leader]",
    );
  });

  test("the alarm about one link's position is not another's", async () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    for (let look = 0; look < 3; look += 1) {
      desk.input({ kind: "positions", nets: [{ key, net: 30 }] });
      desk.nowMs += 60_000;
    }
    const { alarmsToday, lastAlarm } = await statusOf(desk);
    assert.deepEqual([alarmsToday, lastAlarm?.code], [1, "drift"]);
  });
});

describe("disarmed", () => {
  test("by the process, with its reason, and what is missing stays in sight", async () => {
    const { state, remark } = await statusOf(rejectedEntry(), {
      disarmedBecause: (link) => (link === LINK ? "not running" : ""),
    });
    assert.equal(state, "disarmed");
    assert.equal(remark, "not running; 50 HDFCBANK not entered, order L1 [child-rejected]");
  });

  test("by the broker", async () => {
    const desk = new Desk();
    desk.input({ kind: "suspended", reason: "auth", text: "Invalid Token" });
    assert.equal(await stateOf(desk), "disarmed: the broker refuses orders of this account");
  });

  test("after it was taken out of the settings", async () => {
    const begun = await statusOf(new Desk(), { links: [] });
    assert.deepEqual([begun.state, begun.mode], ["disarmed", "not set"]);
  });

  test("a link of which the journal knows nothing at all", async () => {
    const reports = await readLinks(await journalOf(new Desk()), {
      nowMs: toEpochMs(0),
      links: [
        {
          id: toLinkId("other-ravi"),
          leader: toAccountId("other"),
          follower: toAccountId("ravi"),
          mode: "paused",
        },
      ],
      disarmedBecause: () => "not armed yet",
    });
    const ravi = reports.find((report) => report.follower === "ravi");
    assert.deepEqual([ravi?.state, ravi?.mode], ["disarmed", "paused"]);
  });
});
