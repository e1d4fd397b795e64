/** Orders above the freeze quantity. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { type Box, type Json, openBox, order } from "./wire-client.ts";

/** 27 lots of 65 are the most that one order may carry. */
const FREEZE = 1755;
const RICH = { availableBalance: 100_000_000 };
const OPTION: Json = {
  exchangeSegment: "NSE_FNO",
  securityId: "52002",
  productType: "MARGIN",
  price: 300,
};

async function slice(box: Box, quantity: number): Promise<string[]> {
  const body = order({ ...OPTION, quantity });
  const answer = await box.call("POST", "/orders/slicing", { body });
  assert.equal(answer.status, 200, answer.text);
  const rows = answer.body as Json[];
  assert.ok(rows.every(({ orderStatus }) => orderStatus === "TRANSIT"));
  return rows.map(({ orderId }) => String(orderId));
}

test("C530 a plain order above the freeze quantity is refused, one of it is taken", async (t) => {
  const box = await openBox(t, {}, RICH);
  const over = order({ ...OPTION, quantity: FREEZE + 65 });
  const refused = await box.call("POST", "/orders", { body: over });
  assert.equal(refused.status, 400);
  assert.equal((refused.body as Json).errorCode, "DH-906");
  await box.placeWorking({ ...OPTION, quantity: FREEZE });
});

test("C531 a modification above the freeze quantity is refused", async (t) => {
  const box = await openBox(t, {}, RICH);
  const orderId = await box.placeWorking({ ...OPTION, quantity: FREEZE });
  const body = { orderType: "LIMIT", validity: "DAY", quantity: FREEZE + 65, price: 300 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 400);
});

test("C532 slices are whole lots of one name, and a small order is one slice", async (t) => {
  const box = await openBox(t, {}, RICH);
  const ids = await slice(box, 2 * FREEZE + 130);
  const rows = await Promise.all(ids.map((id) => box.row(id)));
  assert.deepEqual(
    rows.map((row) => row.quantity),
    [FREEZE, FREEZE, 130],
  );
  assert.deepEqual(new Set(rows.map((row) => row.correlationId)), new Set(["cp-7f3a-0001"]));
  assert.equal((await slice(box, 65)).length, 1);
});

test("C533 one slice may be rejected after all were taken; the others stand", async (t) => {
  const box = await openBox(t, {}, RICH);
  box.simulator.addFault({ kind: "reject-later", afterMs: 5, slice: 2, count: 1 });
  const [first = "", second = "", third = ""] = await slice(box, 2 * FREEZE + 65);
  await box.reaches(second, "REJECTED");
  await box.reaches(first, "PENDING");
  await box.reaches(third, "PENDING");
});

test("C534 what comes to rest on too little money is rejected slice by slice", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 5 } }, { availableBalance: 1_000_000 });
  const [first = "", second = ""] = await slice(box, FREEZE + 1690);
  await box.reaches(first, "PENDING");
  await box.reaches(second, "REJECTED");
});

test("C535 a position above the freeze quantity is squared off in slices", async (t) => {
  const box = await openBox(t, { switches: { transitMs: 5 } }, RICH);
  const ids = await slice(box, FREEZE + 65);
  box.simulator.setPrice("NSE_FNO:52002", 295);
  await Promise.all(ids.map((id) => box.reaches(id, "TRADED")));
  assert.equal((await box.call("DELETE", "/positions")).status, 200);
  const net = () => box.simulator.truth()[0]?.positions[0]?.netQty;
  await eventually(() => net() === 0, { what: "the exit" });
});
