/** After-market orders and the session's gate. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ManualClock, manualClock } from "../../../src/platform/manual-clock.ts";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import { eventually } from "../../eventually.ts";
import { ASHA, type Box, fixture, type Json, openBox, order } from "./wire-client.ts";

const MINUTE_MS = 60_000;
const CLOSED_PLACE = (fixture("error-400-dh-906-market-closed") as Json).body;
const CLOSED_CHANGE = (fixture("error-400-dh-906-market-closed-change") as Json).body;
const QUEUED = { afterMarketOrder: true, amoTime: "OPEN" };
/** A Wednesday evening, and the morning after. */
const EVENING = Date.parse("2026-08-05T20:00:00+05:30");
const MORNING = "2026-08-06T09:14:00+05:30";

interface TimedBox {
  readonly box: Box;
  readonly clock: ManualClock;
}

async function openAtNight(
  t: Parameters<typeof openBox>[0],
  options: SimulatorOptions = {},
): Promise<TimedBox> {
  const clock = manualClock(EVENING);
  const box = await openBox(t, { clock, session: "market-hours", ...options });
  return { box, clock };
}

async function placeQueued({ box, clock }: TimedBox, change: Json = {}): Promise<string> {
  const orderId = await box.place({ ...QUEUED, ...change });
  clock.advance(100);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
  return orderId;
}

test("C520 a queued order is changed and cancelled while the market is closed", async (t) => {
  const timed = await openAtNight(t);
  const { box, clock } = timed;
  const plain = await box.call("POST", "/orders", { body: order() });
  assert.deepEqual(plain.body, CLOSED_PLACE);
  const orderId = await placeQueued(timed);
  const body = { orderType: "LIMIT", validity: "DAY", quantity: 7, price: 1610 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 200);
  clock.advance(100);
  const row = await box.row(orderId);
  assert.deepEqual([row.quantity, row.price, row.exchangeOrderId], [7, 1610, "0"]);
  assert.equal((await box.call("DELETE", `/orders/${orderId}`)).status, 200);
  clock.advance(100);
  assert.equal((await box.row(orderId)).orderStatus, "CANCELLED");
  assert.deepEqual((await box.call("PUT", `/orders/${orderId}`, { body })).body, CLOSED_CHANGE);
  assert.deepEqual((await box.call("DELETE", `/orders/${orderId}`)).body, CLOSED_CHANGE);
});

test("C521 a queued order outlives the night and goes out at the open", async (t) => {
  const timed = await openAtNight(t);
  const { box, clock } = timed;
  const orderId = await placeQueued(timed, { price: 1660 });
  box.simulator.setClock({ now: MORNING });
  clock.advance(30_000);
  assert.equal((await box.row(orderId)).exchangeOrderId, "0");
  clock.advance(40_000);
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
});

test("C522 a day rollover keeps what is queued, finds it by its name, and sends it out", async (t) => {
  const clock = manualClock(EVENING);
  const box = await openBox(t, { clock, session: "closed" });
  const orderId = await placeQueued({ box, clock });
  box.simulator.rollDay({ keepTokens: true });
  const found = await box.call("GET", "/orders/external/cp-7f3a-0001");
  assert.equal((found.body as Json).orderId, orderId);
  assert.equal((await box.row(orderId)).exchangeOrderId, "0");
  box.simulator.setClock({ session: "open" });
  assert.notEqual((await box.row(orderId)).exchangeOrderId, "0");
});

test("C523 a later time of day is kept, and a cancel before it is in time", async (t) => {
  const timed = await openAtNight(t);
  const { box, clock } = timed;
  const kept = await placeQueued(timed, { amoTime: "OPEN_30", correlationId: "a" });
  const dropped = await placeQueued(timed, { amoTime: "OPEN_60", correlationId: "b" });
  box.simulator.setClock({ now: MORNING });
  clock.advance(30 * MINUTE_MS);
  assert.equal((await box.row(kept)).exchangeOrderId, "0");
  clock.advance(2 * MINUTE_MS);
  assert.notEqual((await box.row(kept)).exchangeOrderId, "0");
  assert.equal((await box.call("DELETE", `/orders/${dropped}`)).status, 200);
  clock.advance(60 * MINUTE_MS);
  const row = await box.row(dropped);
  assert.deepEqual([row.orderStatus, row.exchangeOrderId], ["CANCELLED", "0"]);
});

test("C524 an order on its way when the market opens is not left behind", async (t) => {
  const timed = await openAtNight(t, { switches: { transitMs: 5 * MINUTE_MS } });
  const { box, clock } = timed;
  box.simulator.setClock({ now: MORNING });
  const orderId = await box.place({ ...QUEUED, price: 1660 });
  clock.advance(3 * MINUTE_MS);
  assert.equal((await box.row(orderId)).orderStatus, "TRANSIT");
  clock.advance(3 * MINUTE_MS);
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
});

test("C525 frames carry the off-market flag, by hand as over the wire", async (t) => {
  const box = await openBox(t, { session: "closed" });
  const socket = await box.openLoggedIn(t);
  const placed = await box.control("POST", "/orders", {
    clientId: ASHA,
    order: { securityId: "1333", quantity: 10, price: 1600, afterMarketOrder: true },
  });
  const orderId = String((placed.body as Json).orderId);
  await box.reaches(orderId, "PENDING");
  await eventually(() => socket.statuses(orderId).includes("Pending"), { what: "the frame" });
  const frame = socket.frames.find((one) => one.orderNo === orderId);
  assert.equal(frame?.offMktFlag, "1");
  const row = await box.row(orderId);
  assert.equal(row.afterMarketOrder, true);
  assert.equal("amoTime" in row, false);
  const gone = await box.control("DELETE", "/orders", { clientId: ASHA, orderId });
  assert.equal(gone.status, 200);
  await box.reaches(orderId, "CANCELLED");
});

test("C526 in market hours it rests until the next open, or is refused by switch", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking({ ...QUEUED, price: 1660 });
  assert.equal((await box.row(orderId)).exchangeOrderId, "0");
  box.simulator.changeSwitches({ afterMarketInHours: "refuse" });
  const refused = await box.call("POST", "/orders", { body: order(QUEUED) });
  assert.equal((refused.body as Json).errorCode, "DH-906");
});
