/** Placing, modifying, cancelling and looking up, as the broker answers them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "../../../src/platform/manual-clock.ts";
import { eventually } from "../../eventually.ts";
import { ASHA, fixture, type Json, openBox, order } from "./wire-client.ts";

const MISSING = (fixture("error-400-dh-905-missing-fields") as Json).body;
const INCORRECT = (fixture("error-400-dh-906-incorrect-request") as Json).body;

test("C110 a placed order is answered 200 TRANSIT and comes to rest as PENDING", async (t) => {
  const box = await openBox(t);
  const answer = await box.call("POST", "/orders", { body: order() });
  assert.equal(answer.status, 200);
  const { orderId, orderStatus } = answer.body as Json;
  assert.equal(orderStatus, "TRANSIT");
  assert.match(String(orderId), /^\d{12,15}$/);
  await box.reaches(String(orderId), "PENDING");
  const row = await box.row(String(orderId));
  assert.equal(row.omsErrorDescription, "CONFIRMED");
  assert.equal(row.omsErrorCode, "0");
  assert.notEqual(row.exchangeOrderId, "0");
  assert.equal(row.createTime, row.updateTime);
});

test("C111 an order in TRANSIT is in the list, with the exchange's sentinels", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 60_000 } });
  const orderId = await box.place();
  const { body } = await box.call("GET", "/orders");
  const [row] = body as Json[];
  assert.equal(row?.orderId, orderId);
  assert.equal(row?.orderStatus, "TRANSIT");
  assert.equal(row?.exchangeOrderId, "0");
  assert.equal(row?.exchangeTime, "0001-01-01 00:00:00");
});

test("C112 a missing correlation id is made up by the broker", async (t) => {
  const box = await openBox(t);
  const { correlationId: _, ...body } = order();
  const answer = await box.call("POST", "/orders", { body });
  const row = await box.row(String((answer.body as Json).orderId));
  assert.match(String(row.correlationId), new RegExp(`^${ASHA}-\\d{13}$`));
});

test("C113 bad fields are refused with the same uninformative DH-905", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  const bad: Json[] = [
    { transactionType: "HOLD" },
    { orderType: undefined },
    { validity: "" },
    { price: "" },
    { price: 0 },
    { price: -1 },
    { price: 1600.52 },
    { quantity: 0 },
    { quantity: 1.5 },
    { correlationId: "T".repeat(26) },
    { correlationId: "semi;colon" },
    { orderType: "STOP_LOSS", triggerPrice: 0 },
    { disclosedQuantity: 3 },
    { exchangeSegment: "NSE_FNO", securityId: "52001", productType: "MARGIN", quantity: 64 },
    { productType: "MARGIN" },
    { afterMarketOrder: true },
    { dhanClientId: "1100000099" },
  ];
  for (const change of bad) {
    const answer = await box.call("POST", "/orders", { body: order(change) });
    assert.equal(answer.status, 400, JSON.stringify(change));
    assert.deepEqual(answer.body, MISSING, JSON.stringify(change));
  }
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 0);
});

test("C114 malformed bodies are refused like missing fields", async (t) => {
  const box = await openBox(t);
  for (const rawBody of ["{", "", "[]", "null", '"text"']) {
    const answer = await box.call("POST", "/orders", { rawBody });
    assert.equal(answer.status, 400);
    assert.equal((answer.body as Json).errorCode, "DH-905");
  }
});

test("C115 a missing quantity and an unknown instrument have texts of their own", async (t) => {
  const box = await openBox(t);
  const { quantity: _, ...withoutQuantity } = order();
  const first = await box.call("POST", "/orders", { body: withoutQuantity });
  assert.deepEqual(first.body, (fixture("error-400-dh-905-quantity-required") as Json).body);
  const second = await box.call("POST", "/orders", { body: order({ securityId: "999999" }) });
  assert.deepEqual(second.body, (fixture("error-400-dh-905-invalid-security-id") as Json).body);
});

test("C116 prices may come as strings and inapplicable fields as null", async (t) => {
  const box = await openBox(t);
  const orderId = await box.place({ price: "1600.50", boProfitValue: null, amoTime: null });
  assert.equal((await box.row(orderId)).price, 1600.5);
});

test("C117 bracket and cover orders are refused", async (t) => {
  const box = await openBox(t);
  for (const productType of ["BO", "CO"]) {
    const answer = await box.call("POST", "/orders", { body: order({ productType }) });
    assert.equal(answer.status, 400);
    assert.equal((answer.body as Json).errorCode, "DH-905");
  }
});

test("C118 a repeated correlation id makes a second order unless the switch refuses", async (t) => {
  const box = await openBox(t);
  await box.placeWorking();
  const twin = await box.placeWorking();
  const { body } = await box.call("GET", "/orders/external/cp-7f3a-0001");
  assert.equal((body as Json).orderId, twin);
  box.simulator.changeSwitches({ duplicateCorrelation: "refuse" });
  const third = await box.call("POST", "/orders", { body: order() });
  assert.equal(third.status, 400);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 2);
});

test("C120 the lookup by correlation id is blind while the order is in TRANSIT", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 60_000 } });
  const orderId = await box.place();
  const blind = await box.call("GET", "/orders/external/cp-7f3a-0001");
  assert.equal(blind.status, 404);
  assert.deepEqual(blind.body, (fixture("error-404-dh-906-not-found") as Json).body);
  box.simulator.changeSwitches({ transitBlindLookup: false });
  const seen = await box.call("GET", "/orders/external/cp-7f3a-0001");
  assert.equal((seen.body as Json).orderId, orderId);
});

test("C121 the lookup by order id is an array of one, and of none for an unknown id", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  const found = await box.call("GET", `/orders/${orderId}`);
  assert.equal((found.body as Json[]).length, 1);
  const unknown = await box.call("GET", "/orders/342260805999999");
  assert.equal(unknown.status, 200);
  assert.deepEqual(unknown.body, []);
});

test("C122 the book may lag behind the placement", async (t) => {
  const box = await openBox(t, { switches: { rowLagMs: 60_000 } });
  const orderId = await box.placeWorking();
  assert.deepEqual((await box.call("GET", "/orders")).body, []);
  assert.deepEqual((await box.call("GET", `/orders/${orderId}`)).body, []);
  box.simulator.changeSwitches({ rowLagMs: 0 });
  assert.equal(((await box.call("GET", "/orders")).body as Json[]).length, 1);
});

const MODIFY = { dhanClientId: ASHA, orderType: "LIMIT", validity: "DAY" };

test("C125 a modification replaces the terms and its quantity is the total", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  const body = { ...MODIFY, orderId, quantity: 6, price: 1601, triggerPrice: 0 };
  const answer = await box.call("PUT", `/orders/${orderId}`, { body });
  assert.deepEqual(answer.body, { orderId, orderStatus: "TRANSIT" });
  await eventually(async () => (await box.row(orderId)).price === 1601, { what: "new terms" });
  const row = await box.row(orderId);
  assert.equal(row.quantity, 6);
  assert.equal(row.remainingQuantity, 2);
  assert.equal(row.orderStatus, "PART_TRADED");
});

test("C126 a modification is taken in TRANSIT, a cancel is not", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 60_000 } });
  const orderId = await box.place();
  const body = { ...MODIFY, orderId, quantity: 7, price: 1600 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 200);
  assert.equal((await box.row(orderId)).quantity, 7);
  const cancel = await box.call("DELETE", `/orders/${orderId}`);
  assert.equal(cancel.status, 400);
  assert.deepEqual(cancel.body, (fixture("error-400-dh-906-in-transit") as Json).body);
});

test("C124 a modification must restate every term that applies", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  const change = async (terms: Json) => {
    const body = { ...MODIFY, orderId, ...terms };
    return (await box.call("PUT", `/orders/${orderId}`, { body })).body as Json;
  };
  assert.equal((await change({ price: 1600 })).errorMessage, "quantity is required");
  assert.deepEqual(await change({ quantity: 10 }), MISSING);
  assert.deepEqual(await change({ quantity: 10, price: 1600, validity: undefined }), MISSING);
  assert.deepEqual(await change({ quantity: 10, price: 1600, orderType: "STOP_LOSS" }), MISSING);
  assert.equal((await change({ quantity: 10, price: 1600 })).orderStatus, "TRANSIT");
});

test("C127 a total of what has filled, or less, is refused", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  for (const quantity of [3, 4]) {
    const body = { ...MODIFY, orderId, quantity, price: 1600 };
    const answer = await box.call("PUT", `/orders/${orderId}`, { body });
    assert.equal(answer.status, 400);
    assert.equal((answer.body as Json).errorCode, "DH-906");
  }
});

test("C128 the 26th modification of an order is refused", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  const orderId = await box.placeWorking();
  for (let count = 1; count <= 25; count++) {
    const body = { ...MODIFY, orderId, quantity: 10, price: 1590 + count * 0.05 };
    assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 200);
  }
  const body = { ...MODIFY, orderId, quantity: 10, price: 1580 };
  const refused = await box.call("PUT", `/orders/${orderId}`, { body });
  assert.equal(refused.status, 400);
  assert.equal((refused.body as Json).errorCode, "DH-906");
});

test("C130 a cancel is acknowledged, then shows in the book with nothing left", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  const answer = await box.call("DELETE", `/orders/${orderId}`);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { orderId, orderStatus: "CANCELLED" });
  await box.reaches(orderId, "CANCELLED");
  const row = await box.row(orderId);
  assert.equal(row.filledQty, 4);
  assert.equal(row.remainingQuantity, 0);
});

test("C131 a fill may win the race against an acknowledged cancel", async (t) => {
  const clock = manualClock(Date.parse("2026-08-05T10:00:00+05:30"));
  const box = await openBox(t, { clock });
  const orderId = await box.place();
  clock.advance(50);
  assert.equal((await box.call("DELETE", `/orders/${orderId}`)).status, 200);
  box.simulator.fill({ orderId });
  clock.advance(1_000);
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
});

test("C132 unknown and finished orders cannot be cancelled or modified", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId });
  for (const id of [orderId, "342260805999999"]) {
    const cancel = await box.call("DELETE", `/orders/${id}`);
    assert.equal(cancel.status, 400);
    assert.deepEqual(cancel.body, INCORRECT);
    const body = { ...MODIFY, orderId: id, quantity: 20, price: 1600 };
    assert.deepEqual((await box.call("PUT", `/orders/${id}`, { body })).body, INCORRECT);
  }
});

test("C133 a cancel is acknowledged with 202 when the switch says so", async (t) => {
  const box = await openBox(t, { switches: { cancelStatus: 202 } });
  const orderId = await box.placeWorking();
  assert.equal((await box.call("DELETE", `/orders/${orderId}`)).status, 202);
});

test("C134 slicing cuts at the freeze quantity and answers one row a slice", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 100_000_000 });
  const body = order({
    exchangeSegment: "NSE_FNO",
    securityId: "52002",
    productType: "MARGIN",
    quantity: 65 * 60,
    price: 300,
  });
  const refused = await box.call("POST", "/orders", { body });
  assert.equal(refused.status, 400);
  const answer = await box.call("POST", "/orders/slicing", { body });
  const slices = answer.body as Json[];
  assert.equal(slices.length, 3);
  const rows = await Promise.all(slices.map(({ orderId }) => box.row(String(orderId))));
  assert.deepEqual(
    rows.map((row) => row.quantity),
    [65 * 27, 65 * 27, 65 * 6],
  );
  assert.equal(new Set(rows.map((row) => row.correlationId)).size, 1);
});

test("C135 an unknown path is answered by the gateway", async (t) => {
  const box = await openBox(t);
  for (const path of ["/forever/all", "/super/orders/a/b", "/orders/a/b"]) {
    const answer = await box.call("GET", path);
    assert.equal(answer.status, 404);
    const { timestamp, ...rest } = answer.body as Json;
    assert.equal(typeof timestamp, "number");
    assert.deepEqual(rest, { status: 404, error: "Not Found", path: `/v2${path}` });
  }
});
