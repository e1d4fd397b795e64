/** Super Orders over the wire: an entry with a target and a stop. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../eventually.ts";
import {
  groupReaches,
  lastMoment,
  legRow,
  legsOf,
  modifySuper,
  netOf,
  placeFilled,
  placeSuper,
  statusOf,
  superOrder,
  superRow,
} from "./group-client.ts";
import { ASHA, type Json, openBox } from "./wire-client.ts";

test("C300 a Super Order is answered TRANSIT and rests as an ordinary row", async (t) => {
  const box = await openBox(t);
  const answer = await box.call("POST", "/super/orders", { body: superOrder() });
  assert.equal(answer.status, 200);
  const { orderId, ...rest } = answer.body as Json;
  assert.deepEqual(rest, { orderStatus: "TRANSIT" });
  await box.reaches(String(orderId), "PENDING");
  const row = await box.row(String(orderId));
  assert.equal(row.legName, "NA");
  assert.equal(row.correlationId, "cp-so-0001");
  assert.equal(row.boProfitValue, 0);
  const found = await box.call("GET", "/orders/external/cp-so-0001");
  assert.equal((found.body as Json).orderId, orderId);
});

test("C301 the list has the entry with its legs under the entry's id, empty until a fill", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box, { trailingJump: 2 });
  const row = await superRow(box, orderId);
  assert.equal(row.orderStatus, "PENDING");
  assert.equal(row.legName, "ENTRY_LEG");
  assert.equal(row.ltp, 1650);
  assert.deepEqual(row.legDetails, [
    {
      orderId,
      legName: "STOP_LOSS_LEG",
      transactionType: "SELL",
      totalQuatity: 0,
      remainingQuantity: 0,
      triggeredQuantity: 0,
      price: 1620,
      orderStatus: "PENDING",
      trailingJump: 2,
    },
    {
      orderId,
      legName: "TARGET_LEG",
      transactionType: "SELL",
      totalQuatity: 0,
      remainingQuantity: 0,
      triggeredQuantity: 0,
      price: 1680,
      orderStatus: "PENDING",
      trailingJump: 0,
    },
  ]);
  assert.equal(((await box.call("GET", "/orders")).body as Json[]).length, 1);
});

test("C302 legs come with the first fill and grow with the entry", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  box.simulator.setLiquidity("HDFCBANK", 4);
  box.simulator.setPrice("HDFCBANK", 1639);
  const part = await legsOf(box, orderId);
  assert.equal((await superRow(box, orderId)).orderStatus, "PART_TRADED");
  assert.deepEqual([part.stop.totalQuatity, part.target.remainingQuantity], [4, 4]);
  box.simulator.setLiquidity("HDFCBANK", null);
  box.simulator.setPrice("HDFCBANK", 1639);
  const whole = await legsOf(box, orderId);
  assert.deepEqual([whole.stop.totalQuatity, whole.target.remainingQuantity], [10, 10]);
  const stop = await legRow(box, "STOP_LOSS_LEG");
  assert.equal(stop.orderType, "STOP_LOSS");
  assert.equal(stop.triggerPrice, 1620);
  assert.equal(stop.quantity, 10);
  assert.match(String(stop.correlationId), /SQROFF/);
  assert.notEqual(stop.orderId, orderId);
  const target = await legRow(box, "TARGET_LEG");
  assert.equal(target.price, 1680);
  assert.notEqual(target.orderId, stop.orderId);
});

test("C303 a target that fills cancels the stop and closes the entry", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1681);
  const row = await superRow(box, orderId);
  assert.equal(row.orderStatus, "CLOSED");
  assert.equal(row.filledQty, 10);
  const { stop, target } = await legsOf(box, orderId);
  assert.deepEqual([target.orderStatus, target.remainingQuantity], ["TRIGGERED", 0]);
  assert.deepEqual([stop.orderStatus, stop.remainingQuantity], ["CANCELLED", 0]);
  assert.equal((await legRow(box, "TARGET_LEG")).averageTradedPrice, 1680);
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
  assert.equal(await netOf(box), 0);
});

test("C304 a stop that fires takes the market's price, however far the price has jumped", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1500);
  const stop = await legRow(box, "STOP_LOSS_LEG");
  assert.equal(stop.orderStatus, "TRADED");
  assert.equal(stop.averageTradedPrice, 1500);
  assert.equal((await superRow(box, orderId)).orderStatus, "CLOSED");
  assert.equal((await legsOf(box, orderId)).target.orderStatus, "CANCELLED");
  assert.equal(await netOf(box), 0);
});

test("C305 a short is protected the other way round", async (t) => {
  const box = await openBox(t);
  const short = { transactionType: "SELL", price: 1660, targetPrice: 1620, stopLossPrice: 1680 };
  const orderId = await placeSuper(box, short);
  box.simulator.setPrice("HDFCBANK", 1660);
  assert.equal(await netOf(box), -10);
  box.simulator.setPrice("HDFCBANK", 1680);
  assert.equal((await superRow(box, orderId)).orderStatus, "CLOSED");
  assert.equal((await legRow(box, "STOP_LOSS_LEG")).transactionType, "BUY");
  assert.equal(await netOf(box), 0);
});

test("C306 a target filled in part shrinks the stop; a stop that fires takes the rest", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  box.simulator.setLiquidity("HDFCBANK", 4);
  box.simulator.setPrice("HDFCBANK", 1680);
  const part = await legsOf(box, orderId);
  assert.deepEqual([part.target.orderStatus, part.target.remainingQuantity], ["PART_TRADED", 6]);
  assert.deepEqual([part.stop.totalQuatity, part.stop.remainingQuantity], [6, 6]);
  box.simulator.setPrice("HDFCBANK", 1620);
  const fired = await legsOf(box, orderId);
  assert.deepEqual([fired.stop.orderStatus, fired.stop.remainingQuantity], ["TRIGGERED", 2]);
  assert.equal(fired.stop.triggeredQuantity, 6);
  box.simulator.setPrice("HDFCBANK", 1620);
  assert.equal(await netOf(box), 0);
  assert.equal((await superRow(box, orderId)).orderStatus, "CLOSED");
});

test("C307 an exit that begins takes the rest of the entry back", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  box.simulator.setLiquidity("HDFCBANK", 4);
  box.simulator.setPrice("HDFCBANK", 1639);
  box.simulator.setPrice("HDFCBANK", 1700);
  const row = await box.row(orderId);
  assert.deepEqual([row.orderStatus, row.filledQty], ["CANCELLED", 4]);
  assert.equal((await superRow(box, orderId)).orderStatus, "CLOSED");
  assert.equal(await netOf(box), 0);
});

test("C308 the stop trails the price in whole steps and never goes back", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box, { trailingJump: 5 });
  const stopNow = async () => (await legsOf(box, orderId)).stop.price;
  box.simulator.setPrice("HDFCBANK", 1644.95);
  assert.equal(await stopNow(), 1620);
  box.simulator.setPrice("HDFCBANK", 1652);
  assert.equal(await stopNow(), 1630);
  box.simulator.setPrice("HDFCBANK", 1641);
  assert.equal(await stopNow(), 1630);
  assert.equal((await legRow(box, "STOP_LOSS_LEG")).triggerPrice, 1630);
  box.simulator.setPrice("HDFCBANK", 1630);
  assert.equal(await netOf(box), 0);
});

test("C309 a stop that is changed without trailingJump stops trailing", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box, { trailingJump: 5 });
  const change = { legName: "STOP_LOSS_LEG", stopLossPrice: 1625 };
  assert.equal((await modifySuper(box, orderId, change)).status, 200);
  await groupReaches(box, orderId, "the new stop", ({ stop }) => stop?.price === 1625);
  box.simulator.setPrice("HDFCBANK", 1660);
  const { stop } = await legsOf(box, orderId);
  assert.deepEqual([stop.price, stop.trailingJump], [1625, 0]);
});

test("C310 a target beyond the market fills at once, as a limit", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  const change = { legName: "TARGET_LEG", targetPrice: 1630 };
  const answer = await modifySuper(box, orderId, change);
  assert.deepEqual(answer.body, { orderId, orderStatus: "TRANSIT" });
  await groupReaches(box, orderId, "the exit", ({ unitsOut }) => unitsOut === 10);
  assert.equal((await legRow(box, "TARGET_LEG")).averageTradedPrice, 1640);
  assert.equal((await superRow(box, orderId)).orderStatus, "CLOSED");
});

test("C311 the entry restates all: price, quantity and both levels", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box, { trailingJump: 5 });
  const change = { legName: "ENTRY_LEG", orderType: "LIMIT", quantity: 6, price: 1645 };
  const levels = { targetPrice: 1690, stopLossPrice: 1615 };
  assert.equal((await modifySuper(box, orderId, { ...change, ...levels })).status, 200);
  await groupReaches(box, orderId, "the new stop", ({ stop }) => stop?.price === 1615);
  const row = await superRow(box, orderId);
  assert.deepEqual([row.quantity, row.price], [6, 1645]);
  const { stop, target } = await legsOf(box, orderId);
  assert.deepEqual([target.price, stop.price, stop.trailingJump], [1690, 1615, 0]);
  box.simulator.setPrice("HDFCBANK", 1645);
  assert.equal((await legRow(box, "STOP_LOSS_LEG")).quantity, 6);
});

test("C312 an entry cut to what has filled ends there and keeps its legs", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  box.simulator.setLiquidity("HDFCBANK", 4);
  box.simulator.setPrice("HDFCBANK", 1639);
  const change = { legName: "ENTRY_LEG", orderType: "LIMIT", price: 1640 };
  const levels = { targetPrice: 1680, stopLossPrice: 1620 };
  const less = await modifySuper(box, orderId, { ...change, ...levels, quantity: 3 });
  assert.equal(less.status, 400);
  assert.equal(
    (await modifySuper(box, orderId, { ...change, ...levels, quantity: 4 })).status,
    200,
  );
  await box.reaches(orderId, "TRADED");
  const row = await superRow(box, orderId);
  assert.deepEqual([row.quantity, row.filledQty, row.remainingQuantity], [4, 4, 0]);
  assert.equal((await legsOf(box, orderId)).stop.remainingQuantity, 4);
});

test("C313 an entry cancelled before any fill takes everything along", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  const answer = await box.call("DELETE", `/super/orders/${orderId}/ENTRY_LEG`);
  assert.deepEqual([answer.status, answer.body], [200, { orderId, orderStatus: "CANCELLED" }]);
  await box.reaches(orderId, "CANCELLED");
  const { stop, target } = await legsOf(box, orderId);
  assert.deepEqual([stop.orderStatus, target.orderStatus], ["CANCELLED", "CANCELLED"]);
  const again = await box.call("DELETE", `/super/orders/${orderId}/ENTRY_LEG`);
  assert.equal((again.body as Json).errorCode, "DH-906");
});

test("C314 what a cancel of the entry does after a fill is a switch", async (t) => {
  const box = await openBox(t);
  const partly = async (correlationId: string) => {
    box.simulator.setLiquidity("HDFCBANK", null);
    box.simulator.setPrice("HDFCBANK", 1650);
    const orderId = await placeSuper(box, { correlationId });
    box.simulator.setLiquidity("HDFCBANK", 4);
    box.simulator.setPrice("HDFCBANK", 1639);
    return orderId;
  };
  const rest = await partly("rest");
  assert.equal((await box.call("DELETE", `/super/orders/${rest}/ENTRY_LEG`)).status, 200);
  await box.reaches(rest, "CANCELLED");
  assert.equal((await legsOf(box, rest)).stop.remainingQuantity, 4);
  box.simulator.changeSwitches({ superEntryCancelAfterFill: "refuse" });
  const refused = await partly("refused");
  assert.equal((await box.call("DELETE", `/super/orders/${refused}/ENTRY_LEG`)).status, 400);
  box.simulator.changeSwitches({ superEntryCancelAfterFill: "cancel-legs" });
  assert.equal((await box.call("DELETE", `/super/orders/${refused}/ENTRY_LEG`)).status, 200);
  await groupReaches(box, refused, "a naked entry", ({ unprotected }) => unprotected === 4);
  assert.equal((await legsOf(box, refused)).target.orderStatus, "CANCELLED");
});

test("C315 a cancelled leg never comes back and the other one goes on", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}/TARGET_LEG`)).status, 200);
  await groupReaches(box, orderId, "no target", ({ target }) => target?.status === "cancelled");
  box.simulator.setPrice("HDFCBANK", 1640);
  assert.equal((await legsOf(box, orderId)).stop.remainingQuantity, 10);
  const change = { legName: "TARGET_LEG", targetPrice: 1700 };
  assert.equal((await modifySuper(box, orderId, change)).status, 400);
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}/TARGET_LEG`)).status, 400);
  box.simulator.setPrice("HDFCBANK", 1700);
  assert.equal(await netOf(box), 10);
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}/STOP_LOSS_LEG`)).status, 200);
  await groupReaches(box, orderId, "no stop", ({ unprotected }) => unprotected === 10);
});

test("C316 with a delay for siblings both legs can fill", async (t) => {
  const box = await openBox(t, { switches: { siblingCancelMs: 60_000 } });
  const orderId = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1680);
  assert.equal((await legsOf(box, orderId)).stop.orderStatus, "PENDING");
  box.simulator.setPrice("HDFCBANK", 1620);
  assert.equal(await netOf(box), -10);
});

test("C317 wrong fields and levels on the wrong side are the same DH-905", async (t) => {
  const box = await openBox(t);
  const bad: Json[] = [
    { targetPrice: 1630 },
    { stopLossPrice: 1650 },
    { targetPrice: 0, stopLossPrice: 0 },
    { transactionType: "SELL" },
    { orderType: "STOP_LOSS" },
    { productType: "BO" },
    { quantity: 0 },
    { dhanClientId: "1100000099" },
    { stopLossPrice: 1620.03 },
  ];
  for (const change of bad) {
    const answer = await box.call("POST", "/super/orders", { body: superOrder(change) });
    assert.deepEqual(
      [answer.status, (answer.body as Json).errorCode],
      [400, "DH-905"],
      JSON.stringify(change),
    );
  }
  assert.deepEqual((await box.call("GET", "/super/orders")).body, []);
});

test("C318 one level may be left out, and then there is no such leg", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box, { targetPrice: 0 });
  const legs = (await superRow(box, orderId)).legDetails as Json[];
  assert.deepEqual(
    legs.map((leg) => leg.legName),
    ["STOP_LOSS_LEG"],
  );
  const change = { legName: "TARGET_LEG", targetPrice: 1700 };
  assert.equal((await modifySuper(box, orderId, change)).status, 400);
});

test("C319 a Super Order is changed through its own door alone", async (t) => {
  const box = await openBox(t);
  const orderId = await placeSuper(box);
  assert.equal((await box.call("DELETE", `/orders/${orderId}`)).status, 400);
  const body = { orderType: "LIMIT", validity: "DAY", quantity: 5, price: 1600 };
  assert.equal((await box.call("PUT", `/orders/${orderId}`, { body })).status, 400);
  const plain = await box.placeWorking();
  assert.equal((await box.call("DELETE", `/super/orders/${plain}/ENTRY_LEG`)).status, 400);
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}/SOME_LEG`)).status, 400);
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}`)).status, 404);
});

test("C320 changes in TRANSIT are refused; the modifications of all parts count together", async (t) => {
  const slow = await openBox(t, { switches: { transitMs: 60_000 } });
  const sent = await slow.call("POST", "/super/orders", { body: superOrder() });
  const transit = String((sent.body as Json).orderId);
  const early = await slow.call("DELETE", `/super/orders/${transit}/ENTRY_LEG`);
  assert.equal((early.body as Json).errorMessage, "Order is in Transit state");
  const box = await openBox(t, { switches: { modificationLimit: 1 } });
  const orderId = await placeFilled(box);
  const target = { legName: "TARGET_LEG", targetPrice: 1690 };
  assert.equal((await modifySuper(box, orderId, target)).status, 200);
  const stop = { legName: "STOP_LOSS_LEG", stopLossPrice: 1625 };
  assert.equal((await modifySuper(box, orderId, stop)).status, 400);
});

test("C321 Super Orders share the order limits and the address rule", async (t) => {
  const box = await openBox(t, { switches: { staticIp: true } });
  const answer = await box.call("POST", "/super/orders", { body: superOrder() });
  assert.equal((answer.body as Json).errorMessage, "Invalid IP");
  box.simulator.changeSwitches({ staticIp: false });
  for (let sent = 1; sent < 10; sent++) {
    const correlationId = `cp-${sent}`;
    const body = superOrder({ correlationId });
    assert.equal((await box.call("POST", "/super/orders", { body })).status, 200);
  }
  assert.equal((await box.call("POST", "/super/orders", { body: superOrder() })).status, 429);
  assert.equal((await box.call("GET", "/super/orders")).status, 200);
});

test("C322 an entry that is rejected later leaves no legs", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 100 });
  const orderId = await placeSuper(box);
  assert.equal(statusOf(box, orderId), "REJECTED");
  const row = await superRow(box, orderId);
  assert.equal(row.orderStatus, "REJECTED");
  assert.match(String(row.omsErrorDescription), /insufficient funds/);
  assert.equal((await legsOf(box, orderId)).stop.orderStatus, "CANCELLED");
});

test("C323 the day's end expires what is left of a group", async (t) => {
  const box = await openBox(t);
  const filled = await placeFilled(box);
  box.simulator.setPrice("HDFCBANK", 1650);
  const resting = await placeSuper(box, { correlationId: "resting" });
  box.simulator.setClock({ session: "closed" });
  const expired = await legsOf(box, resting);
  assert.deepEqual([expired.stop.orderStatus, expired.target.orderStatus], ["EXPIRED", "EXPIRED"]);
  assert.equal((await legsOf(box, filled)).stop.orderStatus, "EXPIRED");
  const change = { legName: "STOP_LOSS_LEG", stopLossPrice: 1625 };
  const late = await modifySuper(box, filled, change);
  assert.match(String((late.body as Json).errorMessage), /Market is Closed! You cannot modify/);
  box.simulator.rollDay({ keepTokens: true });
  assert.deepEqual((await box.call("GET", "/super/orders")).body, []);
  assert.equal(box.simulator.truth(ASHA)[0]?.earlierGroups.length, 2);
});

test("C324 exit-all ends groups and squares off what they hold", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  assert.equal((await box.call("DELETE", "/positions")).status, 200);
  await eventually(async () => (await netOf(box)) === 0, { what: "a flat book" });
  const { stop, target } = await legsOf(box, orderId);
  assert.deepEqual([stop.orderStatus, target.orderStatus], ["CANCELLED", "CANCELLED"]);
  assert.equal((await superRow(box, orderId)).orderStatus, "TRADED");
});

test("C325 legs block no money of their own, and delivery legs are sold once", async (t) => {
  const box = await openBox(t, {}, { availableBalance: 20_000 });
  await placeFilled(box, { productType: "CNC" });
  const { body } = await box.call("GET", "/fundlimit");
  assert.equal((body as Json).availabelBalance, 3_600);
  box.simulator.setPrice("HDFCBANK", 1680);
  assert.equal(await netOf(box), 0);
});

test("C326 faults find Super Order calls by kinds of their own", async (t) => {
  const box = await openBox(t);
  box.simulator.addFault({ kind: "lose-reply", match: { path: "super-place" }, count: 1 });
  await assert.rejects(box.call("POST", "/super/orders", { body: superOrder() }));
  const [entry] = (await box.call("GET", "/super/orders")).body as Json[];
  assert.equal(entry?.correlationId, "cp-so-0001");
  const orderId = String(entry?.orderId);
  await box.reaches(orderId, "PENDING");
  box.simulator.addFault({ kind: "throttle", match: { path: "super-modify" }, count: 1 });
  const change = { legName: "TARGET_LEG", targetPrice: 1690 };
  assert.equal((await modifySuper(box, orderId, change)).status, 429);
  box.simulator.addFault({ kind: "html", match: { path: "super-cancel" }, count: 1 });
  assert.equal((await box.call("DELETE", `/super/orders/${orderId}/ENTRY_LEG`)).status, 502);
  box.simulator.addFault({ kind: "status", code: 500, match: { path: "super-orders" }, count: 1 });
  assert.equal((await box.call("GET", "/super/orders")).status, 500);
  const records = box.simulator.truth(ASHA)[0]?.requests.map(({ kind, orderId: id }) => [kind, id]);
  assert.deepEqual(records?.slice(0, 4), [
    ["super-place", orderId],
    ["super-orders", undefined],
    ["super-modify", orderId],
    ["super-cancel", orderId],
  ]);
});

test("C327 the truth tells a group at any instant", async (t) => {
  const box = await openBox(t);
  const orderId = await placeFilled(box);
  assert.equal(lastMoment(box, orderId)?.unprotected, 0);
  await box.call("DELETE", `/super/orders/${orderId}/STOP_LOSS_LEG`);
  await groupReaches(box, orderId, "no stop", ({ stop }) => stop?.status === "cancelled");
  const account = (await box.control("GET", `/truth?clientId=${ASHA}`)).body as {
    accounts: { groups: { moments: Json[]; stopId: string }[]; orders: Json[] }[];
  };
  const [group] = account.accounts[0]?.groups ?? [];
  assert.deepEqual(
    group?.moments.map(({ unitsIn, unprotected }) => [unitsIn, unprotected]),
    [
      [0, 0],
      [0, 0],
      [10, 0],
      [10, 10],
    ],
  );
  const stop = account.accounts[0]?.orders.find((order) => order.orderId === group?.stopId);
  assert.deepEqual([stop?.parentOrderId, stop?.role], [orderId, "stop"]);
});
