/**
 * Every reply has the shape of its fixture: the same keys, and values of the same JSON type. The
 * simulator shares its types with the client; the fixtures are the judge of both.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import { assertShape } from "./assert-shape.ts";
import { ASHA, fixture, type Json, loginOf, openBox, order } from "./wire-client.ts";

const HOLDINGS = [{ instrument: "HDFCBANK", quantity: 25 }];

test("C260 order replies and rows have the shapes of the fixtures", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  const placed = await box.call("POST", "/orders", { body: order() });
  assertShape(placed.body, fixture("order-reply-place-transit"));
  const orderId = String((placed.body as Json).orderId);
  const rows = async () => (await box.call("GET", "/orders")).body;
  assertShape(await rows(), fixture("get-orders-transit"));
  await box.reaches(orderId, "PENDING");
  box.simulator.fill({ orderId, quantity: 4 });
  assertShape(await rows(), fixture("get-orders-part-traded"));
  const byId = await box.call("GET", `/orders/${orderId}`);
  assertShape(byId.body, fixture("get-order-by-id-array"));
  const external = await box.call("GET", "/orders/external/cp-7f3a-0001");
  assertShape(external.body, fixture("get-order-by-correlation-id-object"));
  const body = {
    dhanClientId: ASHA,
    orderType: "LIMIT",
    validity: "DAY",
    quantity: 9,
    price: 1600,
  };
  const modified = await box.call("PUT", `/orders/${orderId}`, { body });
  assertShape(modified.body, fixture("order-reply-modify-transit"));
  const cancelled = await box.call("DELETE", `/orders/${orderId}`);
  assertShape(cancelled.body, fixture("order-reply-cancel-cancelled"));
  await box.reaches(orderId, "CANCELLED");
  assertShape(await rows(), fixture("get-orders-part-traded-then-cancelled"));
  const option = { exchangeSegment: "NSE_FNO", productType: "MARGIN", securityId: "52002" };
  const optionId = await box.placeWorking({ ...option, quantity: 65, price: 300 });
  assertShape([await box.row(optionId)], fixture("get-orders-option"));
});

test("C261 portfolio replies have the shapes of the fixtures", async (t) => {
  const box = await openBox(t, {}, { holdings: HOLDINGS });
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  const read = async (path: string) => (await box.call("GET", path)).body;
  assertShape(await read("/trades"), fixture("get-trades"));
  assertShape(await read(`/trades/${orderId}`), fixture("get-trades-by-order-array"));
  assertShape(await read("/positions"), fixture("get-positions-long"));
  assertShape(await read("/holdings"), fixture("get-holdings"));
  assertShape(await read("/fundlimit"), fixture("get-funds"));
  assertShape(await read("/profile"), fixture("get-profile-live"));
  const margin = await box.call("POST", "/margincalculator", { body: fixture("margin-request") });
  assert.equal((margin.body as Json).errorCode, undefined);
  assertShape(margin.body, fixture("margin-reply"));
});

test("C262 the fixtures' requests are taken as they are", async (t) => {
  const box = await openBox(t, {}, { clientId: "1100000007" });
  const bodies = ["place-request-limit", "place-request-market", "place-request-stop-loss"];
  for (const name of bodies) {
    const answer = await box.call("POST", "/orders", { body: fixture(name) });
    assert.equal(answer.status, 200, `${name}: ${answer.text}`);
  }
  const nulls = fixture("place-request-nulls-and-strings");
  assert.equal((await box.call("POST", "/orders", { body: nulls })).status, 200);
  box.simulator.setClock({ session: "closed" });
  const afterMarket = fixture("place-request-after-market");
  assert.equal((await box.call("POST", "/orders", { body: afterMarket })).status, 200);
});

test("C263 frames have the fixtures' shape, in both casings", async (t) => {
  const box = await openBox(t);
  const loginFixture = fixture("login-request") as { LoginReq: Json; UserType: string };
  assert.deepEqual(Object.keys(loginFixture), Object.keys(loginOf()));
  const socket = await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  await eventually(() => socket.texts.length === 3, { what: "three frames" });
  const names = ["order-alert-transit-camel", "order-alert-pending-camel"];
  for (const [at, name] of [...names, "order-alert-part-filled-camel"].entries()) {
    assertShape(JSON.parse(socket.texts[at] ?? ""), fixture(name), name);
  }
  box.simulator.changeSwitches({ frameKeys: "pascal" });
  box.simulator.fill({ orderId });
  await eventually(() => socket.texts.length === 4, { what: "a frame in the other casing" });
  const pascal = JSON.parse(socket.texts[3] ?? "").Data as Json;
  const camel = (fixture("order-alert-traded-camel") as { Data: Json }).Data;
  const lower = (keys: string[]) => keys.map((key) => key.toLowerCase()).sort();
  assert.deepEqual(lower(Object.keys(pascal)), lower(Object.keys(camel)));
  assert.ok(Object.keys(pascal).every((key) => /^[A-Z]/.test(key)));
});

test("C264 rows and frames of groups have the fixtures' shape", async (t) => {
  const box = await openBox(t, { switches: { brackets: "legacy" } });
  const bracket = { productType: "BO", price: 1650, boProfitValue: 30, boStopLossValue: 20 };
  await box.reaches(await box.place(bracket), "TRADED");
  const rows = (await box.call("GET", "/orders")).body;
  assertShape(rows, fixture("get-orders-bracket-legs"));
  const socket = await box.openLoggedIn(t);
  const body = { ...order({ price: 1650 }), targetPrice: 1680, stopLossPrice: 1620 };
  await box.call("POST", "/super/orders", { body });
  await eventually(() => socket.texts.length === 5, { what: "an entry and its legs" });
  const named = { 1: "super-entry", 3: "super-stop-leg-active", 4: "super-target-leg-dummy" };
  for (const [at, name] of Object.entries(named)) {
    const frame = JSON.parse(socket.texts[Number(at)] ?? "");
    assertShape(frame, fixture(`order-alert-${name}`), name);
  }
});
