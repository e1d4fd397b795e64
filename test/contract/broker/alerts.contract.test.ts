/** Conditional alerts, and several orders in one request. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ASHA, type Box, type Json, openBox } from "./wire-client.ts";

const FAST = { switches: { transitMs: 5, changeMs: 5 } };

/** When HDFCBANK (1650) comes to 1660, buy ITC. */
function alert(condition: Json = {}, orders: readonly Json[] = [buy()]): Json {
  return {
    dhanClientId: ASHA,
    condition: {
      comparisonType: "PRICE_WITH_VALUE",
      exchangeSegment: "NSE_EQ",
      securityId: "1333",
      operator: "CROSSING_UP",
      comparingValue: 1660,
      frequency: "ONCE",
      ...condition,
    },
    orders,
  };
}

/** Prices are texts here, and the disclosed quantity has another name. */
function buy(change: Json = {}): Json {
  return {
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    securityId: "1660",
    quantity: 5,
    validity: "DAY",
    price: "405.00",
    discQuantity: "0",
    triggerPrice: "0",
    ...change,
  };
}

async function place(box: Box, body: Json = alert()): Promise<string> {
  const answer = await box.call("POST", "/alerts/orders", { body });
  assert.equal(answer.status, 200, answer.text);
  const { alertId, alertStatus } = answer.body as Json;
  assert.equal(alertStatus, "ACTIVE");
  return String(alertId);
}

async function rowOf(box: Box, alertId: string): Promise<Json> {
  return (await box.call("GET", `/alerts/orders/${alertId}`)).body as Json;
}

test("C540 an alert fires once, as plain orders that say nothing of it", async (t) => {
  const box = await openBox(t, FAST);
  const alertId = await place(box, alert({}, [buy(), buy({ quantity: 7 })]));
  box.simulator.setPrice("HDFCBANK", 1659);
  assert.equal((await rowOf(box, alertId)).triggeredTime, null);
  box.simulator.setPrice("HDFCBANK", 1661);
  const row = await rowOf(box, alertId);
  assert.equal(row.alertStatus, "TRIGGERED");
  assert.match(String(row.triggeredTime), /Z$/);
  box.simulator.setPrice("HDFCBANK", 1659);
  box.simulator.setPrice("HDFCBANK", 1661);
  const rows = (await box.call("GET", "/orders")).body as Json[];
  assert.deepEqual(
    rows.map((one) => [one.quantity, one.price, one.tradingSymbol]),
    [
      [5, 405, "ITC"],
      [7, 405, "ITC"],
    ],
  );
  assert.equal(JSON.stringify(rows).includes(alertId), false);
});

test("C541 conditions on indicators and indices are kept and never fire", async (t) => {
  const box = await openBox(t, FAST);
  const technical = { comparisonType: "TECHNICAL_WITH_VALUE", indicatorName: "RSI_14" };
  await place(box, alert({ ...technical, timeFrame: "DAY", comparingValue: 30 }));
  await place(box, alert({ exchangeSegment: "IDX_I", securityId: "13" }));
  box.simulator.setPrice("HDFCBANK", 1700);
  const rows = (await box.call("GET", "/alerts/orders")).body as Json[];
  assert.deepEqual(
    rows.map((row) => row.alertStatus),
    ["ACTIVE", "ACTIVE"],
  );
});

test("C542 an alert is replaced and cancelled; an unknown one is DH-907", async (t) => {
  const box = await openBox(t, FAST);
  const alertId = await place(box);
  const path = `/alerts/orders/${alertId}`;
  const body = { ...alert({ operator: "LESS_THAN", comparingValue: 1600 }), alertId };
  const changed = await box.call("PUT", path, { body });
  assert.deepEqual(changed.body, { alertId, alertStatus: "ACTIVE" });
  box.simulator.setPrice("HDFCBANK", 1661);
  assert.equal((await rowOf(box, alertId)).alertStatus, "ACTIVE");
  const gone = await box.call("DELETE", path);
  assert.deepEqual(gone.body, { alertId, alertStatus: "CANCELLED" });
  box.simulator.setPrice("HDFCBANK", 1590);
  assert.deepEqual((await box.call("GET", "/orders")).body, []);
  for (const [method, at] of [
    ["DELETE", path],
    ["DELETE", "/alerts/orders/1"],
    ["GET", "/alerts/orders/1"],
  ] as const) {
    const missing = await box.call(method, at);
    assert.equal(missing.status, 400);
    assert.equal((missing.body as Json).errorMessage, "Requested alert order not found");
  }
});

test("C543 an alert outlives the day and ends with its date", async (t) => {
  const box = await openBox(t, FAST);
  box.simulator.setClock({ now: "2026-08-05T10:00:00+05:30" });
  const short = await place(box, alert({ expDate: "2026-08-05" }));
  const long = await place(box);
  box.simulator.rollDay({ keepTokens: true });
  assert.equal((await rowOf(box, short)).alertStatus, "EXPIRED");
  assert.equal((await rowOf(box, long)).alertStatus, "ACTIVE");
});

test("C544 bad conditions and orders are refused with DH-905", async (t) => {
  const box = await openBox(t, FAST, { limits: "off" });
  const bad: Json[] = [
    alert({ comparisonType: "MOOD" }),
    alert({ comparingValue: undefined }),
    alert({ operator: "NEAR" }),
    alert({ exchangeSegment: "NSE_FNO" }),
    alert({ securityId: "999999" }),
    alert({ frequency: "ALWAYS" }),
    alert({ expDate: "tomorrow" }),
    alert({ comparisonType: "TECHNICAL_WITH_CLOSE" }),
    alert({}, []),
    alert(
      {},
      Array.from({ length: 16 }, () => buy()),
    ),
    alert({}, [buy({ price: "dear" })]),
    { dhanClientId: ASHA },
  ];
  for (const body of bad) {
    const answer = await box.call("POST", "/alerts/orders", { body });
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal((answer.body as Json).errorCode, "DH-905", JSON.stringify(body));
  }
});

test("C545 several orders in one request go their own ways", async (t) => {
  const box = await openBox(t, FAST);
  const multi = (sequence: string, change: Json = {}) => {
    const { discQuantity: _, ...plain } = buy({ price: 405, triggerPrice: 0, ...change });
    return { ...plain, sequence, disclosedQuantity: 0, afterMarketOrder: false };
  };
  const orders = [
    multi("1", { correlationId: "a".repeat(30) }),
    multi("2", { securityId: "999999" }),
    multi("3"),
  ];
  const body = { dhanClientId: ASHA, orders };
  const answer = await box.call("POST", "/alerts/multi/orders", { body });
  const rows = (answer.body as { orders: Json[] }).orders;
  assert.deepEqual(
    rows.map((row) => [row.sequence, row.orderStatus]),
    [
      ["1", "TRANSIT"],
      ["2", "REJECTED"],
      ["3", "TRANSIT"],
    ],
  );
  await box.reaches(String(rows[2]?.orderId), "PENDING");
  const bracket = { dhanClientId: ASHA, orders: [multi("1", { productType: "BO" })] };
  const refused = await box.call("POST", "/alerts/multi/orders", { body: bracket });
  assert.equal((refused.body as Json).errorCode, "DH-905");
});
