/** Forever orders, alerts, several orders at once and the brakes have the shapes of their fixtures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { assertShape } from "./assert-shape.ts";
import { ASHA, type Box, fixture, type Json, openBox } from "./wire-client.ts";

const FAST = { switches: { transitMs: 5, changeMs: 5 } };
const HELD = { holdings: [{ instrument: "HDFCBANK", quantity: 100 }] };

/** A recorded request of this account. */
function asked(name: string): Json {
  return { ...(fixture(name) as Json), dhanClientId: ASHA };
}

async function sent(box: Box, path: string, name: string): Promise<Json> {
  const answer = await box.call("POST", path, { body: asked(name) });
  assert.equal(answer.status, 200, answer.text);
  return answer.body as Json;
}

test("C570 Forever orders: requests, replies, rows and the frame of a child", async (t) => {
  const box = await openBox(t, FAST, HELD);
  const socket = await box.openLoggedIn(t);
  const single = await sent(box, "/forever/orders", "forever-place-request-single");
  assertShape(single, fixture("order-reply-place-pending"));
  const oco = await sent(box, "/forever/orders", "forever-place-request-oco");
  const rows = async () => (await box.call("GET", "/forever/orders")).body as Json[];
  const areActive = async () => (await rows()).every((row) => row.orderStatus === "CONFIRM");
  await eventually(areActive, { what: "the triggers" });
  assertShape((await rows()).slice(0, 1), fixture("get-forever-single"));
  const path = `/forever/orders/${oco.orderId}`;
  const change = await box.call("PUT", path, { body: asked("forever-modify-request") });
  assert.equal(change.status, 200, change.text);
  box.simulator.setPrice("HDFCBANK", 1700);
  const fired = (await rows()).slice(1);
  assertShape(fired, fixture("get-forever-oco-target-fired"));
  assert.deepEqual(
    fired.map((row) => row.orderStatus),
    ["CANCELLED", "TRIGGERED"],
  );
  await eventually(() => socket.frames.length > 0, { what: "the child's frame" });
  const frame = (fixture("order-alert-forever-child") as { Data: Json }).Data;
  assertShape(socket.frames[0], frame);
});

test("C571 alerts and several orders at once: requests, replies and rows", async (t) => {
  const box = await openBox(t, FAST);
  const { alertId, ...reply } = await sent(box, "/alerts/orders", "alert-place-request");
  assertShape({ alertId, ...reply }, fixture("alert-reply"));
  const list = (await box.call("GET", "/alerts/orders")).body;
  assertShape(list, fixture("get-alerts"));
  const path = `/alerts/orders/${alertId}`;
  assertShape((await box.call("GET", path)).body, fixture("get-alert-by-id"));
  const change = await box.call("PUT", path, { body: asked("alert-modify-request") });
  assert.equal(change.status, 200, change.text);
  const changed = (await box.call("GET", path)).body as { condition: Json; orders: Json[] };
  assert.equal(changed.condition.comparisonType, "TECHNICAL_WITH_INDICATOR");
  assert.equal(changed.orders.length, 1);
  const missing = await box.call("DELETE", "/alerts/orders/1");
  assert.deepEqual(missing.body, (fixture("error-400-dh-907-no-alert") as Json).body);
  const multi = await sent(box, "/alerts/multi/orders", "multi-orders-request");
  assertShape(multi, fixture("multi-orders-reply"));
});

test("C572 kill switch and exit at a profit or a loss: requests and replies", async (t) => {
  const box = await openBox(t, FAST);
  const set = await sent(box, "/pnlExit", "pnl-exit-request");
  assertShape(set, fixture("pnl-exit-reply"));
  assertShape((await box.call("GET", "/pnlExit")).body, fixture("get-pnl-exit"));
  await box.call("DELETE", "/pnlExit");
  const none = (await box.call("GET", "/pnlExit")).body;
  assert.deepEqual(none, (fixture("error-400-dh-907-no-pnl-exit") as Json).body);
  assertShape((await box.call("GET", "/killswitch")).body, fixture("get-kill-switch"));
  const on = await box.call("POST", "/killswitch?killSwitchStatus=ACTIVATE");
  assertShape(on.body, fixture("kill-switch-reply"));
});
