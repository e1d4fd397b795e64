import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { CancelCommand, ModifyCommand, PlaceCommand } from "../core/model/command.ts";
import { asCorrelationId, toBrokerOrderId, toInstrumentKey } from "../core/model/ids.ts";
import { toPriceE4 } from "../core/model/money.ts";
import { toEpochMs } from "../core/model/time.ts";
import { must } from "../platform/assert.ts";
import { BrokerFault } from "../ports/broker.ts";
import { type HttpReply, TransportFault } from "../ports/transport.ts";
import { createDhanBroker } from "./client.ts";

const FOLDER = new URL("../../test/fixtures/dhan/", import.meta.url);
const ENTRY = "592260805700111";
const FOREVER = "5132260805900";
const rupees = (value: number) => toPriceE4(value * 10_000);
const IDS = {
  correlationId: must(asCorrelationId("T0123456789ABCDEFGHJKMNPQ"), "a correlation id"),
} as const;
const TERMS = {
  type: "LIMIT",
  validity: "DAY",
  quantity: 10,
  disclosedQuantity: 0,
  price: rupees(1655),
} as const;
const PROTECTION = { target: rupees(1685), stop: rupees(1640) };
const STOP_TERMS = { ...TERMS, price: rupees(1600), triggerPrice: rupees(1605) };
const TARGET_TERMS = { quantity: 10, triggerPrice: rupees(1695), price: rupees(1700) };

function fixture(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
}

function ok(body: unknown): HttpReply {
  return { status: 200, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** A broker that answers in this order, and what it was asked. */
function brokerWith(...answers: readonly (HttpReply | Error)[]) {
  const asked: { readonly line: string; readonly body: unknown }[] = [];
  const broker = createDhanBroker({
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock: { nowMs: () => toEpochMs(42) },
    transport: {
      async request({ method, path, body }) {
        asked.push({ line: `${method} ${path}`, body: body && JSON.parse(body) });
        const answer = must(answers[asked.length - 1], "an answer");
        if (answer instanceof Error) throw answer;
        return answer;
      },
      close: async () => {},
    },
  });
  return {
    broker,
    lines: () => asked.map(({ line }) => line),
    bodies: () => asked.map(({ body }) => body),
  };
}

function place(more: Partial<PlaceCommand>): PlaceCommand {
  return {
    kind: "place",
    ...IDS,
    instrument: toInstrumentKey("NSE_EQ", "1333"),
    side: "BUY",
    product: "CNC",
    terms: TERMS,
    ...more,
  };
}

function modify(id: string, more: Partial<ModifyCommand>): ModifyCommand {
  return { kind: "modify", ...IDS, brokerOrderId: toBrokerOrderId(id), terms: TERMS, ...more };
}

function cancel(id: string, more: Partial<CancelCommand>): CancelCommand {
  return { kind: "cancel", ...IDS, brokerOrderId: toBrokerOrderId(id), ...more };
}

// Vehicle and what goes with it | the route.
const PLACES: readonly (readonly [Partial<PlaceCommand>, string])[] = [
  [{}, "POST /orders"],
  [{ isAfterMarket: true }, "POST /orders"],
  [{ vehicle: "bracket", protection: PROTECTION }, "POST /orders"],
  [{ vehicle: "cover", protection: { stop: rupees(1640) } }, "POST /orders"],
  [{ vehicle: "super", protection: PROTECTION }, "POST /super/orders"],
  [{ vehicle: "forever", terms: STOP_TERMS }, "POST /forever/orders"],
];

for (const [more, route] of PLACES) {
  test(`a placement with ${JSON.stringify(more)} goes by ${route}, once`, async () => {
    const { broker, lines } = brokerWith(ok({ orderId: ENTRY, orderStatus: "TRANSIT" }));
    const expected = { kind: "accepted", brokerOrderId: ENTRY, status: "transit" };
    assert.deepEqual(await broker.place(place(more)), expected);
    assert.deepEqual(lines(), [route]);
  });
}

// The id and what goes with it | the route.
// biome-ignore format: a table is read by its columns
const CHANGES: readonly (readonly [string, Pick<CancelCommand, "vehicle" | "leg">, string, string])[] = [
  [ENTRY, {}, `PUT /orders/${ENTRY}`, `DELETE /orders/${ENTRY}`],
  [ENTRY, { vehicle: "bracket" }, `PUT /orders/${ENTRY}`, `DELETE /orders/${ENTRY}`],
  [ENTRY, { vehicle: "bracket", leg: "target" }, `PUT /orders/${ENTRY}`, `DELETE /orders/${ENTRY}`],
  [ENTRY, { vehicle: "super" }, `PUT /super/orders/${ENTRY}`, `DELETE /super/orders/${ENTRY}/ENTRY_LEG`],
  [ENTRY, { vehicle: "super", leg: "target" }, `PUT /super/orders/${ENTRY}`, `DELETE /super/orders/${ENTRY}/TARGET_LEG`],
  [ENTRY, { vehicle: "super", leg: "stop" }, `PUT /super/orders/${ENTRY}`, `DELETE /super/orders/${ENTRY}/STOP_LOSS_LEG`],
  [`${ENTRY}.stop`, { vehicle: "super" }, `PUT /super/orders/${ENTRY}`, `DELETE /super/orders/${ENTRY}/STOP_LOSS_LEG`],
];

for (const [id, more, put, del] of CHANGES) {
  test(`a change of ${id} with ${JSON.stringify(more)} goes by ${put}, a cancel by ${del}`, async () => {
    const reply = ok({ orderId: ENTRY, orderStatus: "TRANSIT" });
    const { broker, lines } = brokerWith(reply, reply);
    const changed = await broker.modify(modify(id, { ...more, protection: PROTECTION }));
    const cancelled = await broker.cancel(cancel(id, more));
    const expected = { kind: "accepted", brokerOrderId: id, status: "transit" };
    assert.deepEqual([changed, cancelled], [expected, expected]);
    assert.deepEqual(lines(), [put, del]);
  });
}

test("a leg without a number of its own is never cancelled by its entry's", async () => {
  const { broker, lines } = brokerWith();
  const id = `${ENTRY}.target`;
  const outcomes = [
    await broker.cancel(cancel(id, { vehicle: "bracket", leg: "target" })),
    await broker.cancel(cancel(id, {})),
    await broker.modify(modify(id, {})),
  ];
  for (const outcome of outcomes) assert.equal(outcome.kind, "notSent");
  assert.deepEqual(lines(), []);
});

test("a reply about a leg may name the leg or its entry; one about an entry names the entry", async () => {
  const other = ok({ orderId: "592260805700112", orderStatus: "TRANSIT" });
  const { broker } = brokerWith(other, other, other);
  const leg = { vehicle: "super", leg: "stop", protection: PROTECTION } as const;
  assert.equal((await broker.modify(modify(ENTRY, leg))).kind, "accepted");
  const accepted = await broker.cancel(cancel(ENTRY, { vehicle: "super", leg: "stop" }));
  assert.deepEqual(accepted, { kind: "accepted", brokerOrderId: ENTRY, status: "transit" });
  assert.equal((await broker.cancel(cancel(ENTRY, { vehicle: "super" }))).kind, "unknown");
});

test("a leg that is dead already proves nothing, whether it says 400 or 404", async () => {
  const body = '{"errorType":"Order_Error","errorCode":"DH-906","errorMessage":"Order not found"}';
  for (const status of [400, 404]) {
    const { broker } = brokerWith({ status, body });
    const outcome = await broker.cancel(cancel(ENTRY, { vehicle: "super", leg: "target" }));
    assert.equal(outcome.kind, "unknown", `${status}`);
  }
});

test("reads Super Orders with their levels", async () => {
  const { broker, lines } = brokerWith(ok(fixture("get-super-orders-part-traded")));
  const [entry, ...others] = await broker.superOrders();
  assert.equal(entry?.levels?.target?.filledQuantity, 1);
  assert.equal(entry?.status, "working");
  assert.deepEqual(others, []);
  assert.deepEqual(lines(), ["GET /super/orders"]);
});

test("reads a Forever order once, with both halves", async () => {
  const { broker, lines } = brokerWith(ok(fixture("get-forever-oco")));
  const [order, ...others] = await broker.foreverOrders();
  assert.equal(order?.second?.triggerPrice, 16_950_000);
  assert.deepEqual(others, []);
  assert.deepEqual(lines(), ["GET /forever/orders"]);
});

test("a list with a word that we do not know is a loud fault that names it", async () => {
  const lists = [
    ["get-super-orders-traded", (body: string) => brokerWith(ok(body)).broker.superOrders()],
    ["get-forever-single", (body: string) => brokerWith(ok(body)).broker.foreverOrders()],
  ] as const;
  for (const [name, read] of lists) {
    const body = fixture(name).replace(/"orderStatus": "\w+"/, '"orderStatus": "LINGERING"');
    await assert.rejects(read(body), (fault) => {
      assert.ok(fault instanceof BrokerFault);
      assert.match(fault.message, /unknown order status "LINGERING"/);
      return true;
    });
  }
});

test("legs that share their entry's number are found under ids of their own", async () => {
  const body = ok(fixture("get-orders-super-legs-same-id"));
  const { broker, lines } = brokerWith(body, body, body);
  for (const [id, leg] of [
    [ENTRY, undefined],
    [`${ENTRY}.stop`, "stop"],
    [`${ENTRY}.target`, "target"],
  ] as const) {
    const order = await broker.order(toBrokerOrderId(id));
    assert.deepEqual([order?.brokerOrderId, order?.leg], [id, leg]);
  }
  // A lookup by the number that they share may show any one of them.
  assert.deepEqual(lines(), [`GET /orders/${ENTRY}`, "GET /orders", "GET /orders"]);
});

test("a lookup by correlation id never gives a leg for its entry", async () => {
  const rows = JSON.parse(fixture("get-orders-bracket-legs"));
  const own = rows.map((row: object) => ({ ...row, correlationId: IDS.correlationId }));
  const { broker } = brokerWith(ok([own[1], own[2], own[0]]), ok([own[1]]));
  assert.equal((await broker.orderByCorrelationId(IDS.correlationId))?.family, "bracket");
  assert.equal(await broker.orderByCorrelationId(IDS.correlationId), undefined);
});

const LIST = ok(fixture("get-forever-oco"));
const SWAPPED = ok(fixture("get-forever-oco-names-swapped"));
const TAKEN = ok({ orderId: FOREVER, orderStatus: "PENDING" });
const MOVED = {
  terms: { ...STOP_TERMS, triggerPrice: rupees(1610) },
  second: { ...TARGET_TERMS, triggerPrice: rupees(1690) },
};
const FOREVER_STOP = { ...STOP_TERMS, price: rupees(1600) };

// biome-ignore format: a table is read by its columns
const FOREVER_CHANGES: readonly (readonly [string, HttpReply, Partial<ModifyCommand>, readonly string[]])[] = [
  ["its stop by its stored name", LIST, { leg: "stop", ...MOVED }, ["STOP_LOSS_LEG 1610"]],
  ["its target by its stored name", LIST, { leg: "target", ...MOVED }, ["TARGET_LEG 1690"]],
  ["its stop where the names are swapped", SWAPPED, { leg: "stop", ...MOVED }, ["TARGET_LEG 1610"]],
  ["only the half that differs", LIST, { terms: FOREVER_STOP, second: MOVED.second }, ["TARGET_LEG 1690"]],
  ["both halves, the stop first", LIST, MOVED, ["STOP_LOSS_LEG 1610", "TARGET_LEG 1690"]],
  ["a single one", ok(fixture("get-forever-single")), { terms: MOVED.terms }, ["ENTRY_LEG 1610"]],
  ["the stop again where nothing differs", LIST, { terms: FOREVER_STOP, second: TARGET_TERMS }, ["STOP_LOSS_LEG 1605"]],
];

for (const [what, list, more, expected] of FOREVER_CHANGES) {
  test(`a change of a Forever order reads the list and restates ${what}`, async () => {
    const { broker, lines, bodies } = brokerWith(list, TAKEN, TAKEN);
    const outcome = await broker.modify(modify(FOREVER, { vehicle: "forever", ...more }));
    assert.deepEqual(outcome, { kind: "accepted", brokerOrderId: FOREVER, status: "working" });
    const puts = bodies()
      .slice(1)
      .map((body) => body as { legName: string; triggerPrice: number });
    assert.deepEqual(
      puts.map((put) => `${put.legName} ${put.triggerPrice}`),
      expected,
    );
    const put = `PUT /forever/orders/${FOREVER}`;
    assert.deepEqual(lines(), ["GET /forever/orders", ...expected.map(() => put)]);
  });
}

test("a change of a Forever order that cannot be read or found is not sent", async () => {
  const lists = [
    ok("[]"),
    ok("<html>"),
    { status: 500, body: "" },
    new TransportFault("lost", "no reply within 10 ms"),
    ok(fixture("get-forever-oco").replaceAll('"OCO"', '"TRIPLE"')),
  ];
  for (const list of lists) {
    const { broker, lines } = brokerWith(list);
    const outcome = await broker.modify(modify(FOREVER, { vehicle: "forever", ...MOVED }));
    assert.equal(outcome.kind, "notSent");
    assert.deepEqual(lines(), ["GET /forever/orders"]);
  }
});

test("half a change of a Forever order is unknown, and nothing goes on after a first no", async () => {
  const lost = new TransportFault("lost", "no reply within 10 ms");
  const no = {
    status: 400,
    body: '{"errorType":"Input_Exception","errorCode":"DH-905","errorMessage":"Invalid price"}',
  };
  const change = modify(FOREVER, { vehicle: "forever", ...MOVED });
  for (const second of [no, lost]) {
    const outcome = await brokerWith(LIST, TAKEN, second).broker.modify(change);
    assert.equal(outcome.kind, "unknown");
    assert.match(outcome.kind === "unknown" ? outcome.text : "", /one of two halves was changed/);
  }
  const { broker, lines } = brokerWith(LIST, no);
  assert.equal((await broker.modify(change)).kind, "rejected");
  assert.equal(lines().length, 2);
});

test("a Forever order is cancelled whole", async () => {
  const { broker, lines } = brokerWith(ok({ orderId: FOREVER, orderStatus: "CANCELLED" }));
  const outcome = await broker.cancel(cancel(FOREVER, { vehicle: "forever" }));
  assert.deepEqual(outcome, { kind: "accepted", brokerOrderId: FOREVER, status: "cancelled" });
  assert.deepEqual(lines(), [`DELETE /forever/orders/${FOREVER}`]);
});
