import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, OPTION, orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { OrderCommand } from "../model/command.ts";
import { type CorrelationId, toBrokerOrderId } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import { type TradingDay, toEpochMs } from "../model/time.ts";

const TRIGGER = {
  family: "forever",
  product: "CNC",
  terms: { price: rupees(1_600), triggerPrice: rupees(1_601) },
} as const;
const SECOND = { quantity: 100, triggerPrice: rupees(1_700), price: rupees(1_699) } as const;

function resting(change: Parameters<Desk["leads"]>[1] = {}): Desk {
  const desk = new Desk();
  desk.leads("T1", { ...TRIGGER, ...change });
  desk.settle();
  return desk;
}

test("a Forever order is copied as one, with its trigger and its limit", () => {
  const desk = new Desk();
  desk.leads("T1", TRIGGER);
  const place = desk.sentPlace();
  assert.equal(place.vehicle, "forever");
  assert.deepEqual(
    [place.terms.quantity, place.terms.price, place.terms.triggerPrice],
    [50, rupees(1_600), rupees(1_601)],
  );
});

test("an OCO carries both halves, each for the follower's quantity", () => {
  const desk = new Desk();
  desk.bought("L1", 100, { product: "CNC" });
  desk.leads("T1", { ...TRIGGER, side: "SELL", second: SECOND });
  const place = desk.sentPlace();
  assert.deepEqual(place.second, { ...SECOND, quantity: 50 });
  assert.equal(place.terms.quantity, 50);
});

test("a changed trigger is changed, a cancelled one is cancelled", () => {
  const desk = resting();
  desk.leads("T1", { terms: { triggerPrice: rupees(1_590), price: rupees(1_589) } });
  const command = desk.sent();
  assert.equal(command.kind === "modify" && command.terms.triggerPrice, rupees(1_590));
  desk.answer(command, desk.broker.take(command));
  desk.leads("T1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("a cancel without an answer is asked again once a list of triggers shows that it was lost", () => {
  const desk = resting();
  desk.leads("T1", { status: "cancelled" });
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply in time" });
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  desk.nowMs += 3_000;
  desk.readsBook();
  assert.equal(desk.sent().kind, "cancel");
});

test("a change without an answer that the list of triggers shows as taken is not asked again", () => {
  const desk = resting();
  desk.leads("T1", { terms: { price: rupees(1_590) } });
  desk.losesReply(desk.sent());
  desk.nowMs += 3_000;
  desk.readsBook();
  assert.deepEqual(desk.outbox, []);
  const { pending, terms } = desk.child("T1");
  assert.deepEqual([pending, terms.price], [undefined, rupees(1_590)]);
});

test("fired on both sides: the child of the leader's is not copied, and ours counts as the copy", () => {
  const desk = resting();
  const { brokerOrderId } = desk.child("T1");
  assert.ok(brokerOrderId);
  desk.leads("T1", { status: "filled" });
  const parentId = toBrokerOrderId("T1");
  desk.leads("C1", { family: "trigger-child", product: "CNC", parentId });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["all own-trigger"]);
  desk.sees(desk.broker.change(brokerOrderId, { status: "filled" }));
  const fired = { parentId: brokerOrderId, family: "trigger-child", product: "CNC" } as const;
  desk.sees(
    orderOf("X1", { ...fired, terms: { quantity: 50 }, status: "filled", filledQuantity: 50 }),
  );
  assert.equal(desk.copied(undefined, "CNC"), 50);
  desk.passes(60_000);
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.alarms(), []);
});

test("a fired order that only the book tells of, and not whose it is, is not copied beside our trigger", () => {
  const desk = resting();
  desk.leads("T1", { status: "filled" });
  desk.leads("C1", { product: "CNC", terms: { price: rupees(1_600) } });
  assert.deepEqual(desk.outbox, []);
  assert.deepEqual(desk.skips(), ["all own-trigger"]);
  desk.leads("L9", { product: "CNC", terms: { price: rupees(1_600), quantity: 60 } });
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("the leader's trigger has fired and the follower's rests: a person hears of it", () => {
  const desk = resting();
  desk.leads("T1", { status: "filled" });
  desk.passes(29_999);
  assert.deepEqual(desk.alarms(), []);
  desk.passes(1);
  assert.deepEqual(desk.alarms(), ["trigger-not-fired"]);
});

test("the follower's trigger has fired and the leader's rests: a person hears of it", () => {
  const desk = resting();
  const { brokerOrderId } = desk.child("T1");
  assert.ok(brokerOrderId);
  desk.sees(desk.broker.change(brokerOrderId, { status: "filled" }));
  const fired = { parentId: brokerOrderId, family: "trigger-child", product: "CNC" } as const;
  const terms = { quantity: 50 };
  desk.sees(orderOf("X1", { ...fired, terms, status: "filled", filledQuantity: 50 }));
  desk.passes(29_999);
  assert.deepEqual(desk.alarms(), []);
  desk.passes(1);
  assert.deepEqual(desk.alarms(), ["trigger-fired-alone"]);
  desk.passes(60_000);
  assert.deepEqual(desk.alarms(), ["trigger-fired-alone"]);
});

test("a placement without an answer is known again by its terms, since triggers carry no name", () => {
  const desk = new Desk();
  desk.leads("T1", TRIGGER);
  const command = desk.sent();
  desk.losesReply(command);
  desk.nowMs += 16_000;
  desk.readsBook();
  const child = desk.child("T1");
  assert.equal(child.brokerOrderId, "F1");
  assert.deepEqual(desk.follower.unknown, []);
  assert.deepEqual(desk.outbox, []);
});

test("one that no list and no lookup shows is proved absent, and goes again", () => {
  const desk = new Desk();
  desk.leads("T1", TRIGGER);
  const command = desk.sent();
  desk.answer(command, { kind: "unknown", text: "no reply" });
  desk.nowMs += 16_000;
  desk.looksInVain(command.correlationId, 3);
  desk.readsBook();
  assert.equal(desk.sentPlace().vehicle, "forever");
});

test("the leader's has fired before ours was taken: what it fired is copied, and no trigger beside it", () => {
  const { desk, command } = firedWhileAsked((at, place) => {
    at.answer(place, { kind: "unknown", text: "no reply" });
  });
  desk.nowMs += 16_000;
  desk.looksInVain(command.correlationId, 3);
  desk.readsBook();
  assert.deepEqual(desk.skips(), ["entry trigger-fired"]);
  const place = desk.sentPlace();
  assert.deepEqual([place.vehicle, place.terms.quantity], [undefined, 50]);
});

test("ours is found after the leader's has fired: what that fired is not copied beside it", () => {
  const { desk } = firedWhileAsked((at, command) => at.losesReply(command));
  desk.nowMs += 2_000;
  desk.readsBook();
  assert.equal(desk.child("T1").brokerOrderId, "F1");
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry own-trigger"]]);
});

test("the leader's fires while ours is on its way: what it fired waits for the answer", () => {
  const taken = firedWhileAsked(() => {});
  taken.desk.accept(taken.command);
  assert.deepEqual([taken.desk.outbox, taken.desk.skips()], [[], ["entry own-trigger"]]);
  const refused = firedWhileAsked(() => {});
  refused.desk.rejects(refused.command, "input");
  assert.equal(refused.desk.sentPlace().vehicle, undefined);
});

/** The leader's trigger fires before anybody knows whether the broker took the follower's. */
function firedWhileAsked(answers: (desk: Desk, command: OrderCommand) => void): {
  desk: Desk;
  command: OrderCommand;
} {
  const desk = new Desk({ links: [linkOf({ maxAgeMs: 60_000 })] });
  desk.leads("T1", TRIGGER);
  const command = desk.sent();
  answers(desk, command);
  desk.leads("T1", { status: "filled" });
  const parentId = toBrokerOrderId("T1");
  desk.leads("C1", { family: "trigger-child", product: "CNC", parentId });
  assert.deepEqual(desk.outbox, []);
  return { desk, command };
}

/** The leader's trigger, asked for by a machine whose clock is 90 s ahead, and the reply is lost. */
function asked(): { desk: Desk; correlationId: CorrelationId } {
  const desk = new Desk();
  desk.nowMs += 90_000;
  desk.brokerAheadMs = -90_000;
  desk.leads("T1", { ...TRIGGER, placedAtMs: OURS.placedAtMs });
  const command = desk.sent();
  desk.answer(command, { kind: "unknown", text: "no reply" });
  desk.nowMs += 16_000;
  return { desk, correlationId: command.correlationId };
}

function shows(desk: Desk, ...orders: readonly OrderObservation[]): void {
  const startedAtMs = desk.nowMs;
  desk.input({ kind: "observed", orders, witness: "book", startedAtMs, isWhole: true });
}

const OURS = orderOf("F9", { ...TRIGGER, terms: { ...TRIGGER.terms, quantity: 50 } });
const FIRED = orderOf("X9", {
  product: "CNC",
  terms: { quantity: 50, price: rupees(1_600) },
  status: "filled",
  filledQuantity: 50,
});

test("one that has fired meanwhile is known again, however far ahead the machine's clock was", () => {
  const { desk, correlationId } = asked();
  desk.looksInVain(correlationId, 3);
  shows(desk, FIRED, { ...OURS, status: "filled" });
  assert.deepEqual(desk.follower.unknown, []);
  assert.equal(desk.child("T1").brokerOrderId, "F9");
  assert.equal(desk.copied(SHARE, "CNC"), 50);
});

test("one that rested before ours was asked for is another, whatever its terms", () => {
  const desk = new Desk();
  shows(desk, OURS);
  desk.leads("T1", TRIGGER);
  const command = desk.sent();
  desk.answer(command, { kind: "unknown", text: "no reply" });
  desk.nowMs += 16_000;
  desk.looksInVain(command.correlationId, 3);
  shows(desk, OURS);
  assert.equal(desk.sentPlace().vehicle, "forever");
});

const TRACES: readonly (readonly [string, OrderObservation])[] = [
  ["an order of no trigger that a book names", FIRED],
  ["an order of a trigger that has left the list", { ...FIRED, parentId: toBrokerOrderId("F9") }],
  [
    "a trigger that seems older than the leader's",
    { ...OURS, placedAtMs: toEpochMs(OURS.placedAtMs - 1_000) },
  ],
];

for (const [what, order] of TRACES) {
  test(`absence is not believed while there is ${what}, and a person is told once`, () => {
    const { desk, correlationId } = asked();
    desk.looksInVain(correlationId, 3);
    shows(desk, order);
    shows(desk, order);
    assert.deepEqual(desk.follower.unknown, [correlationId]);
    assert.deepEqual(desk.alarms(), ["unknown-order", "may-have-fired"]);
    assert.deepEqual(desk.outbox, []);
  });
}

test("orders that are neither it nor what it can have fired do not keep its absence from being proved", () => {
  const trigger = { ...OURS, status: "filled", terms: { ...OURS.terms, quantity: 60 } } as const;
  const others: readonly (readonly OrderObservation[])[] = [
    [{ ...FIRED, instrument: OPTION }],
    [{ ...FIRED, side: "SELL" }],
    [{ ...FIRED, family: "super-entry" }],
    [{ ...FIRED, terms: { ...FIRED.terms, quantity: 51 } }],
    [{ ...OURS, instrument: OPTION }],
    [{ ...OURS, product: "MARGIN" }],
    [{ ...OURS, side: "SELL" }],
    [{ ...OURS, terms: { ...OURS.terms, price: rupees(1_599) } }],
    [{ ...OURS, second: SECOND }],
    [trigger, { ...FIRED, parentId: trigger.brokerOrderId }],
  ];
  for (const rows of others) {
    const { desk, correlationId } = asked();
    desk.looksInVain(correlationId, 3);
    shows(desk, ...rows);
    const state = desk.follower.children.get(correlationId)?.state;
    assert.equal(state, "absent", JSON.stringify(rows));
  }
  const desk = new Desk();
  shows(desk, FIRED);
  desk.leads("T1", TRIGGER);
  const command = desk.sent();
  desk.answer(command, { kind: "unknown", text: "no reply" });
  desk.nowMs += 16_000;
  desk.looksInVain(command.correlationId, 3);
  shows(desk, FIRED);
  assert.equal(desk.sentPlace().vehicle, "forever");
});

const MONDAY = "2026-11-23" as TradingDay;
const TUESDAY = "2026-11-24" as TradingDay;

test("it survives the day, and an unknown one stays unknown until it is found", () => {
  const desk = resting();
  desk.input({ kind: "dayBegan", day: MONDAY });
  desk.leads("T2", { ...TRIGGER, terms: { ...TRIGGER.terms, quantity: 40 } });
  desk.losesReply(desk.sent());
  desk.input({ kind: "dayBegan", day: TUESDAY });
  assert.equal(desk.child("T1").state, "working");
  assert.equal(desk.follower.unknown.length, 1);
  desk.nowMs += 16_000;
  desk.readsBook();
  assert.deepEqual(desk.follower.unknown, []);
  desk.leads("T1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("positions of bracket and cover orders end with their day, as intraday ones do", () => {
  for (const product of ["INTRADAY", "BO", "CO"] as const) {
    const desk = new Desk({ links: [linkOf({ brackets: "native" })] });
    desk.input({ kind: "dayBegan", day: MONDAY });
    desk.bought("L1", 100, { product });
    assert.equal(desk.copied(undefined, product), 50);
    desk.input({ kind: "dayBegan", day: TUESDAY });
    assert.equal(desk.copied(undefined, product), 0);
  }
});
