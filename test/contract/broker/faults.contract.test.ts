/** What goes wrong on purpose, added over the control surface as another program would. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { manualClock } from "../../../src/platform/manual-clock.ts";
import { eventually } from "../../eventually.ts";
import { ASHA, type Box, type Json, type OpenSocket, openBox, order } from "./wire-client.ts";

const MORNING_MS = Date.parse("2026-08-05T10:00:00+05:30");

async function addFault(box: Box, fault: Json): Promise<unknown> {
  const answer = await box.control("POST", "/faults", fault);
  assert.equal(answer.status, 200, answer.text);
  return (answer.body as Json).id;
}

const PLACE = { match: { clientId: ASHA, path: "place" }, count: 1 };

test("C220 a lost reply leaves an order behind that only the lookup finds", async (t) => {
  const box = await openBox(t, {}, { limits: "off" });
  await addFault(box, { kind: "lose-reply", ...PLACE });
  await assert.rejects(box.call("POST", "/orders", { body: order() }));
  const found = await eventually(
    async () => {
      const answer = await box.call("GET", "/orders/external/cp-7f3a-0001");
      return answer.status === 200 && (answer.body as Json);
    },
    { what: "the order by its correlation id" },
  );
  assert.equal(found.orderStatus, "PENDING");
  assert.equal((await box.call("GET", "/orders")).status, 200);
  const [truth] = box.simulator.truth(ASHA);
  assert.equal(truth?.requests[0]?.status, 0);
  assert.equal(truth?.requests[0]?.orderId, found.orderId);
});

test("C221 a dropped request leaves nothing behind", async (t) => {
  const box = await openBox(t);
  await addFault(box, { kind: "drop", ...PLACE });
  await assert.rejects(box.call("POST", "/orders", { body: order() }));
  assert.deepEqual((await box.call("GET", "/orders")).body, []);
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 200);
});

test("C222 a status of its own is given before or after the order is taken", async (t) => {
  const box = await openBox(t);
  const body = { errorType: "Internal_Error", errorCode: "DH-908", errorMessage: "Something" };
  await addFault(box, { kind: "status", code: 500, body, ...PLACE });
  const before = await box.call("POST", "/orders", { body: order() });
  assert.equal(before.status, 500);
  assert.deepEqual(before.body, body);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 0);
  await addFault(box, { kind: "status", code: 500, body, afterAccept: true, ...PLACE });
  assert.equal((await box.call("POST", "/orders", { body: order() })).status, 500);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 1);
});

test("C223 a gateway's page of 502 comes as HTML", async (t) => {
  const box = await openBox(t);
  await addFault(box, { kind: "html", afterAccept: true, ...PLACE });
  const answer = await box.call("POST", "/orders", { body: order() });
  assert.equal(answer.status, 502);
  assert.equal(answer.body, undefined);
  assert.match(answer.text, /^<html>/);
  assert.equal(box.simulator.truth(ASHA)[0]?.orders.length, 1);
});

test("C224 throttling on demand is a 429 and is counted", async (t) => {
  const box = await openBox(t);
  await addFault(box, { kind: "throttle", match: { method: "GET", path: "orders" }, count: 2 });
  for (const expected of [429, 429, 200]) {
    assert.equal((await box.call("GET", "/orders")).status, expected);
  }
  assert.equal(box.simulator.truth(ASHA)[0]?.throttled, 2);
});

test("C225 a delayed reply waits, and so does every reply of a slow account", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  await addFault(box, { kind: "delay-reply", ms: 5_000, ...PLACE });
  const slow = box.call("POST", "/orders", { body: order() });
  await eventually(() => box.simulator.truth(ASHA)[0]?.orders.length === 1, { what: "the order" });
  clock.advance(5_000);
  assert.equal((await slow).status, 200);
  box.simulator.changeAccount({ clientId: ASHA, replyMs: 3_000 });
  const read = box.call("GET", "/orders");
  const requests = () => box.simulator.truth(ASHA)[0]?.requests.length;
  await eventually(() => requests() === 2, { what: "the read's arrival" });
  clock.advance(3_000);
  assert.equal((await read).status, 200);
});

test("C226 an accepted order is rejected later with the text that was asked for", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  const text = "RMS:{orderId}:You have insufficient funds. Please add Rs.9.00 to trade.";
  await addFault(box, { kind: "reject-later", text, afterMs: 30, ...PLACE });
  const orderId = await box.place();
  assert.equal((await box.row(orderId)).orderStatus, "TRANSIT");
  clock.advance(30);
  assert.equal((await box.row(orderId)).orderStatus, "REJECTED");
  assert.equal((await box.row(orderId)).omsErrorDescription, text.replace("{orderId}", orderId));
});

test("C227 a lookup stays blind after the order is at work, for as long as asked", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  await addFault(box, { kind: "blind-lookup", ms: 4_000, ...PLACE });
  const orderId = await box.place();
  clock.advance(3_999);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
  assert.equal((await box.call("GET", "/orders/external/cp-7f3a-0001")).status, 404);
  clock.advance(1);
  assert.equal((await box.call("GET", "/orders/external/cp-7f3a-0001")).status, 200);
});

test("C228 an order may be stuck in TRANSIT", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  await addFault(box, { kind: "stuck-transit", ms: 120_000, ...PLACE });
  const orderId = await box.place();
  clock.advance(119_000);
  assert.equal((await box.row(orderId)).orderStatus, "TRANSIT");
  clock.advance(1_000);
  assert.equal((await box.row(orderId)).orderStatus, "PENDING");
});

test("C229 faults are listed, used up, and removed", async (t) => {
  const box = await openBox(t);
  const id = await addFault(box, { kind: "throttle", match: { path: "orders" }, count: 2 });
  await addFault(box, { kind: "drop-frames" });
  await box.call("GET", "/orders");
  const listed = (await box.control("GET", "/faults")).body as Json[];
  assert.deepEqual(
    listed.map((fault) => [fault.kind, fault.left, fault.used]),
    [
      ["throttle", 1, 1],
      ["drop-frames", null, 0],
    ],
  );
  assert.deepEqual((await box.control("DELETE", `/faults?id=${id}`)).body, { removed: 1 });
  assert.deepEqual((await box.control("DELETE", "/faults")).body, { removed: 1 });
  assert.equal((await box.call("GET", "/orders")).status, 200);
  const unknown = await box.control("POST", "/faults", { kind: "earthquake" });
  assert.equal(unknown.status, 400);
});

/** Four frames of one order, as they come through the given faults. */
async function fourFrames(t: TestContext, faults: readonly Json[], seed = 1) {
  const box = await openBox(t, { seed });
  const socket = await box.openLoggedIn(t);
  for (const fault of faults) await addFault(box, fault);
  const orderId = await box.placeWorking();
  box.simulator.fill({ orderId, quantity: 4 });
  box.simulator.fill({ orderId, quantity: 6 });
  return { box, socket, orderId };
}

function steps(socket: OpenSocket): string[] {
  return socket.frames.map((frame) => `${frame.status} ${frame.tradedQty}`);
}

const IN_ORDER = ["Transit 0", "Pending 0", "Pending 4", "Traded 10"];

test("C230 frames may be repeated", async (t) => {
  const { socket } = await fourFrames(t, [{ kind: "repeat-frames", times: 3 }]);
  await eventually(() => socket.frames.length === 12, { what: "twelve frames" });
  assert.deepEqual(
    steps(socket),
    IN_ORDER.flatMap((step) => [step, step, step]),
  );
});

test("C231 frames may come shuffled, the same way for the same seed", async (t) => {
  const shuffle = { kind: "shuffle-frames", hold: 4, windowMs: 60_000 };
  const runs: string[][] = [];
  for (const seed of [7, 7, 7]) {
    const { socket } = await fourFrames(t, [shuffle], seed);
    await eventually(() => socket.frames.length === 4, { what: "four frames" });
    runs.push(steps(socket));
  }
  assert.deepEqual(runs[0], runs[1]);
  assert.deepEqual([...(runs[0] ?? [])].sort(), [...IN_ORDER].sort());
});

test("C232 held frames leave when their window ends", async (t) => {
  const { socket } = await fourFrames(t, [{ kind: "shuffle-frames", hold: 100, windowMs: 80 }]);
  await eventually(() => socket.frames.length === 4, { what: "four frames" });
});

test("C233 frames may be dropped, some or all", async (t) => {
  const { socket } = await fourFrames(t, [{ kind: "drop-frames", count: 3 }]);
  await eventually(() => socket.frames.length === 1, { what: "the last frame" });
  assert.deepEqual(steps(socket), ["Traded 10"]);
});

test("C234 frames may be late", async (t) => {
  const { box, socket, orderId } = await fourFrames(t, [{ kind: "delay-frames", ms: 100 }]);
  assert.equal((await box.row(orderId)).orderStatus, "TRADED");
  await eventually(() => socket.frames.length === 4, { what: "four frames" });
  assert.deepEqual(steps(socket), IN_ORDER);
});

test("C235 a silent socket stays open and says nothing, not even pongs", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  const socket = await box.openLoggedIn(t);
  const id = await addFault(box, { kind: "silent", match: { clientId: ASHA } });
  socket.socket.ping();
  box.simulator.placeByHand(ASHA, { securityId: "1333", quantity: 5, price: 1600 });
  clock.advance(10_000);
  await box.control("DELETE", `/faults?id=${id}`);
  clock.advance(10_000);
  await eventually(() => socket.pings() === 1, { what: "the first ping after the silence" });
  assert.deepEqual(socket.texts, []);
  assert.equal(socket.socket.readyState, socket.socket.OPEN);
});

test("C236 a cut closes the sockets of one account and refuses it for a while", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  const socket = await box.openLoggedIn(t);
  const closed = once(socket.socket, "close");
  await addFault(box, { kind: "cut", ms: 5_000, match: { clientId: ASHA } });
  await closed;
  const early = await box.openSocket(t);
  await once(early.socket, "close");
  clock.advance(5_000);
  await box.openLoggedIn(t);
});

test("C237 a cut without an account refuses every upgrade", async (t) => {
  const clock = manualClock(MORNING_MS);
  const box = await openBox(t, { clock });
  await addFault(box, { kind: "cut", ms: 5_000 });
  await assert.rejects(box.openSocket(t));
  clock.advance(5_000);
  await box.openLoggedIn(t);
});

test("C238 frames may switch to the documented casing in the middle", async (t) => {
  const { socket } = await fourFrames(t, [{ kind: "pascal", count: 2 }]);
  await eventually(() => socket.frames.length === 4, { what: "four frames" });
  assert.deepEqual(
    socket.frames.map((frame) => frame.Status ?? frame.status),
    ["Transit", "Pending", "Pending", "Traded"],
  );
  assert.equal(socket.frames[3]?.Status, undefined);
});

test("C239 stray frames come as bytes or as any text", async (t) => {
  const box = await openBox(t);
  const socket = await box.openLoggedIn(t);
  await addFault(box, { kind: "stray-frame" });
  await addFault(box, { kind: "stray-frame", text: '{"Type":"other"}' });
  await eventually(() => socket.texts.length === 2, { what: "two stray frames" });
  assert.deepEqual(socket.texts, ["<binary>", '{"Type":"other"}']);
});
