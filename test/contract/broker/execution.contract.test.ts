/** How orders trade, rest, wake, are rejected and expire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { ASHA, fixture, type Json, openBox, order } from "./wire-client.ts";

test("C140 a marketable limit order takes the last price at once", async (t) => {
  const box = await openBox(t);
  const orderId = await box.place({ price: 1660 });
  await box.reaches(orderId, "TRADED");
  const row = await box.row(orderId);
  assert.equal(row.averageTradedPrice, 1650);
  assert.equal(row.omsErrorDescription, "TRADE CONFIRMED");
  assert.equal(row.filledQty, 10);
});

test("C141 a resting order trades at its own limit when the price comes through it", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.setPrice("HDFCBANK", 1590);
  assert.equal((await box.row(orderId)).averageTradedPrice, 1600.5);
});

test("C142 little liquidity fills in parts, one price event after the other", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  box.simulator.setLiquidity("HDFCBANK", 4);
  box.simulator.setPrice("HDFCBANK", 1600);
  assert.equal((await box.row(orderId)).orderStatus, "PART_TRADED");
  assert.equal((await box.row(orderId)).filledQty, 4);
  box.simulator.setPrice("HDFCBANK", 1600);
  box.simulator.setPrice("HDFCBANK", 1600);
  const row = await box.row(orderId);
  assert.equal(row.orderStatus, "TRADED");
  const trades = (await box.call("GET", `/trades/${orderId}`)).body as Json[];
  assert.deepEqual(
    trades.map((trade) => trade.tradedQuantity),
    [4, 4, 2],
  );
});

test("C143 a MARKET order becomes a protected limit and may rest", async (t) => {
  const box = await openBox(t);
  box.simulator.setLiquidity("HDFCBANK", 4);
  const orderId = await box.place({ orderType: "MARKET", price: 0 });
  await box.reaches(orderId, "PART_TRADED");
  const row = await box.row(orderId);
  assert.equal(row.orderType, "LIMIT");
  assert.equal(row.price, 1658.25);
  assert.equal(row.averageTradedPrice, 1650);
  assert.equal(row.remainingQuantity, 6);
});

test("C144 the protection's width is a switch, and raw market orders another", async (t) => {
  const box = await openBox(t, { switches: { protectionBps: 100 } });
  const sell = await box.place({ orderType: "MARKET", price: 0, transactionType: "SELL" });
  assert.equal((await box.row(sell)).price, 1633.5);
  box.simulator.changeSwitches({ marketOrders: "raw" });
  const raw = await box.place({ orderType: "MARKET", price: 0 });
  await box.reaches(raw, "TRADED");
  const row = await box.row(raw);
  assert.equal(row.orderType, "MARKET");
  assert.equal(row.price, 0);
});

test("C145 a stop waits as PENDING until the price touches its trigger", async (t) => {
  const box = await openBox(t);
  const stop = { orderType: "STOP_LOSS", transactionType: "SELL" };
  const orderId = await box.placeWorking({ ...stop, triggerPrice: 1640, price: 1635 });
  box.simulator.setPrice("HDFCBANK", 1641);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
  box.simulator.setPrice("HDFCBANK", 1639);
  const row = await box.row(orderId);
  assert.equal(row.orderStatus, "TRADED");
  assert.equal(row.averageTradedPrice, 1639);
});

test("C146 a stop that wakes beyond its limit rests as a limit order", async (t) => {
  const box = await openBox(t);
  const stop = { orderType: "STOP_LOSS", transactionType: "SELL" };
  const orderId = await box.placeWorking({ ...stop, triggerPrice: 1640, price: 1635 });
  box.simulator.setPrice("HDFCBANK", 1630);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
  box.simulator.setPrice("HDFCBANK", 1636);
  assert.equal((await box.row(orderId)).averageTradedPrice, 1635);
});

test("C147 a selling stop needs its trigger above its price", async (t) => {
  const box = await openBox(t);
  const body = order({
    orderType: "STOP_LOSS",
    transactionType: "SELL",
    triggerPrice: 1630,
    price: 1635,
  });
  const answer = await box.call("POST", "/orders", { body });
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.body, (fixture("error-400-dh-906-trigger-above-price") as Json).body);
});

test("C148 a stop-loss market order does not rest as a stop", async (t) => {
  const box = await openBox(t);
  const change = { orderType: "STOP_LOSS_MARKET", price: 0, triggerPrice: 1700 };
  const orderId = await box.place(change);
  await box.reaches(orderId, "TRADED");
  box.simulator.changeSwitches({ stopLossMarket: "refuse" });
  const refused = await box.call("POST", "/orders", { body: order(change) });
  assert.equal((refused.body as Json).errorCode, "DH-906");
});

test("C149 what an IOC order cannot trade at once is cancelled", async (t) => {
  const box = await openBox(t);
  box.simulator.setLiquidity("HDFCBANK", 4);
  const orderId = await box.place({ validity: "IOC", price: 1650 });
  await box.reaches(orderId, "CANCELLED");
  const row = await box.row(orderId);
  assert.equal(row.filledQty, 4);
  assert.equal(row.remainingQuantity, 0);
});

test("C150 insufficient funds reject after acceptance, in the book", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 3_000 });
  const orderId = await box.place();
  await box.reaches(orderId, "REJECTED");
  const row = await box.row(orderId);
  assert.equal(
    row.omsErrorDescription,
    `RMS:${orderId}:You have insufficient funds. Please add Rs.201.00 to trade.`,
  );
  assert.equal(row.omsErrorCode, "0");
  assert.equal(row.remainingQuantity, 0);
});

test("C151 a price outside the circuit is rejected after acceptance", async (t) => {
  const box = await openBox(t);
  const orderId = await box.place({ price: 1000 });
  await box.reaches(orderId, "REJECTED");
  assert.equal(
    (await box.row(orderId)).omsErrorDescription,
    `RMS:${orderId}:Order Price needs to be Circuit Limits of 1320.00 to 1980.00`,
  );
});

test("C152 selling more than is held is rejected after acceptance", async (t) => {
  const holdings = [{ instrument: "HDFCBANK", quantity: 5 }];
  const box = await openBox(t, {}, { holdings });
  const sell = { transactionType: "SELL", productType: "CNC", price: 1650 };
  const tooMany = await box.place({ ...sell, quantity: 6 });
  await box.reaches(tooMany, "REJECTED");
  assert.equal(
    (await box.row(tooMany)).omsErrorDescription,
    `RMS:${tooMany}:You are trying to sell more than the quantity you currently hold.`,
  );
  await box.reaches(await box.place({ ...sell, quantity: 5 }), "TRADED");
  await box.reaches(await box.place({ ...sell, quantity: 1 }), "REJECTED");
});

test("C153 while the market is closed orders are refused with the two texts", async (t) => {
  const box = await openBox(t, { session: "closed" });
  const place = await box.call("POST", "/orders", { body: order() });
  assert.equal(place.status, 400);
  assert.deepEqual(place.body, (fixture("error-400-dh-906-market-closed") as Json).body);
  const cancel = await box.call("DELETE", "/orders/342260805000001");
  assert.equal((cancel.body as Json).errorCode, "DH-906");
  box.simulator.setClock({ session: "open" });
  const orderId = await box.placeWorking();
  box.simulator.setClock({ session: "closed" });
  assert.equal((await box.row(orderId)).orderStatus, "EXPIRED");
  const changed = (fixture("error-400-dh-906-market-closed-change") as Json).body;
  const body = { orderType: "LIMIT", validity: "DAY", quantity: 5, price: 1600 };
  assert.deepEqual((await box.call("PUT", `/orders/${orderId}`, { body })).body, changed);
});

test("C154 an after-market order waits without exchange number until the open", async (t) => {
  const box = await openBox(t, { session: "closed" });
  const orderId = await box.placeWorking({ afterMarketOrder: true, amoTime: "OPEN", price: 1660 });
  const waiting = await box.row(orderId);
  assert.equal(waiting.exchangeOrderId, "0");
  assert.equal(waiting.exchangeTime, "0001-01-01 00:00:00");
  assert.equal(waiting.afterMarketOrder, true);
  box.simulator.setPrice("HDFCBANK", 1655);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
  box.simulator.setClock({ session: "open" });
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
});

test("C155 the market's hours decide when the session follows the clock", async (t) => {
  const box = await openBox(t, { session: "market-hours" });
  box.simulator.setClock({ now: "2026-08-05T15:29:00+05:30" });
  const orderId = await box.placeWorking();
  box.simulator.setClock({ now: "2026-08-05T15:30:00+05:30" });
  assert.equal((await box.row(orderId)).orderStatus, "EXPIRED");
  box.simulator.setClock({ now: "2026-08-08T11:00:00+05:30" });
  const saturday = await box.call("POST", "/orders", { body: order() });
  assert.equal(saturday.status, 400);
});

test("C156 a modification that the risk check refuses leaves the old terms standing", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 4_000 });
  const socket = await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  const body = { orderType: "LIMIT", validity: "DAY", quantity: 20, price: 1600 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 200);
  const last = await eventually(
    () => socket.frames.find((frame) => String(frame.reasonDescription).startsWith("RMS:")),
    { what: "the reason in a frame" },
  );
  assert.equal(last.status, "Pending");
  assert.equal((await box.row(orderId)).quantity, 10);
});

test("C157 orders of several accounts share the liquidity by price, then by age", async (t) => {
  const box = await openBox(t, {
    accounts: [{ clientId: "1100000002", accessToken: "token-of-ravi" }],
  });
  const first = await box.placeWorking();
  const ravis = order({ dhanClientId: "1100000002", price: 1601 });
  const { body } = await box.call("POST", "/orders", { token: "token-of-ravi", body: ravis });
  const better = String((body as Json).orderId);
  await box.reaches(better, "PENDING");
  box.simulator.setLiquidity("HDFCBANK", 12);
  box.simulator.setPrice("HDFCBANK", 1600);
  const [asha, ravi] = box.simulator.truth();
  assert.equal(ravi?.orders[0]?.row.filledQty, 10);
  assert.equal(asha?.orders[0]?.orderId, first);
  assert.equal(asha?.orders[0]?.row.filledQty, 2);
  assert.equal(asha?.clientId, ASHA);
});
