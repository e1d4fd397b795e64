import assert from "node:assert/strict";
import { test } from "node:test";
import { toAccountId, toBrokerOrderId, toInstrumentKey } from "../core/model/ids.ts";
import type { OrderObservation } from "../core/model/order.ts";
import { memoryJournal } from "../journal/memory/journal.ts";
import { manualClock } from "../platform/manual-clock.ts";
import type { Broker, DropCopy, DropCopyEvent } from "../ports/broker.ts";
import type { Entry } from "../ports/journal.ts";
import type { AuditEvent } from "./audit-event.ts";
import { observedBroker, observedDropCopy, observedJournal } from "./observe-ports.ts";

const ASHA = toAccountId("asha");
const CLOCK = manualClock(0);

const ORDER = {
  brokerOrderId: toBrokerOrderId("12"),
  instrument: toInstrumentKey("NSE_EQ", "1333"),
  family: "plain",
  terms: { quantity: 5, price: 16_500_000 },
  status: "working",
  filledQuantity: 2,
} as unknown as OrderObservation;

function ear() {
  const events: AuditEvent[] = [];
  const replayed: Entry[] = [];
  const heard = (event: AuditEvent) => void events.push(event);
  return {
    events,
    replayed,
    heard,
    ear: { heard, replayed: (entry: Entry) => void replayed.push(entry) },
  };
}

const ACCEPTED = { kind: "accepted" } as const;

function brokerOf(orders: readonly OrderObservation[]): Broker {
  const [order] = orders;
  const reply = async () => ACCEPTED;
  const none = async () => [];
  const one = async () => order;
  return {
    place: reply,
    modify: reply,
    cancel: reply,
    orders: async () => orders,
    order: one,
    orderByCorrelationId: one,
    superOrders: none,
    foreverOrders: none,
    positions: none,
    holdings: none,
    funds: async () => ({}),
    close: async () => {},
  } as unknown as Broker;
}

test("reads of the broker are passed on as they are, and told of afterwards", async () => {
  const { ear: listens, events } = ear();
  const broker = observedBroker(brokerOf([ORDER]), ASHA, CLOCK, listens);
  assert.deepEqual(await broker.orders(), [ORDER]);
  assert.equal(await broker.order(toBrokerOrderId("12")), ORDER);
  assert.equal(await broker.orderByCorrelationId("T" as never), ORDER);
  for (const read of [broker.superOrders(), broker.foreverOrders(), broker.positions()]) {
    assert.deepEqual(await read, []);
  }
  assert.deepEqual([await broker.holdings(), await broker.funds()], [[], {}]);
  const [book, ...orders] = events;
  assert(book?.kind === "book");
  assert.deepEqual(book.rows(), [
    {
      account: "asha",
      orderId: "12",
      instrument: "NSE_EQ:1333",
      filled: 2,
      isAlive: true,
      isPart: false,
      pricesE4: [16_500_000],
      seenAtMs: 0,
      isOfBook: true,
    },
  ]);
  assert.deepEqual(
    orders.map(({ kind }) => kind),
    ["order", "order"],
  );
  await broker.close();
});

test("an order that is not there, or a read that fails, is nothing to tell of", async () => {
  const { ear: listens, events } = ear();
  const fault = new Error("unreachable");
  const failing = { ...brokerOf([]), orders: () => Promise.reject(fault) };
  const broker = observedBroker(failing, ASHA, CLOCK, listens);
  assert.equal(await broker.order(toBrokerOrderId("12")), undefined);
  await assert.rejects(broker.orders(), fault);
  assert.deepEqual(events, []);
});

test("each command is told of once it has left, with what it is for", async () => {
  const { ear: listens, events } = ear();
  const broker = observedBroker(brokerOf([]), ASHA, CLOCK, listens);
  const { instrument, terms, brokerOrderId } = ORDER;
  const about = { correlationId: "T1", brokerOrderId, terms } as const;
  assert.equal(await broker.place({ ...about, kind: "place", instrument } as never), ACCEPTED);
  await broker.modify({ ...about, kind: "modify" } as never);
  await broker.modify({ ...about, kind: "modify", leg: "stop" } as never);
  await broker.cancel({ ...about, kind: "cancel" } as never);
  const calls = events.map((event) => event.kind === "call" && event.call);
  const common = { account: "asha", correlationId: "T1", leftAtMs: 0 };
  const pricesE4 = [16_500_000];
  assert.deepEqual(calls, [
    { ...common, kind: "place", instrument: "NSE_EQ:1333", quantity: 5, pricesE4 },
    { ...common, kind: "modify", orderId: "12", quantity: 5, pricesE4 },
    { ...common, kind: "modify", orderId: "12/stop", pricesE4 },
    { ...common, kind: "cancel", orderId: "12" },
  ]);
});

test("a frame is told of after the account's own listener has had it", async () => {
  const { ear: listens, events } = ear();
  let push: (event: DropCopyEvent) => void = () => {};
  let isStopped = false;
  const dropCopy: DropCopy = {
    start: (listener) => {
      push = listener;
    },
    stop: async () => {
      isStopped = true;
    },
  };
  const observed = observedDropCopy(dropCopy, ASHA, CLOCK, listens);
  const order: string[] = [];
  observed.start((event) => order.push(`${event.kind} with ${events.length} told`));
  push({ kind: "up" });
  const parent = { parentId: toBrokerOrderId("11"), correlationId: "T1" as never };
  const ended = { ...ORDER, ...parent, status: "filled" } as const;
  push({ kind: "order", observation: ended, receivedAtMs: 0 });
  assert.deepEqual(order, ["up with 0 told", "order with 0 told"]);
  const [told] = events;
  assert(told?.kind === "order");
  assert.deepEqual(
    [told.seen.isAlive, told.seen.isPart, told.seen.correlationId],
    [false, true, "T1"],
  );
  await observed.stop();
  assert.ok(isStopped);
});

test("what the journal has taken is told of, and what a start reads of the accounts", async () => {
  const { ear: listens, events, replayed } = ear();
  const journal = observedJournal(memoryJournal(), CLOCK, listens);
  const entry = { kind: "a", atMs: 1, body: {} };
  const stream = "follower/asha";
  await journal.append([{ stream, expectedSeq: 0, entries: [entry] }]);
  await journal.append([{ stream: "settings", expectedSeq: 0, entries: [entry] }]);
  await assert.rejects(journal.append([{ stream, expectedSeq: 0, entries: [entry] }]));
  assert.deepEqual(
    events.map((event) => event.kind === "entries" && [event.taken.stream, event.taken.firstSeq]),
    [
      [stream, 1],
      ["settings", 1],
    ],
  );
  for (const name of await journal.streams()) for await (const _ of journal.read(name));
  assert.deepEqual(
    replayed.map((read) => `${read.stream}#${read.seq}`),
    ["follower/asha#1"],
  );
  assert.equal(await journal.lastSeq(stream), 1);
  await journal.close();
});
