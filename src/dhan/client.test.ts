import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { PlaceCommand } from "../core/model/command.ts";
import { asCorrelationId, toBrokerOrderId, toInstrumentKey } from "../core/model/ids.ts";
import { toPriceE4 } from "../core/model/money.ts";
import { must } from "../platform/assert.ts";
import { systemClock } from "../platform/clock.ts";
import { BrokerFault } from "../ports/broker.ts";
import { createDhanBroker } from "./client.ts";
import { createUndiciTransport } from "./rest/undici-transport.ts";

const FOLDER = new URL("../../test/fixtures/dhan/", import.meta.url);
const OURS = "T0123456789ABCDEFGHJKMNPQ";
const ORDER_ID = toBrokerOrderId("342260805001234");
const correlationId = must(asCorrelationId(OURS), "a correlation id");
const PLACE: PlaceCommand = {
  kind: "place",
  correlationId,
  instrument: toInstrumentKey("NSE_EQ", "1333"),
  side: "BUY",
  product: "INTRADAY",
  terms: {
    type: "LIMIT",
    validity: "DAY",
    quantity: 10,
    disclosedQuantity: 0,
    price: toPriceE4(16_505_000),
  },
};

interface Seen {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const seen: Seen[] = [];
let answer = { status: 200, body: "" };
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    response.writeHead(answer.status).end(answer.body);
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const clock = systemClock();
const restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
const broker = createDhanBroker({
  transport: createUndiciTransport({ restUrl, clock }),
  clientId: "1100000007",
  accessToken: "token-of-asha",
  clock,
});
after(async () => {
  await broker.close();
  server.close();
});

/** The next answers of the server: a fixture's body, or its status and body for an error. */
function answers(name: string): void {
  const text = readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
  answer = { status: 200, body: text };
  if (!name.startsWith("error-")) return;
  const { status, body } = JSON.parse(text);
  answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function lastSeen(): Seen {
  return must(seen.at(-1), "a request");
}

async function faultOf(promise: Promise<unknown>): Promise<BrokerFault> {
  const error = await promise.then(
    () => assert.fail("it should have been a fault"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrokerFault);
  return error;
}

test("place sends the order with credentials and comes back accepted", async () => {
  answers("order-reply-place-transit");
  const outcome = await broker.place(PLACE);
  assert.deepEqual(outcome, { kind: "accepted", brokerOrderId: ORDER_ID, status: "transit" });
  const { line, headers, body } = lastSeen();
  assert.equal(line, "POST /v2/orders");
  assert.equal(headers["access-token"], "token-of-asha");
  assert.equal(headers["client-id"], "1100000007");
  assert.equal(headers["content-type"], "application/json");
  assert.equal(JSON.parse(body).dhanClientId, "1100000007");
  assert.equal(JSON.parse(body).correlationId, OURS);
});

test("modify and cancel name the order in the path, and cancel has no body", async () => {
  answers("order-reply-modify-transit");
  const { terms } = PLACE;
  const modified = await broker.modify({
    kind: "modify",
    correlationId,
    brokerOrderId: ORDER_ID,
    terms,
  });
  assert.equal(modified.kind, "accepted");
  assert.equal(lastSeen().line, "PUT /v2/orders/342260805001234");
  answers("order-reply-cancel-cancelled");
  const cancelled = await broker.cancel({ kind: "cancel", correlationId, brokerOrderId: ORDER_ID });
  assert.deepEqual(cancelled, {
    kind: "accepted",
    brokerOrderId: ORDER_ID,
    status: "cancelled",
  });
  assert.equal(lastSeen().line, "DELETE /v2/orders/342260805001234");
  assert.equal(lastSeen().body, "");
  assert.equal(lastSeen().headers["content-type"], undefined);
});

test("commands resolve to an outcome whatever comes back", async () => {
  const rows = [
    ["error-400-dh-905-invalid-ip", "rejected"],
    ["error-500-dh-908", "unknown"],
    ["error-502-bad-gateway-html", "unknown"],
    ["error-429-dh-904", "unknown"],
    ["order-reply-without-order-id", "unknown"],
    ["order-reply-place-rejected", "rejected"],
  ] as const;
  for (const [name, kind] of rows) {
    answers(name);
    assert.equal((await broker.place(PLACE)).kind, kind, name);
  }
});

test("a broker that cannot be reached makes commands notSent and reads faults", async () => {
  const nowhere = createDhanBroker({
    transport: createUndiciTransport({ restUrl: "http://no-such-host.invalid/v2", clock }),
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock,
  });
  assert.equal((await nowhere.place(PLACE)).kind, "notSent");
  assert.equal((await faultOf(nowhere.orders())).reason, "unreachable");
  await nowhere.close();
});

test("a command that cannot be written down is loud", async () => {
  const instrument = toInstrumentKey("NYSE", "1");
  await assert.rejects(broker.place({ ...PLACE, instrument }), { name: "AssertionFault" });
});

test("reads the order book", async () => {
  answers("get-orders-part-traded");
  const orders = await broker.orders();
  assert.equal(lastSeen().line, "GET /v2/orders");
  assert.deepEqual(
    orders.map((order) => [order.status, order.filledQuantity]),
    [["working", 4]],
  );
});

test("a book with an unknown order status is a loud fault that names it", async () => {
  answers("get-orders-unknown-status");
  const fault = await faultOf(broker.orders());
  assert.match(fault.message, /unknown order status "LINGERING"/);
  assert.ok(fault.cause instanceof Error && fault.cause.name === "UnknownOrderStatus");
});

test("an order by id is an array of one, an object, or absent", async () => {
  for (const name of ["get-order-by-id-array", "get-order-by-id-object"]) {
    answers(name);
    assert.equal((await broker.order(ORDER_ID))?.brokerOrderId, ORDER_ID, name);
  }
  answers("get-order-by-id-unknown");
  assert.equal(await broker.order(ORDER_ID), undefined);
  assert.equal(lastSeen().line, "GET /v2/orders/342260805001234");
});

test("an order by correlation id is an array, an object, or absent with 404", async () => {
  for (const shape of ["array", "object"]) {
    answers(`get-order-by-correlation-id-${shape}`);
    const found = await broker.orderByCorrelationId(correlationId);
    assert.equal(found?.correlationId, OURS, shape);
  }
  answers("error-404-dh-906-not-found");
  assert.equal(await broker.orderByCorrelationId(correlationId), undefined);
  assert.equal(lastSeen().line, `GET /v2/orders/external/${OURS}`);
});

test("a lookup never takes another order for the one asked for", async () => {
  answers("get-orders-part-traded");
  assert.equal(await broker.order(toBrokerOrderId("1")), undefined);
  assert.equal(await broker.orderByCorrelationId(correlationId), undefined);
});

test("a lookup that fails is a fault and not an absence", async () => {
  const rows = ["404-gateway-unknown-route", "500-dh-906-incorrect-request", "401-dh-901"];
  for (const name of rows) {
    answers(`error-${name}`);
    await faultOf(broker.orderByCorrelationId(correlationId));
    await faultOf(broker.order(ORDER_ID));
  }
});

test("reads positions on both sides and leaves closed ones at 0", async () => {
  const rows = [
    ["get-positions-long", "NSE_EQ:1333", "INTRADAY", 10],
    ["get-positions-short-carried-forward", "NSE_FNO:49081", "MARGIN", -130],
    ["get-positions-closed", "NSE_EQ:1333", "INTRADAY", 0],
  ] as const;
  for (const [name, instrument, product, net] of rows) {
    answers(name);
    const [position] = await broker.positions();
    assert.deepEqual(
      [position?.instrument, position?.product, position?.net],
      [instrument, product, net],
    );
  }
});

test("holdings are units of CNC, and an empty portfolio is no fault in any of its shapes", async () => {
  answers("get-holdings");
  assert.deepEqual(await broker.holdings(), [
    { instrument: "NSE_EQ:1333", product: "CNC", symbol: "HDFCBANK", net: 25 },
  ]);
  const empty = [
    "get-holdings-empty",
    "error-500-dh-1111-no-holdings",
    "error-500-dholding-no-holdings",
  ];
  for (const name of empty) {
    answers(name);
    assert.deepEqual(await broker.holdings(), [], name);
  }
  answers("error-500-dh-908");
  await faultOf(broker.holdings());
});

test("funds are read in spite of their spelling", async () => {
  answers("get-funds");
  assert.deepEqual(await broker.funds(), {
    available: 984_402_500,
    startOfDay: 1_136_420_000,
    collateral: 0,
    utilized: 152_027_500,
  });
  assert.equal(lastSeen().line, "GET /v2/fundlimit");
});

test("reads trades, the profile and a margin", async () => {
  answers("get-trades");
  const trades = await broker.trades();
  assert.deepEqual(
    trades.map((trade) => trade.tradedQuantity),
    [4, 6],
  );
  answers("get-trades-by-order-object");
  assert.equal((await broker.tradesOf(ORDER_ID)).length, 1);
  assert.equal(lastSeen().line, "GET /v2/trades/342260805001234");
  answers("get-profile-live");
  assert.equal((await broker.profile()).tokenValidity, "02/08/2026 09:14");
  answers("margin-reply");
  const margin = await broker.margin({
    exchangeSegment: "NSE_EQ",
    transactionType: "BUY",
    quantity: 10,
    productType: "INTRADAY",
    securityId: "1333",
    price: 1650.5,
  });
  assert.equal(margin.leverage, "5X");
  assert.equal(JSON.parse(lastSeen().body).dhanClientId, "1100000007");
});

test("a read that is no JSON or of another shape is a fault", async () => {
  for (const body of ["<html>", "null", '{"orders":[]}', '[{"orderId":"1"}]']) {
    answer = { status: 200, body };
    assert.equal((await faultOf(broker.orders())).reason, "other", body);
  }
});

test("a new token is used at once, and neither token shows in a fault", async () => {
  broker.useToken("newer-token-of-asha");
  const errorMessage = "token-of-asha and newer-token-of-asha of 1100000007 are bad";
  const body = JSON.stringify({ errorType: "E", errorCode: "DH-901", errorMessage });
  answer = { status: 401, body };
  const fault = await faultOf(broker.funds());
  assert.equal(lastSeen().headers["access-token"], "newer-token-of-asha");
  assert.ok(!fault.message.includes("of-asha") && !fault.message.includes("1100000007"));
});

test("a command that is called off before it leaves is not sent, and nobody is asked", async () => {
  const before = seen.length;
  const mayLeave = () => false;
  assert.equal((await broker.place(PLACE, mayLeave)).kind, "notSent");
  const { terms } = PLACE;
  const command = { kind: "modify", correlationId, brokerOrderId: ORDER_ID, terms } as const;
  assert.equal((await broker.modify(command, mayLeave)).kind, "notSent");
  const trigger = { ...command, vehicle: "forever" } as const;
  assert.equal((await broker.modify(trigger, mayLeave)).kind, "notSent");
  assert.equal(seen.length, before);
  answer = { status: 200, body: JSON.stringify({ orderId: ORDER_ID, orderStatus: "TRANSIT" }) };
  assert.equal((await broker.place(PLACE, () => true)).kind, "accepted");
  assert.equal(seen.length, before + 1);
});
