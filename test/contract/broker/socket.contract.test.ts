/** The order-update socket: login, frames, pings. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { manualClock } from "../../../src/platform/manual-clock.ts";
import { eventually } from "../../eventually.ts";
import { ASHA, type Json, loginOf, openBox } from "./wire-client.ts";

test("C200 an order is told as Transit, Pending, Pending with a part, and Traded", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4, price: 1600.25 });
  box.simulator.fill({ orderId, quantity: 6, price: 1600.5 });
  await eventually(() => socket.frames.length === 4, { what: "four frames" });
  assert.deepEqual(socket.statuses(orderId), ["Transit", "Pending", "Pending", "Traded"]);
  assert.deepEqual(
    socket.frames.map((frame) => [frame.tradedQty, frame.remainingQuantity]),
    [
      [0, 10],
      [0, 10],
      [4, 6],
      [10, 0],
    ],
  );
  assert.equal(socket.frames[2]?.tradedPrice, 1600.25);
  assert.equal(socket.frames[3]?.avgTradedPrice, 1600.4);
  assert.equal(socket.frames[3]?.reasonDescription, "TRADE CONFIRMED");
  assert.equal(socket.frames[0]?.orderPlatform, "API");
});

test("C201 modifications, cancels and rejections are told, too", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  const body = { orderType: "LIMIT", validity: "DAY", quantity: 8, price: 1601 };
  await box.call("PUT", `/orders/${orderId}`, { body });
  await eventually(() => socket.frames.some((frame) => frame.price === 1601), { what: "terms" });
  await box.call("DELETE", `/orders/${orderId}`);
  await box.reaches(orderId, "CANCELLED");
  const rejected = await box.place({ price: 1000, correlationId: "cp-7f3a-0002" });
  await eventually(() => socket.statuses(rejected).includes("Rejected"), { what: "rejection" });
  assert.deepEqual(socket.statuses(orderId), ["Transit", "Pending", "Pending", "Cancelled"]);
  assert.match(String(socket.frames.at(-1)?.reasonDescription), /^RMS:/);
});

test("C202 orders by hand are told as the app's", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  box.simulator.placeByHand(ASHA, { securityId: "1333", quantity: 5, price: 1600 });
  await eventually(() => socket.frames.length === 2, { what: "two frames" });
  const frame = socket.frames[0] as Json;
  assert.deepEqual([frame.source, frame.orderPlatform, frame.correlationId], ["N", "FAST", "NA"]);
});

test("C203 every socket of the account hears everything, other accounts nothing", async (t) => {
  const box = await openBox(t, {
    accounts: [{ clientId: "1100000002", accessToken: "token-of-ravi" }],
  });
  const first = await box.openLoggedIn(t);
  const second = await box.openLoggedIn(t);
  const other = await box.openSocket(t, loginOf("token-of-ravi", "1100000002"));
  await eventually(() => box.simulator.accounts()[1]?.sockets === 1, { what: "the other login" });
  await box.placeWorking();
  await eventually(() => first.frames.length === 2 && second.frames.length === 2, {
    what: "both sockets told",
  });
  assert.equal(other.texts.length, 0);
});

test("C204 a second socket evicts the first when the switch says so", async (t) => {
  const box = await openBox(t, { switches: { secondSocket: "evict" } });
  const first = await box.openLoggedIn(t);
  const closed = once(first.socket, "close");
  await box.openSocket(t);
  await closed;
});

test("C205 refused logins are closed: unknown, superseded, foreign, malformed", async (t) => {
  const box = await openBox(t, {
    accounts: [{ clientId: "1100000002", accessToken: "token-of-ravi" }],
  });
  box.simulator.changeToken({ clientId: "1100000002", action: "supersede" });
  const logins: Json[] = [
    loginOf("token-of-nobody"),
    loginOf("token-of-ravi", "1100000002"),
    loginOf(undefined, "1100000002"),
    { hello: true },
  ];
  for (const login of logins) {
    const { socket } = await box.openSocket(t, login);
    await once(socket, "close");
  }
});

test("C206 a refused login may also be five bytes and a drop, or a bare drop", async (t) => {
  const box = await openBox(t, { switches: { loginRefusal: "binary" } });
  const binary = await box.openSocket(t, loginOf("token-of-nobody"));
  await once(binary.socket, "close");
  assert.deepEqual(binary.texts, ["<binary>"]);
  box.simulator.changeSwitches({ loginRefusal: "reset" });
  const reset = await box.openSocket(t, loginOf("token-of-nobody"));
  await once(reset.socket, "close");
  assert.deepEqual(reset.texts, []);
});

test("C207 nothing is replayed and nothing acknowledges the login", async (t) => {
  const box = await openBox(t);
  const orderId = await box.placeWorking();
  const socket = await box.openLoggedIn(t);
  assert.deepEqual(socket.texts, []);
  box.simulator.fill({ orderId });
  await eventually(() => socket.frames.length === 1, { what: "the fill alone" });
});

test("C208 the server pings every ten seconds and answers pings", async (t) => {
  const clock = manualClock(Date.parse("2026-08-05T10:00:00+05:30"));
  const box = await openBox(t, { clock });
  const socket = await box.openLoggedIn(t);
  for (let count = 1; count <= 3; count++) {
    clock.advance(10_000);
    await eventually(() => socket.pings() === count, { what: `ping ${count}` });
  }
  const pong = once(socket.socket, "pong");
  socket.socket.ping("are you there");
  assert.equal(String((await pong)[0]), "are you there");
});

test("C209 a token superseded mid-way leaves the open socket alone", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  box.simulator.changeToken({ clientId: ASHA, action: "supersede" });
  box.simulator.placeByHand(ASHA, { securityId: "1333", quantity: 5, price: 1600 });
  await eventually(() => socket.frames.length === 2, { what: "frames on the old login" });
});

test("C210 the casing of keys and the spelling of a part are switches", async (t) => {
  const box = await openBox(t, {
    switches: { frameKeys: "pascal", partialStatus: "PART_TRADED", transitFrames: false },
  });
  const socket = await box.openLoggedIn(t);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  await eventually(() => socket.frames.length === 2, { what: "two frames" });
  assert.deepEqual(
    socket.frames.map((frame) => [frame.OrderNo, frame.Status]),
    [
      [orderId, "Pending"],
      [orderId, "PART_TRADED"],
    ],
  );
});

test("C211 any other path refuses the upgrade", async (t) => {
  const box = await openBox(t);
  const wrong = box.front.orderUpdateUrl.replace("order-updates", "elsewhere");
  const { WebSocket } = await import("ws");
  const socket = new WebSocket(wrong);
  const [error] = await once(socket, "error");
  assert.match(String(error), /404/);
});
