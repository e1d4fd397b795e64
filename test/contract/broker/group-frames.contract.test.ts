/** What the order socket and the order book say of legs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { legRow, modifySuper, placeFilled, placeSuper } from "./group-client.ts";
import { type Json, type OpenSocket, openBox } from "./wire-client.ts";

/** The frames of one leg number, once there are so many of them. */
async function framesOf({ frames }: OpenSocket, legNo: number, count: number): Promise<Json[]> {
  const found = () => frames.filter((frame) => frame.legNo === legNo);
  await eventually(() => found().length >= count, { what: `${count} frames of leg ${legNo}` });
  return found();
}

function statuses(frames: readonly Json[]): unknown[] {
  return frames.map((frame) => frame.status);
}

test("C350 the entry's frames carry the remark and no parent", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const orderId = await placeSuper(box);
  const [transit, pending] = await framesOf(socket, 1, 2);
  assert.deepEqual([transit?.status, pending?.status], ["Transit", "Pending"]);
  const { orderNo, remarks, algoOrdNo, orderPlatform, correlationId } = pending ?? {};
  assert.deepEqual([orderNo, remarks, algoOrdNo], [orderId, "Super Order", null]);
  assert.deepEqual([orderPlatform, correlationId], ["API", "cp-so-0001"]);
});

test("C351 a stop is told as Active, Triggered and Traded, a target as Dummy and Cancelled", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const orderId = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1620);
  const stop = await framesOf(socket, 2, 3);
  const target = await framesOf(socket, 3, 2);
  assert.deepEqual(statuses(stop), ["Active", "Triggered", "Traded"]);
  assert.deepEqual(statuses(target), ["Dummy", "Cancelled"]);
  for (const frame of [...stop, ...target]) {
    assert.equal(frame.algoOrdNo, Number(orderId));
    assert.equal(frame.remarks, "Super Order");
    assert.match(String(frame.correlationId), /SQROFF/);
  }
  assert.deepEqual([stop[0]?.orderPlatform, target[0]?.orderPlatform], ["VTT SL", "VTT TGT"]);
  assert.equal(stop[0]?.triggerPrice, 1620);
  assert.equal(target[0]?.price, 1680);
  assert.equal(new Set([orderId, stop[0]?.orderNo, target[0]?.orderNo]).size, 3);
});

test("C352 a target that trades is told as Traded, its stop as Cancelled", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1680);
  assert.deepEqual(statuses(await framesOf(socket, 3, 2)), ["Dummy", "Traded"]);
  assert.deepEqual(statuses(await framesOf(socket, 2, 2)), ["Active", "Cancelled"]);
});

test("C353 changes of levels and steps of the trail are told on the leg", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const orderId = await placeFilled(box, { trailingJump: 5 });
  box.simulator.setPrice("HDFCBANK", 1650);
  await modifySuper(box, orderId, { legName: "STOP_LOSS_LEG", stopLossPrice: 1635 });
  const stop = await framesOf(socket, 2, 3);
  assert.deepEqual(
    stop.map((frame) => frame.triggerPrice),
    [1620, 1630, 1635],
  );
});

test("C354 legs may show the entry's id in books and frames", async (t) => {
  const box = await openBox(t, { switches: { superLegIds: "same" } });
  const socket = await box.openLoggedIn(t);
  const orderId = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1680);
  const [active] = await framesOf(socket, 2, 2);
  assert.equal(active?.orderNo, orderId);
  assert.equal((await legRow(box, "TARGET_LEG")).orderId, orderId);
  const trades = (await box.call("GET", `/trades/${orderId}`)).body as Json[];
  assert.deepEqual(
    trades.map((trade) => trade.transactionType),
    ["BUY", "SELL"],
  );
});

test("C355 a Super Order by hand says NA and FAST", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const fields = { securityId: "1333", quantity: 10, price: 1650, targetPrice: 1680 };
  const reply = box.simulator.placeByHand("1100000001", { ...fields, stopLossPrice: 1620 });
  const { orderId } = reply.body as Json;
  await box.reaches(String(orderId), "TRADED");
  const [entry] = await framesOf(socket, 1, 1);
  assert.deepEqual(
    [entry?.correlationId, entry?.orderPlatform, entry?.source],
    ["NA", "FAST", "N"],
  );
  assert.equal(entry?.remarks, "Super Order");
  const [stop] = await framesOf(socket, 2, 1);
  assert.equal(stop?.algoOrdNo, Number(orderId));
});
