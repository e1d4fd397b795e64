/** Forever orders: triggers that rest at the broker, and the ordinary orders that they fire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { ASHA, type Box, type Json, openBox } from "./wire-client.ts";

const HELD = { holdings: [{ instrument: "HDFCBANK", quantity: 100 }] };
const FAST = { switches: { transitMs: 5, changeMs: 5 } };

/** A sell stop below the market of 1650, of delivered units. */
function forever(change: Json = {}): Json {
  return {
    dhanClientId: ASHA,
    correlationId: "fv-0001",
    orderFlag: "SINGLE",
    transactionType: "SELL",
    exchangeSegment: "NSE_EQ",
    productType: "CNC",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 10,
    disclosedQuantity: 0,
    price: 1595,
    triggerPrice: 1600,
    ...change,
  };
}

const OCO = { orderFlag: "OCO", quantity1: 10, price1: 1700, triggerPrice1: 1699 };

async function rowsOf(box: Box): Promise<Json[]> {
  return (await box.call("GET", "/forever/orders")).body as Json[];
}

function legsOf(box: Box, orderId: string) {
  const { forevers = [] } = box.simulator.truth(ASHA)[0] ?? {};
  return forevers.find((one) => one.orderId === orderId)?.legs ?? [];
}

/** Waits in process, without spending requests. */
async function legReaches(box: Box, orderId: string, status: string, leg = 0): Promise<void> {
  const isThere = () => legsOf(box, orderId)[leg]?.status === status;
  await eventually(isThere, { what: `leg ${leg} of ${orderId} ${status}` });
}

async function placeActive(box: Box, change: Json = {}): Promise<string> {
  const answer = await box.call("POST", "/forever/orders", { body: forever(change) });
  assert.equal(answer.status, 200, answer.text);
  const { orderId, orderStatus } = answer.body as Json;
  assert.equal(orderStatus, "PENDING");
  await legReaches(box, String(orderId), "active");
  return String(orderId);
}

test("C500 a single Forever order is one flat row, and no order of the book", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const orderId = await placeActive(box);
  const [row, ...others] = await rowsOf(box);
  assert.equal(others.length, 0);
  assert.equal(row?.orderId, orderId);
  assert.equal(row?.orderType, "SINGLE");
  assert.equal(row?.legName, "ENTRY_LEG");
  assert.equal(row?.orderStatus, "CONFIRM");
  assert.equal(row?.price, 1595);
  assert.equal(row?.triggerPrice, 1600);
  assert.equal("correlationId" in (row ?? {}), false);
  assert.deepEqual((await box.call("GET", "/orders")).body, []);
});

test("C501 an OCO is two rows of one id: the primary set its stop, the other its target", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const orderId = await placeActive(box, OCO);
  const rows = await rowsOf(box);
  assert.deepEqual(
    rows.map((row) => [row.orderId, row.orderType, row.legName, row.triggerPrice]),
    [
      [orderId, "OCO", "STOP_LOSS_LEG", 1600],
      [orderId, "OCO", "TARGET_LEG", 1699],
    ],
  );
});

test("C502 a price at the trigger fires an ordinary order that only the socket traces back", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const socket = await box.openLoggedIn(t);
  const orderId = await placeActive(box);
  box.simulator.setPrice("HDFCBANK", 1600.05);
  assert.equal(legsOf(box, orderId)[0]?.status, "active");
  box.simulator.setPrice("HDFCBANK", 1600);
  const childId = String(legsOf(box, orderId)[0]?.childOrderId);
  await box.reaches(childId, "TRADED");
  assert.equal((await rowsOf(box))[0]?.orderStatus, "TRIGGERED");
  const row = await box.row(childId);
  assert.equal(row.correlationId, "NR");
  assert.equal(row.quantity, 10);
  assert.equal(row.price, 1595);
  assert.equal(row.legName, "NA");
  assert.equal(JSON.stringify(row).includes(orderId), false);
  await eventually(() => socket.statuses(childId).includes("Traded"), { what: "the frame" });
  const frame = socket.frames.find((one) => one.orderNo === childId);
  assert.equal(frame?.orderPlatform, "FOVR");
  assert.equal(frame?.algoOrdNo, Number(orderId));
  assert.equal(frame?.correlationId, "NR");
  assert.equal(frame?.legNo, 1);
  assert.deepEqual(socket.statuses(orderId), []);
});

test("C503 a trigger above the market fires when the price has risen to it", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const target = await placeActive(box, { triggerPrice: 1699, price: 1700 });
  const buy = await placeActive(box, { transactionType: "BUY", triggerPrice: 1690, price: 1695 });
  box.simulator.setPrice("HDFCBANK", 1600);
  assert.equal(legsOf(box, target)[0]?.status, "active");
  box.simulator.setPrice("HDFCBANK", 1698);
  assert.equal(legsOf(box, buy)[0]?.status, "fired");
  assert.equal(legsOf(box, target)[0]?.status, "active");
  box.simulator.setPrice("HDFCBANK", 1699);
  const childId = String(legsOf(box, target)[0]?.childOrderId);
  await box.reaches(childId, "PENDING");
  assert.equal((await box.row(childId)).averageTradedPrice, 0);
});

test("C504 the half of an OCO that fires cancels the other", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const orderId = await placeActive(box, OCO);
  box.simulator.setPrice("HDFCBANK", 1699);
  const rows = await rowsOf(box);
  assert.deepEqual(
    rows.map((row) => row.orderStatus),
    ["CANCELLED", "TRIGGERED"],
  );
  box.simulator.setPrice("HDFCBANK", 1590);
  assert.equal(legsOf(box, orderId)[0]?.childOrderId, null);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 1);
});

test("C505 a leg is modified under its listed name alone, with all of its terms", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const orderId = await placeActive(box, OCO);
  const change = {
    dhanClientId: ASHA,
    orderId,
    orderFlag: "OCO",
    orderType: "LIMIT",
    legName: "TARGET_LEG",
    quantity: 8,
    price: 1681,
    disclosedQuantity: 0,
    triggerPrice: 1680,
    validity: "DAY",
  };
  const path = `/forever/orders/${orderId}`;
  const wrongName = { ...change, legName: "ENTRY_LEG" };
  assert.equal((await box.call("PUT", path, { body: wrongName })).status, 400);
  const wrongFlag = { ...change, orderFlag: "SINGLE" };
  assert.equal((await box.call("PUT", path, { body: wrongFlag })).status, 400);
  const { triggerPrice: _, ...incomplete } = change;
  const refused = await box.call("PUT", path, { body: incomplete });
  assert.equal((refused.body as Json).errorCode, "DH-905");
  const zero = await box.call("PUT", path, { body: { ...change, price: 0 } });
  assert.equal((zero.body as Json).errorCode, "DH-905");
  const taken = await box.call("PUT", path, { body: change });
  assert.deepEqual(taken.body, { orderId, orderStatus: "PENDING" });
  await eventually(() => legsOf(box, orderId)[1]?.triggerPrice === 1680, { what: "the change" });
  const [stop, target] = await rowsOf(box);
  assert.deepEqual([stop?.triggerPrice, stop?.quantity], [1600, 10]);
  assert.deepEqual([target?.triggerPrice, target?.quantity, target?.price], [1680, 8, 1681]);
});

test("C506 a cancel ends all of it, and a second one is refused", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const orderId = await placeActive(box, OCO);
  const path = `/forever/orders/${orderId}`;
  const answer = await box.call("DELETE", path);
  assert.deepEqual(answer.body, { orderId, orderStatus: "CANCELLED" });
  await legReaches(box, orderId, "cancelled");
  await legReaches(box, orderId, "cancelled", 1);
  assert.equal((await box.call("DELETE", path)).status, 400);
  assert.equal((await box.call("DELETE", "/forever/orders/342000000000001")).status, 400);
  box.simulator.setPrice("HDFCBANK", 1590);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 0);
});

test("C507 a trigger that fires before a cancel takes effect has fired", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 5, changeMs: 500 } }, HELD);
  const orderId = await placeActive(box);
  assert.equal((await box.call("DELETE", `/forever/orders/${orderId}`)).status, 200);
  box.simulator.setPrice("HDFCBANK", 1600);
  assert.equal(legsOf(box, orderId)[0]?.status, "fired");
});

test("C508 the risk check may refuse a Forever order after it was taken", async (t) => {
  const box = await openBox(t, FAST, HELD);
  box.simulator.addFault({
    kind: "reject-later",
    text: "RMS:{orderId}:Trade to trade scrip",
    afterMs: 5,
    match: { path: "forever-place" },
    count: 1,
  });
  const answer = await box.call("POST", "/forever/orders", { body: forever() });
  const { orderId } = answer.body as Json;
  await legReaches(box, String(orderId), "rejected");
  assert.equal((await rowsOf(box))[0]?.orderStatus, "REJECTED");
});

test("C509 the order that is fired may be rejected; its trigger has fired all the same", async (t) => {
  const box = await openBox(t, FAST);
  const orderId = await placeActive(box);
  box.simulator.setPrice("HDFCBANK", 1600);
  const childId = String(legsOf(box, orderId)[0]?.childOrderId);
  await box.reaches(childId, "REJECTED");
  assert.match(String((await box.row(childId)).omsErrorDescription), /sell more than/);
  assert.equal((await rowsOf(box))[0]?.orderStatus, "TRIGGERED");
});

test("C510 it outlives the day, is taken while the market is closed, and fires at the open", async (t) => {
  const box = await openBox(t, { ...FAST, session: "closed" }, HELD);
  const orderId = await placeActive(box);
  box.simulator.rollDay({ keepTokens: true });
  box.simulator.setPrice("HDFCBANK", 1590);
  assert.equal(legsOf(box, orderId)[0]?.status, "active");
  box.simulator.setClock({ session: "open" });
  assert.equal(legsOf(box, orderId)[0]?.status, "fired");
});

test("C511 what has ended drops off the list after a while, and at the night", async (t) => {
  const box = await openBox(
    t,
    { switches: { transitMs: 5, changeMs: 5, foreverKeepMs: 60 } },
    HELD,
  );
  const orderId = await placeActive(box);
  await box.call("DELETE", `/forever/orders/${orderId}`);
  await legReaches(box, orderId, "cancelled");
  await eventually(async () => (await rowsOf(box)).length === 0, { what: "the row to go" });
  box.simulator.rollDay({ keepTokens: true });
  assert.equal(legsOf(box, orderId)[0]?.status, "cancelled");
});

test("C512 bad fields are refused with DH-905, intraday products among them", async (t) => {
  const box = await openBox(t, FAST, { ...HELD, limits: "off" });
  const bad: Json[] = [
    { orderFlag: "TWICE" },
    { productType: "INTRADAY" },
    { productType: "MARGIN" },
    { orderType: "STOP_LOSS" },
    { triggerPrice: 0 },
    { price: 0 },
    { price: 1595.02 },
    { triggerPrice: 1600.02 },
    { orderFlag: "OCO" },
    { ...OCO, price1: 0 },
    { correlationId: "T".repeat(26) },
    { dhanClientId: "1100000099" },
    { securityId: "999999" },
  ];
  for (const change of bad) {
    const answer = await box.call("POST", "/forever/orders", { body: forever(change) });
    assert.equal(answer.status, 400, JSON.stringify(change));
    assert.equal((answer.body as Json).errorCode, "DH-905", JSON.stringify(change));
  }
  const market = forever({ orderType: "MARKET", price: 0 });
  assert.equal((await box.call("POST", "/forever/orders", { body: market })).status, 200);
});

test("C513 writes count as order requests and need a registered address; the list does not", async (t) => {
  const box = await openBox(t, { switches: { ...FAST.switches, staticIp: true } }, HELD);
  const refused = await box.call("POST", "/forever/orders", { body: forever() });
  assert.match(refused.text, /Invalid IP/);
  assert.equal((await box.call("GET", "/forever/orders")).status, 200);
  for (let count = 1; count < 10; count++) await box.call("DELETE", "/forever/orders/1");
  assert.equal((await box.call("DELETE", "/forever/orders/1")).status, 429);
  assert.equal((await box.call("GET", "/forever/all")).status, 404);
});

test("C514 by hand it goes the wire's way, and a change keeps what it does not name", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const placed = await box.control("POST", "/forever", {
    clientId: ASHA,
    order: { securityId: "1333", quantity: 10, price: 1605, triggerPrice: 1600 },
  });
  const orderId = String((placed.body as Json).orderId);
  await legReaches(box, orderId, "active");
  const changes = { triggerPrice: 1590 };
  const changed = await box.control("PUT", "/forever", { clientId: ASHA, orderId, changes });
  assert.equal(changed.status, 200, changed.text);
  await eventually(() => legsOf(box, orderId)[0]?.triggerPrice === 1590, { what: "the change" });
  assert.equal((await rowsOf(box))[0]?.price, 1605);
  assert.equal((await box.control("DELETE", "/forever", { clientId: ASHA, orderId })).status, 200);
  await legReaches(box, orderId, "cancelled");
});

test("C515 leg names, statuses and frames of the parent follow their switches", async (t) => {
  const switches = {
    ...FAST.switches,
    foreverSingleLeg: "STOP_LOSS_LEG",
    foreverActiveStatus: "PENDING",
    foreverFiredStatus: "TRADED",
    foreverFrames: "on",
    foreverChildId: "NA",
  } as const;
  const box = await openBox(t, { switches }, HELD);
  const socket = await box.openLoggedIn(t);
  const orderId = await placeActive(box);
  const [row] = await rowsOf(box);
  assert.deepEqual([row?.legName, row?.orderStatus], ["STOP_LOSS_LEG", "PENDING"]);
  await eventually(() => socket.statuses(orderId).includes("Pending"), { what: "a frame" });
  const frame = socket.frames.find((one) => one.orderNo === orderId);
  assert.deepEqual([frame?.orderPlatform, frame?.algoOrdNo], ["FOVR", null]);
  box.simulator.setPrice("HDFCBANK", 1600);
  const childId = String(legsOf(box, orderId)[0]?.childOrderId);
  await box.reaches(childId, "TRADED");
  assert.equal((await box.row(childId)).correlationId, "NA");
  assert.equal((await rowsOf(box))[0]?.orderStatus, "TRADED");
});
