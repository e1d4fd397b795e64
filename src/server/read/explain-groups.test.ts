import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ASHA, LEADER, LINK, linkOf, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { journalOf } from "../../../test/core/journal-of.ts";
import { toBrokerOrderId, toInstrumentKey } from "../../core/model/ids.ts";
import type { ExitLegStatus, ExitLevels, OrderObservation } from "../../core/model/order.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { explainOrder, type SetLink } from "./explain-order.ts";
import { readLinks } from "./read-links.ts";

const SET: SetLink = { id: LINK, leader: LEADER, follower: ASHA };

async function explained(desk: Desk, id: string, set: SetLink = SET) {
  const explanation = await explainOrder(await journalOf(desk), { id, links: [set] });
  assert.ok(explanation, `the journal knows no ${id}`);
  const [copy, ...others] = explanation.copies;
  assert.ok(copy !== undefined && others.length === 0);
  return { ...explanation, copy };
}

/** The end of the copy's story, without times and with ids of ours shortened. */
async function lastLines(desk: Desk, id: string, count: number): Promise<readonly string[]> {
  const { copy } = await explained(desk, id);
  return copy.lines
    .slice(-count)
    .map((line) => line.slice("10:00:00.000  ".length).replaceAll(/T[0-9A-Z]{24}/g, "T…"));
}

async function statusOf(desk: Desk) {
  const [report] = await readLinks(await journalOf(desk), {
    nowMs: toEpochMs(desk.nowMs),
    links: [{ ...SET, mode: "active" }],
    disarmedBecause: () => "",
  });
  assert.ok(report);
  return report;
}

function levels(status: ExitLegStatus): ExitLevels {
  const leg = { status, filledQuantity: 0 } as const;
  return {
    stop: { ...leg, price: rupees(1640), trail: rupees(5) },
    target: { ...leg, price: rupees(1670) },
  };
}

function exitLeg(id: string, leg: "stop" | "target", parentId: string): OrderObservation {
  const order = orderOf(id, { side: "SELL", family: "super-leg", leg, symbol: "" });
  const price = leg === "stop" ? rupees(1640) : rupees(1670);
  const stopTerms = { type: "STOP_LOSS", triggerPrice: rupees(1640) } as const;
  const terms = { ...order.terms, price, quantity: 50, ...(leg === "stop" ? stopTerms : {}) };
  return { ...order, terms, parentId: toBrokerOrderId(parentId) };
}

/** The leader's Super Order and the copy of it have filled, and no leg has been seen yet. */
function filledGroup(): Desk {
  const desk = new Desk();
  desk.leads("L1", { family: "super-entry", levels: levels("waiting") });
  desk.settle();
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1650) });
  desk.nowMs += 500;
  desk.fills(desk.child("L1"));
  return desk;
}

/** Its stop was not seen in time, and the stop of our own was refused. */
function unprotected(): Desk {
  const desk = filledGroup();
  desk.nowMs += 60_000;
  desk.input({ kind: "tick" });
  const stop = desk.sentPlace();
  desk.rejects(stop, "price-band", "trigger outside of the band");
  return desk;
}

describe("a group", () => {
  test("is told with the levels of both, and with what is not seen yet", async () => {
    const desk = filledGroup();
    const { leaderOrder, copy } = await explained(desk, "L1");
    assert.equal(
      leaderOrder,
      "BUY 100 HDFCBANK LIMIT 1650.00 INTRADAY DAY, a Super Order, stop 1640.00 trailing by 5.00 " +
        "waits for the entry, target 1670.00 waits for the entry: filled, 100 of 100 at 1650.00",
    );
    assert.match(
      copy.summary,
      /^50 of 50 filled; stop 1640\.00 trailing by 5\.00, target 1670\.00 asked for, not seen yet;/,
    );
    assert.deepEqual(await lastLines(desk, "L1", 6), [
      "the leader's 100 x 0.5 = 50; it is copied as a Super Order",
      "placing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY as a Super Order with stop 1640.00 trailing by 5.00, target 1670.00, id T…",
      "the broker accepted the order, less than 1 ms later: broker order F1",
      "working (order stream)",
      "50 of 50 filled (order stream)",
      "units have filled and no stop of theirs is seen working yet",
    ]);
  });

  test("is told on with its legs, and the story is found by a leg's own id", async () => {
    const desk = filledGroup();
    desk.sees(exitLeg("F8", "target", "F1"), exitLeg("F9", "stop", "F1"));
    assert.deepEqual(await lastLines(desk, "F9", 3), [
      "its target, order F8: SELL 50 HDFCBANK LIMIT 1670.00 INTRADAY DAY; working (order stream)",
      "its stop, order F9: SELL 50 HDFCBANK STOP_LOSS 1640.00 trigger 1640.00 INTRADAY DAY; working (order stream)",
      "no filled units are without a working stop any more",
    ]);
    const { remark, copy } = await explained(desk, "F9");
    assert.equal(remark, "F9 is an order of asha, a copy of this one");
    assert.match(copy.summary, /^50 of 50 filled; stop 1640\.00 works, target 1670\.00 works;/);
  });

  test("tells the changes of its levels one by one", async () => {
    const desk = filledGroup();
    const { brokerOrderId } = desk.child("L1");
    assert.ok(brokerOrderId);
    desk.sees(desk.broker.change(brokerOrderId, { levels: levels("working") }));
    const moved = {
      ...levels("working"),
      stop: { price: rupees(1645), status: "working" as const, filledQuantity: 0 },
    };
    desk.sees(desk.broker.change(brokerOrderId, { levels: moved }));
    const { copy } = await explained(desk, "L1");
    const told = copy.lines.filter((line) => /works/.test(line)).map((line) => line.slice(14));
    assert.deepEqual(told, [
      "stop 1640.00 trailing by 5.00 works, target 1670.00 works (order stream)",
      "stop 1645.00 works (order stream)",
    ]);
  });

  test("of the leader has its legs in its story; a leg has one of its own that names the group", async () => {
    const desk = filledGroup();
    desk.leaderFrame(exitLeg("L9", "stop", "L1"));
    const { lines } = await explained(desk, "L1");
    assert.match(lines.at(-1) ?? "", /its stop, order L9: SELL 50 .* trigger 1640\.00/);
    const { remark, copy } = await explained(desk, "L9");
    assert.equal(remark, "L9 is the stop of order L1, which has a story of its own");
    assert.equal(
      copy.summary,
      "it is an exit leg of the group L1, and the follower's copy of that group has legs of its own",
    );
  });

  test("whose levels are still being read is pending, and says what for", async () => {
    const desk = new Desk();
    desk.leads("L1", { family: "super-entry" });
    const { copy } = await explained(desk, "L1");
    assert.deepEqual([copy.outcome, copy.code], ["pending", "levels-awaited"]);
  });

  test("that the link refuses is skipped with an alarm", async () => {
    const desk = new Desk({ links: [linkOf({ brackets: "refuse" })] });
    desk.leads("L1", { family: "bracket", product: "BO" });
    const { copy } = await explained(desk, "L1");
    assert.deepEqual([copy.outcome, copy.code], ["skipped", "brackets-refused"]);
    assert.match(copy.lines.at(-1) ?? "", /ALARM: .* \(family "bracket"\) \[brackets-refused\]$/);
  });
});

describe("a group that was exited twice", () => {
  /** Both legs have filled before the broker could cancel the other one. */
  function exitedTwice(): Desk {
    const desk = filledGroup();
    const out = { status: "filled", filledQuantity: 50 } as const;
    desk.sees(exitLeg("F8", "target", "F1"), exitLeg("F9", "stop", "F1"));
    desk.leaderFrame({ ...exitLeg("L9", "stop", "L1"), status: "filled", filledQuantity: 100 });
    desk.sees(
      { ...exitLeg("F8", "target", "F1"), ...out },
      { ...exitLeg("F9", "stop", "F1"), ...out },
    );
    return desk;
  }

  test("catches up while the order that brings it back is under way, and says what it is", async () => {
    const desk = exitedTwice();
    desk.settle();
    const { state, remark } = await statusOf(desk);
    assert.deepEqual([state, remark], ["catching up", ""]);
    const { copy } = await explained(desk, "L1");
    assert.match(copy.summary, /repair of what was exited twice: none of 50 filled yet/);
    const lines = copy.lines.map((line) => line.slice(14));
    assert.ok(
      lines.some((line) => /^ALARM: .*\(over 50, exited 100\) \[double-exit\]$/.test(line)),
    );
    assert.ok(
      lines.some((line) => /^placing a repair of what was exited twice, BUY 50 /.test(line)),
    );
  });

  test("is out of sync when that order is refused", async () => {
    const desk = exitedTwice();
    desk.rejects(desk.sentPlace(), "funds", "no margin");
    const { state, remark } = await statusOf(desk);
    assert.equal(state, "out of sync");
    assert.match(remark, /50 HDFCBANK exited twice, order L1 \[double-exit\]/);
  });
});

describe("a group without its stop", () => {
  test("is given a moment: the link catches up, and the level stands as not seen", async () => {
    const { state, groups } = await statusOf(filledGroup());
    assert.equal(state, "catching up");
    assert.deepEqual(groups, [
      {
        leaderOrderId: "L1",
        symbol: "HDFCBANK",
        product: "INTRADAY",
        side: "BUY",
        units: 50,
        stop: { price: "1640.00", status: "not seen", filledUnits: 0 },
        target: { price: "1670.00", status: "not seen", filledUnits: 0 },
      },
    ]);
  });

  test("is out of sync after the alarm, with its units and its order", async () => {
    const desk = unprotected();
    const { state, remark } = await statusOf(desk);
    assert.equal(state, "out of sync");
    assert.match(remark, /^50 HDFCBANK without a working stop, order L1 \[unprotected\]/);
    const { copy } = await explained(desk, "L1");
    assert.equal(copy.outcome, "held");
    assert.match(copy.summary, /ALARM: units have filled and no stop of theirs is seen working/);
    const lines = copy.lines.map((line) => line.slice(14));
    assert.ok(lines.some((line) => /^ALARM: .*stop 1640\.00\) \[unprotected\]$/.test(line)));
    assert.ok(lines.some((line) => /^placing an exit of our own, SELL 50 /.test(line)));
  });

  test("is protected by a stop of our own as far as that stands for it", async () => {
    const desk = filledGroup();
    desk.nowMs += 60_000;
    desk.input({ kind: "tick" });
    desk.settle();
    const { remark, unprotected: missing, alarmsToday } = await statusOf(desk);
    assert.deepEqual([remark, missing, alarmsToday], ["", [], 1]);
    const { copy } = await explained(desk, "L1");
    assert.match(copy.summary, /^entry: 50 of 50 filled.*exit of our own: none of 50 filled yet/);
  });

  test("is in sync once its stop is seen working", async () => {
    const desk = filledGroup();
    desk.sees(exitLeg("F8", "target", "F1"), exitLeg("F9", "stop", "F1"));
    const { state, remark, groups } = await statusOf(desk);
    assert.deepEqual([state, remark], ["in sync", ""]);
    assert.equal(groups[0]?.stop?.status, "working");
  });
});

describe("what is traded otherwise than the leader does", () => {
  test("a bracket is compared with the leader's position of its own product", async () => {
    const desk = new Desk();
    const distances = { target: rupees(20), stop: rupees(10) };
    desk.leads("L1", { family: "bracket", product: "BO", distances });
    desk.settle();
    desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1650) });
    desk.fills(desk.child("L1"));
    const { positions } = await statusOf(desk);
    assert.deepEqual(
      positions.map(({ product, copiedUnits, leaderUnits }) => [product, copiedUnits, leaderUnits]),
      [["INTRADAY", 50, 100]],
    );
    const [first] = await lastLines(desk, "L1", 6);
    assert.equal(
      first,
      "the leader's 100 x 0.5 = 50; it is copied as a Super Order; product BO as INTRADAY",
    );
  });

  test("a substitution is told with both contracts, and its positions are compared", async () => {
    const other = toInstrumentKey("BSE_EQ", "500180");
    const own = toInstrumentKey("NSE_EQ", "1333");
    const desk = new Desk({ links: [linkOf({ substitutions: new Map([[own, other]]) })] });
    const row = desk.instruments.get(own);
    assert.ok(row);
    desk.instruments.set(other, { ...row, key: other });
    desk.bought("L1", 100);
    const { state, positions } = await statusOf(desk);
    assert.equal(state, "in sync");
    assert.deepEqual(
      positions.map(({ instrument, copiedUnits, leaderUnits }) => [
        instrument,
        copiedUnits,
        leaderUnits,
      ]),
      [["BSE_EQ:500180", 50, 100]],
    );
    const { copy } = await explained(desk, "L1");
    assert.match(copy.lines[0] ?? "", /; NSE_EQ:1333 is traded as BSE_EQ:500180$/);
  });

  test("an order of a link that copies fills waits for the first of them", async () => {
    const desk = new Desk({ links: [linkOf({ copy: "fills" })] });
    desk.leads("L1");
    const { copy } = await explained(desk, "L1", { ...SET, copy: "fills" });
    assert.deepEqual([copy.outcome, copy.code], ["pending", "fill-awaited"]);
    desk.leads("L1", { filledQuantity: 40 });
    const [first] = (await explained(desk, "L1", { ...SET, copy: "fills" })).copy.lines;
    assert.match(first ?? "", /; only what of it fills is copied$/);
  });

  test("a Forever order is told as one, and what it waits for", async () => {
    const desk = new Desk();
    const second = { quantity: 100, triggerPrice: rupees(1690), price: rupees(1691) };
    const terms = { triggerPrice: rupees(1640) };
    desk.leads("L1", { family: "forever", product: "CNC", side: "BUY", terms, second });
    desk.settle();
    const { leaderOrder } = await explained(desk, "L1");
    assert.match(leaderOrder, /, or 100 at 1691\.00, trigger 1690\.00, a Forever order: working$/);
  });
});
