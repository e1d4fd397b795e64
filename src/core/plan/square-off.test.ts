import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, linkOf, OPTION, orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { driftsOf } from "../drift/drift.ts";
import { toLinkId } from "../model/ids.ts";
import { toPositionKey } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import { foldFollower } from "../order/follower.ts";

function squaresOff(desk: Desk): void {
  desk.input({ kind: "stopEntries", cause: "square-off", by: "asha", text: "enough" });
}

function holding(units: number, options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  desk.bought("L1", units);
  return desk;
}

/** Orders that stand for no order of the leader's. */
function closings(desk: Desk): Child[] {
  return desk.children().filter(({ identity }) => identity.leaderOrderId.startsWith("SQ"));
}

function isAllClosed(desk: Desk): boolean {
  return desk.follower.openCopies.size === 0;
}

test("what was copied is sold at the market, and no more than that", () => {
  const desk = holding(100);
  squaresOff(desk);
  const { side, terms, product } = desk.sentPlace();
  const { type, quantity } = terms;
  assert.deepEqual([side, type, quantity, product], ["SELL", "MARKET", 50, "INTRADAY"]);
  desk.settle();
});

test("a short is bought back", () => {
  const desk = new Desk();
  desk.leads("L1", { side: "SELL", instrument: OPTION, terms: { quantity: 130 } });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L1"));
  squaresOff(desk);
  const { side, terms } = desk.sentPlace();
  assert.deepEqual([side, terms.quantity], ["BUY", 65]);
});

test("once it has filled the account is flat, nothing is open, and nothing more is sent", () => {
  const desk = holding(100);
  squaresOff(desk);
  desk.settle();
  const [closing] = closings(desk);
  assert.ok(closing);
  desk.fills(closing);
  desk.passes(600_000);
  assert.deepEqual([desk.copied(), desk.net(), desk.outbox], [0, 0, []]);
  assert.deepEqual(desk.alarms(), []);
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  assert.deepEqual([desk.outbox, isAllClosed(desk)], [[], true]);
});

test("an exit of the leader's that rests makes way first, and what it still filled is not sold again", () => {
  const desk = holding(100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 100, price: rupees(1_700) } });
  desk.settle();
  squaresOff(desk);
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.fills(desk.child("L2", "exit"), 20);
  assert.deepEqual(desk.outbox, []);
  desk.accept(cancel);
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("an entry of unknown outcome is waited for, and what it has filled is sold, too", () => {
  const desk = new Desk();
  desk.leads("L1");
  const command = desk.sentPlace();
  desk.losesReply(command);
  squaresOff(desk);
  assert.deepEqual(desk.outbox, []);
  const order = desk.broker.byCorrelation(command.correlationId);
  assert.ok(order);
  desk.sees(desk.broker.fill(order.brokerOrderId, 20));
  const cancel = desk.sent();
  assert.equal(cancel.kind, "cancel");
  desk.accept(cancel);
  assert.equal(desk.sentPlace().terms.quantity, 20);
});

test("units that somebody sold by hand, and holdings that were not copied, are left alone", () => {
  const desk = holding(100);
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "INTRADAY"), net: 30 }] });
  squaresOff(desk);
  assert.equal(desk.sentPlace().terms.quantity, 30);
  const rich = holding(100);
  rich.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "INTRADAY"), net: 950 }] });
  squaresOff(rich);
  assert.equal(rich.sentPlace().terms.quantity, 50);
});

test("two links into one contract sell together what there is", () => {
  const other = linkOf({ id: toLinkId("second"), sizing: { kind: "multiplier", bps: 10_000 } });
  const desk = holding(100, { links: [linkOf(), other] });
  assert.deepEqual([desk.copied(), desk.copied(SHARE, "INTRADAY", other.id)], [50, 100]);
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "INTRADAY"), net: 120 }] });
  squaresOff(desk);
  const units = desk.outbox.map((command) =>
    command.kind === "place" ? command.terms.quantity : 0,
  );
  assert.deepEqual([units.length, units.reduce((sum, more) => sum + more, 0)], [2, 120]);
});

test("what was carried over the night is sold although no order of it is known any more", () => {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  desk.input({ kind: "dayBegan", day: "2026-08-04" as never });
  desk.input({ kind: "dayBegan", day: "2026-08-05" as never });
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "CNC"), net: 50 }] });
  assert.ok(isAllClosed(desk));
  squaresOff(desk);
  const { terms, product } = desk.sentPlace();
  assert.deepEqual([terms.quantity, product], [50, "CNC"]);
});

test("nothing is sold before the account's books were read, and then it is", () => {
  const desk = holding(100);
  desk.areBooksRead = false;
  squaresOff(desk);
  assert.deepEqual(desk.outbox, []);
  desk.areBooksRead = true;
  desk.input({ kind: "tick" });
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("it waits for no leader, and for no link that is set", () => {
  const desk = holding(100);
  desk.links.delete(LINK);
  desk.context = ((context) => () => ({ ...context.call(desk), leader: () => undefined }))(
    desk.context,
  );
  squaresOff(desk);
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("an order that rests is replaced after a while, and a person hears of what is not flat", () => {
  const desk = holding(100);
  squaresOff(desk);
  desk.settle();
  desk.passes(9_999);
  assert.deepEqual(desk.alarms(), []);
  desk.passes(1);
  assert.deepEqual(desk.alarms(), ["not-flat"]);
  const asked = () => desk.outbox.map(({ kind }) => kind);
  desk.passes(4_999);
  assert.deepEqual(asked(), []);
  desk.passes(1);
  assert.deepEqual(asked(), ["cancel"]);
  desk.settle();
  const states = closings(desk).map(({ state }) => state);
  assert.deepEqual(states.sort(), ["cancelled", "working"]);
  desk.passes(600_000);
  assert.deepEqual(desk.alarms(), ["not-flat"]);
});

test("replacing has an end", () => {
  const desk = holding(100);
  squaresOff(desk);
  for (let round = 0; round < 40; round += 1) {
    desk.settle();
    desk.passes(15_000);
  }
  assert.equal(closings(desk).length, 21);
  assert.deepEqual(desk.alarms(), ["not-flat"]);
});

test("a restart in the middle goes on where it was", () => {
  const desk = holding(100);
  squaresOff(desk);
  desk.settle();
  let state = new Desk({ isUnlinked: true }).follower;
  for (const { fact, seq, atMs } of desk.recorded) state = foldFollower(state, fact, seq, atMs);
  desk.follower = state;
  desk.input({ kind: "restarted" });
  desk.input({ kind: "tick" });
  assert.deepEqual(desk.outbox, []);
  const [closing] = closings(desk);
  assert.ok(closing);
  desk.fills(closing);
  assert.equal(desk.copied(), 0);
});

test("when it is taken back what still rests of it ends, and the leader's exits are copied again", () => {
  const desk = holding(100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 100, price: rupees(1_700) } });
  desk.settle();
  squaresOff(desk);
  desk.settle();
  desk.input({ kind: "allowEntries", cause: "square-off", by: "asha" });
  desk.settle();
  const [closing] = closings(desk);
  assert.equal(closing?.state, "cancelled");
  assert.equal(desk.child("L2", "exit").state, "working");
  assert.equal(desk.child("L2", "exit").terms.quantity, 50);
});

test("taken back while its order may have filled untold, no exit sells the same units again", () => {
  const desk = holding(100);
  squaresOff(desk);
  desk.settle();
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.input({ kind: "allowEntries", cause: "square-off", by: "asha" });
  const cancel = desk.sent();
  assert.deepEqual([cancel.kind, desk.outbox], ["cancel", []]);
  const [closing] = closings(desk);
  assert.ok(closing);
  desk.fills(closing);
  desk.passes(60_000);
  assert.deepEqual([desk.copied(), desk.net(), desk.outbox, isAllClosed(desk)], [0, 0, [], true]);
});

test("taken back before all was closed, it leaves the rest to the leader's exit that made way", () => {
  const desk = holding(100);
  squaresOff(desk);
  const lost = desk.sentPlace();
  desk.answer(lost, { kind: "unknown", text: "no reply in time" });
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.input({ kind: "allowEntries", cause: "square-off", by: "asha" });
  desk.passes(16_000);
  desk.looksInVain(lost.correlationId, 3);
  desk.readsBook();
  const exit = desk.sentPlace();
  assert.deepEqual([exit.side, exit.terms.quantity, closings(desk).length], ["SELL", 50, 1]);
  assert.deepEqual(desk.skips(), []);
});

test("what was traded for another contract of the leader's is closed as what it is", () => {
  const substitutions = new Map([[OPTION, SHARE]]);
  const desk = new Desk({ links: [linkOf({ substitutions })] });
  desk.bought("L1", 130, { instrument: OPTION, product: "MARGIN" });
  assert.equal(desk.copied(SHARE, "MARGIN"), 65);
  squaresOff(desk);
  const { instrument, product, terms } = desk.sentPlace();
  assert.deepEqual([instrument, product, terms.quantity], [SHARE, "MARGIN", 65]);
});

test("an order that a trigger has fired ends first, wherever it rests", () => {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  const terms = { quantity: 100, price: rupees(1_700), triggerPrice: rupees(1_690) };
  desk.leads("T1", { family: "forever", side: "SELL", product: "CNC", terms });
  desk.settle();
  const { brokerOrderId } = desk.child("T1", "exit");
  assert.ok(brokerOrderId);
  desk.sees(desk.broker.change(brokerOrderId, { status: "filled" }));
  const fired = { parentId: brokerOrderId, family: "trigger-child", product: "CNC" } as const;
  const rests = { ...fired, side: "SELL", terms: { quantity: 50 } } as const;
  desk.sees(orderOf("X1", rests));
  squaresOff(desk);
  const cancel = desk.sent();
  assert.deepEqual(
    [cancel.kind, "brokerOrderId" in cancel && cancel.brokerOrderId],
    ["cancel", "X1"],
  );
  desk.sees(orderOf("X1", { ...rests, status: "cancelled" }));
  assert.equal(desk.sentPlace().terms.quantity, 50);
});

test("the difference that it leaves has its name", () => {
  const desk = holding(100);
  squaresOff(desk);
  desk.settle();
  const [closing] = closings(desk);
  assert.ok(closing);
  desk.fills(closing);
  desk.readsBook();
  const drifts = driftsOf({ linkId: LINK, follower: desk.follower, leader: desk.leader });
  assert.deepEqual(
    drifts.map(({ difference, parts }) => [difference, parts.map(({ cause }) => cause)]),
    [[-50, ["square-off"]]],
  );
});

test("a Super Order's legs end and an order at the market takes its units out", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  squaresOff(desk);
  for (const leg of ["stop", "target"]) {
    desk.passes(1_500);
    assert.deepEqual(desk.sentLines(), [`cancel ${leg}`]);
    desk.settle();
    desk.readsBook();
  }
  const out = desk.sentPlace();
  assert.deepEqual([out.side, out.terms.type, out.terms.quantity], ["SELL", "MARKET", 50]);
  assert.deepEqual(desk.alarms(), []);
});

test("a person hears of a group that is not flat, too", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  squaresOff(desk);
  desk.passes(10_000);
  assert.ok(desk.alarms().includes("not-flat"));
});
