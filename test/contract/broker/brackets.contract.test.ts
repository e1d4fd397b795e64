/** BO and CO, where the broker is told to take them, and groups that a person changes in the app. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { groupReaches, lastMoment, legRow, netOf, placeFilled, superRow } from "./group-client.ts";
import { ASHA, type Box, type Json, openBox, order } from "./wire-client.ts";

const BO = { productType: "BO", price: 1650, boProfitValue: 30, boStopLossValue: 20 };
const CO = { productType: "CO", price: 1650, triggerPrice: 1630 };

async function bracketBox(t: Parameters<typeof openBox>[0], switches: Json = {}): Promise<Box> {
  return openBox(t, { switches: { brackets: "legacy", ...switches } });
}

async function rowsByLeg(box: Box): Promise<Readonly<Record<string, Json>>> {
  const { body } = await box.call("GET", "/orders");
  return Object.fromEntries((body as Json[]).map((row) => [String(row.legName), row]));
}

test("C380 a BO fills into a position of its own, with a leg on either side", async (t) => {
  const box = await bracketBox(t);
  const orderId = await box.place(BO);
  await box.reaches(orderId, "TRADED");
  const { ENTRY_LEG: entry, TARGET_LEG: target, STOP_LOSS_LEG: stop } = await rowsByLeg(box);
  assert.deepEqual([entry?.orderId, entry?.productType], [orderId, "BO"]);
  assert.deepEqual([entry?.boProfitValue, entry?.boStopLossValue], [30, 20]);
  assert.equal(stop?.correlationId, "cp-7f3a-0001");
  const found = (await box.call("GET", "/orders/external/cp-7f3a-0001")).body as Json;
  assert.equal(found.orderId, orderId);
  assert.deepEqual([target?.price, target?.productType], [1680, "BO"]);
  assert.deepEqual([stop?.triggerPrice, stop?.productType], [1630, "BO"]);
  const [position] = (await box.call("GET", "/positions")).body as Json[];
  assert.deepEqual([position?.productType, position?.netQty], ["BO", 10]);
  assert.deepEqual((await box.call("GET", "/super/orders")).body, []);
  box.simulator.setPrice("HDFCBANK", 1680);
  assert.equal((await legRow(box, "STOP_LOSS_LEG")).orderStatus, "CANCELLED");
  assert.equal(await netOf(box), 0);
});

test("C381 a BO's frames say B, leg number and parent, with plain statuses", async (t) => {
  const box = await bracketBox(t);
  const { frames } = await box.openLoggedIn(t);
  const orderId = await box.place(BO);
  const legs = () => frames.filter((frame) => frame.legNo !== 1);
  await eventually(() => legs().length === 2, { what: "both legs" });
  assert.deepEqual(
    legs().map((frame) => [frame.legNo, frame.product, frame.status, frame.algoOrdNo]),
    [
      [2, "B", "Pending", Number(orderId)],
      [3, "B", "Pending", Number(orderId)],
    ],
  );
  assert.deepEqual([frames[0]?.product, frames[0]?.algoOrdNo, frames[0]?.legNo], ["B", null, 1]);
});

test("C382 a CO has a stop and no target; where its row shows it is a switch", async (t) => {
  const shown = { trigger: [1630, 0], distance: [0, 20], "leg-only": [0, 0] } as const;
  for (const [coStop, expected] of Object.entries(shown)) {
    const box = await bracketBox(t, { coStop });
    await box.reaches(await box.place(CO), "TRADED");
    const { ENTRY_LEG: entry, STOP_LOSS_LEG: stop, TARGET_LEG: target } = await rowsByLeg(box);
    assert.deepEqual([entry?.triggerPrice, entry?.boStopLossValue], expected, coStop);
    assert.equal(stop?.triggerPrice, 1630);
    assert.equal(target, undefined);
    box.simulator.setPrice("HDFCBANK", 1630);
    assert.equal(await netOf(box), 0);
  }
});

test("C383 a CO takes its stop as a distance, too", async (t) => {
  const box = await bracketBox(t);
  await box.reaches(await box.place({ ...CO, triggerPrice: 0, boStopLossValue: 15 }), "TRADED");
  assert.equal((await legRow(box, "STOP_LOSS_LEG")).triggerPrice, 1635);
});

test("C384 without their exits, or queued for the open, BO and CO are refused", async (t) => {
  const box = await bracketBox(t);
  const bad = [
    { ...BO, boStopLossValue: 0 },
    { ...BO, boProfitValue: null },
    { ...CO, triggerPrice: 0 },
    { ...CO, triggerPrice: 1660 },
    { ...BO, afterMarketOrder: true, amoTime: "OPEN" },
  ];
  for (const change of bad) {
    const answer = await box.call("POST", "/orders", { body: order(change) });
    assert.equal((answer.body as Json).errorCode, "DH-905", JSON.stringify(change));
  }
});

test("C385 a leg is changed by the entry's id and its name, or by its own id", async (t) => {
  const box = await bracketBox(t);
  const orderId = await box.place(BO);
  await box.reaches(orderId, "TRADED");
  const terms = { orderType: "LIMIT", validity: "DAY", quantity: 10 };
  const target = { ...terms, legName: "TARGET_LEG", price: 1690 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body: target })).status, 200);
  const stopId = (await legRow(box, "STOP_LOSS_LEG")).orderId;
  const stop = { ...terms, orderType: "STOP_LOSS", price: 1624, triggerPrice: 1625 };
  assert.equal((await box.call("PUT", `/orders/${stopId}`, { body: stop })).status, 200);
  await groupReaches(box, orderId, "both levels", (moment) => {
    return moment.target?.price === 1690 && moment.stop?.price === 1625;
  });
  assert.equal((await legRow(box, "TARGET_LEG")).price, 1690);
});

test("C386 a leg is cancelled by its own id, an entry before its fill with all of it", async (t) => {
  const box = await bracketBox(t);
  const orderId = await box.place(BO);
  await box.reaches(orderId, "TRADED");
  const targetId = (await legRow(box, "TARGET_LEG")).orderId;
  assert.equal((await box.call("DELETE", `/orders/${targetId}`)).status, 200);
  await groupReaches(box, orderId, "no target", (moment) => moment.target?.status === "cancelled");
  assert.equal(lastMoment(box, orderId)?.stop?.status, "working");
  const resting = await box.placeWorking({ ...BO, price: 1600 });
  assert.equal((await box.call("DELETE", `/orders/${resting}`)).status, 200);
  await box.reaches(resting, "CANCELLED");
  assert.equal(lastMoment(box, resting)?.stop?.status, "cancelled");
});

test("C387 exit-all sends a BO out through its own stop leg", async (t) => {
  const box = await bracketBox(t);
  await box.reaches(await box.place(BO), "TRADED");
  assert.equal((await box.call("DELETE", "/positions")).status, 200);
  const stop = await legRow(box, "STOP_LOSS_LEG");
  assert.deepEqual([stop.orderStatus, stop.averageTradedPrice], ["TRADED", 1650]);
  assert.equal(((await box.call("GET", "/orders")).body as Json[]).length, 3);
  assert.equal(await netOf(box), 0);
});

test("C388 by hand BO and CO are taken whatever the API does", async (t) => {
  const box = await openBox(t);
  const reply = box.simulator.placeByHand(ASHA, { securityId: "1333", quantity: 10, ...BO });
  assert.equal(reply.status, 200);
  const { orderId } = reply.body as Json;
  await box.reaches(String(orderId), "TRADED");
  const row = await box.row(String(orderId));
  assert.deepEqual([row.correlationId, row.legName, row.productType], ["NA", "ENTRY_LEG", "BO"]);
});

test("C389 closing a group in the app turns its stop into a market order", async (t) => {
  const box = await bracketBox(t);
  const orderId = await box.place(BO);
  await box.reaches(orderId, "TRADED");
  const stopId = (await legRow(box, "STOP_LOSS_LEG")).orderId;
  const answer = await box.control("POST", "/exit-group", { clientId: ASHA, orderId });
  assert.deepEqual(answer.body, { orderId: stopId, orderStatus: "TRADED" });
  const { STOP_LOSS_LEG: stop, TARGET_LEG: target } = await rowsByLeg(box);
  assert.deepEqual([stop?.orderType, stop?.averageTradedPrice], ["LIMIT", 1650]);
  assert.equal(target?.orderStatus, "CANCELLED");
  assert.equal(await netOf(box), 0);
  const again = await box.control("POST", "/exit-group", { clientId: ASHA, orderId });
  assert.equal(again.status, 400);
});

test("C390 a person changes and cancels legs by hand", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  const who = { clientId: ASHA, orderId };
  const stop = { leg: "STOP_LOSS_LEG", changes: { stopLossPrice: 1625 } };
  assert.equal((await box.control("PUT", "/orders", { ...who, ...stop })).status, 200);
  await groupReaches(box, orderId, "the stop", (moment) => moment.stop?.price === 1625);
  const targetId = lastMoment(box, orderId)?.target?.orderId;
  const cancel = await box.control("DELETE", "/orders", { clientId: ASHA, orderId: targetId });
  assert.equal(cancel.status, 200);
  await groupReaches(box, orderId, "no target", (moment) => moment.target?.status === "cancelled");
  const left = await box.control("DELETE", "/orders", { ...who, leg: "STOP_LOSS_LEG" });
  assert.equal(left.status, 200);
  await groupReaches(box, orderId, "a naked entry", (moment) => moment.unprotected === 10);
  assert.equal((await superRow(box, orderId)).orderStatus, "TRADED");
});

test("C391 an entry that a person changes keeps what is not told", async (t) => {
  const box = await openBox(t);
  const fields = { securityId: "1333", quantity: 10, price: 1600, stopLossPrice: 1580 };
  const reply = box.simulator.placeByHand(ASHA, { ...fields, targetPrice: 1640, trailingJump: 2 });
  const orderId = String((reply.body as Json).orderId);
  await box.reaches(orderId, "PENDING");
  box.simulator.modifyByHand(ASHA, { orderId, changes: { price: 1605 } });
  await eventually(async () => (await box.row(orderId)).price === 1605, { what: "the price" });
  const moment = lastMoment(box, orderId);
  assert.deepEqual([moment?.target?.price, moment?.stop?.price], [1640, 1580]);
  assert.equal(moment?.stop?.trailingJump, 2);
});
