/** Each check is shown what it is for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  explained,
  intentFirst,
  neverLost,
  neverTwice,
  suspendedMeansStop,
  unknownIsAState,
} from "./audited.ts";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { brokerRules } from "./broker-rules.ts";
import { exitsFirst } from "./exits-first.ts";
import { flatEnd } from "./flat-end.ts";
import { killMeansStop } from "./kill-means-stop.ts";
import { sides } from "./sides.ts";

const OTHER = "T0000000000000000000000B2";

test("two orders of one name are told of", async () => {
  const { told, sends } = benchOf(neverTwice);
  const first = await sends({});
  assert.deepEqual(told, []);
  const second = await sends({});
  assert.match(told.join(), new RegExp(`${first.orderId} and ${second.orderId} have one name`));
});

test("two orders alive for one part of a leader's order are told of", async () => {
  const { told, sends, writes } = benchOf(neverTwice);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "71"));
  await sends({});
  assert.deepEqual(told, []);
  await sends({ correlationId: OTHER });
  assert.match(told.join(), /71\/entry\/0: alive at once/);
});

test("a leader's order for which nothing was decided is told of, and a reason settles it", async () => {
  const { world, check, told, writes } = benchOf(neverLost);
  const order = {
    securityId: "1333",
    transactionType: "BUY",
    quantity: 1,
    orderType: "MARKET",
    price: 0,
  };
  const { body } = world.simulator.placeByHand(world.clientOf("leader"), order);
  const { orderId } = body as { orderId: string };
  await world.clock.run(1_000);
  await check.atEnd?.();
  assert.match(told.join(), new RegExp(`asha: nothing was decided for the leader's ${orderId}`));
  told.length = 0;
  writes({
    kind: "skipped",
    copyId: `leader-asha/${orderId}`,
    leg: "entry",
    code: "x",
    inputs: {},
  });
  await check.atEnd?.();
  assert.deepEqual(told, []);
});

test("an order at the broker before its intent is told of, and one after it is not", async () => {
  const { told, sends, writes } = benchOf(intentFirst);
  writes(intentOf(NAME_OF_OURS, "71"));
  await sends({});
  assert.deepEqual(told, []);
  await sends({ correlationId: OTHER });
  assert.match(told.join(), new RegExp(`${OTHER}.*without an intent`));
});

test("an exit that arrives after an entry decided later is told of", async () => {
  const { world, check, told, sends, writes } = benchOf(exitsFirst);
  writes(intentOf(OTHER, "70", "exit"));
  await world.clock.run(10);
  writes(intentOf(NAME_OF_OURS, "71"));
  await sends({});
  await sends({ correlationId: OTHER });
  await check.atEnd?.();
  assert.match(told.join(), new RegExp(`exit ${OTHER} waited behind entry ${NAME_OF_OURS}`));
});

test("an exit that a limit for entries has refused is told of", () => {
  const { told, writes } = benchOf(exitsFirst);
  writes({
    kind: "skipped",
    copyId: "leader-asha/71",
    leg: "exit",
    code: "close-only",
    inputs: {},
  });
  assert.match(told.join(), /leader-asha\/71 exit close-only/);
});

test("more order calls in a second than the broker takes are told of", async () => {
  const { check, told, world, sends } = benchOf(brokerRules);
  const calls = Array.from({ length: 12 }, (_, index) =>
    sends({ correlationId: `X${index}` }).catch(() => {}),
  );
  await Promise.allSettled(calls.slice(0, 1));
  await world.clock.run(2_000);
  await check.atEnd?.();
  assert.match(told.join(), /turned away for their rate/);
});

test("an order decided while another of its instrument is unknown is told of", () => {
  const { told, writes } = benchOf(unknownIsAState);
  const answer = { kind: "commandAnswered", command: "place", outcome: { kind: "unknown" } };
  writes(intentOf(NAME_OF_OURS, "71"), { ...answer, correlationId: NAME_OF_OURS });
  assert.deepEqual(told, []);
  writes(intentOf(OTHER, "72"));
  assert.match(told.join(), new RegExp(`${OTHER} was decided while ${NAME_OF_OURS} was unknown`));
});

test("an order that was declared absent and is in the book is told of", async () => {
  const { told, check, sends, writes } = benchOf(unknownIsAState);
  writes(intentOf(NAME_OF_OURS, "71"));
  const { orderId } = await sends({});
  writes({ kind: "absenceProved", correlationId: NAME_OF_OURS });
  await check.atEnd?.();
  assert.match(told.join(), new RegExp(`declared absent and is order ${orderId}`));
});

test("an entry that is decided for a suspended account is told of", () => {
  const { told, writes } = benchOf(suspendedMeansStop);
  writes({ kind: "suspended", reason: "auth", text: "" }, intentOf(OTHER, "70", "exit"));
  assert.deepEqual(told, []);
  writes(intentOf(NAME_OF_OURS, "71"));
  assert.match(told.join(), /an entry of leader-asha\/71 while suspended/);
});

const STOPPED = { kind: "entriesStopped", cause: "kill", by: "operator", text: "" };

test("an entry that arrives after the kill switch is durable is told of, an exit is not", async () => {
  const { told, sends, writes } = benchOf(killMeansStop);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "70", "exit"));
  writes(STOPPED);
  await sends({ correlationId: OTHER });
  assert.deepEqual(told, []);
  await sends({});
  assert.match(
    told.join(),
    new RegExp(`the entry \\d+ \\(${NAME_OF_OURS}\\) arrives after kill of`),
  );
  told.length = 0;
  writes({ kind: "entriesAllowed", cause: "kill", by: "operator" });
  writes(intentOf("T0000000000000000000000C3", "72"));
  await sends({ correlationId: "T0000000000000000000000C3" });
  assert.deepEqual(told, []);
});

test("an entry that works on after the kill switch is told of, and one that was asked to end is not", async () => {
  const { world, told, sends, writes } = benchOf(killMeansStop);
  writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "72"));
  const first = await sends({ price: 1_400 });
  const second = await sends({ price: 1_401, correlationId: OTHER });
  writes(STOPPED, {
    kind: "cancelIntended",
    command: { kind: "cancel", brokerOrderId: second.orderId },
  });
  await world.clock.run(30_000);
  assert.deepEqual(told.length, 1);
  assert.match(told.join(), new RegExp(`the entry ${first.orderId} still works`));
});

test("a token in the journal, and a fill that it does not know, are told of", async () => {
  const { told, check, sends, writes, accessToken } = benchOf(explained);
  writes({ kind: "alarmed", code: "x", inputs: { text: accessToken } });
  assert.match(told.join(), /a token in alarmed/);
  writes({ kind: "copyOpened", copyId: "leader-asha/71" }, intentOf(NAME_OF_OURS, "71"));
  const { orderId } = await sends({ orderType: "MARKET", price: 0 });
  await check.atEnd?.();
  assert.match(told.join(), new RegExp(`${orderId} filled 10, the journal says 0`));
});

test("an order of ours on a side where the leader never was is told of, one of the broker is not", async () => {
  const { told, sends, writes } = benchOf(sides);
  await sends({ orderType: "MARKET", price: 0, correlationId: OTHER });
  assert.deepEqual(told, []);
  writes(intentOf(NAME_OF_OURS, "71"));
  await sends({ orderType: "MARKET", price: 0 });
  assert.match(told.join(), /is long 20 in NSE_EQ:1333 INTRADAY where the leader is not/);
});

test("units that are left are told of, unless an exit is held back at that moment", async () => {
  const { told, check, sends, writes } = benchOf(flatEnd);
  await sends({ orderType: "MARKET", price: 0 });
  await check.atEnd?.();
  assert.match(told.join(), /asha ends with 10 of NSE_EQ:1333 INTRADAY/);
  told.length = 0;
  const copyId = "leader-asha/71";
  const held = { kind: "held", copyId, leg: "exit", inputs: {} };
  writes(
    { kind: "copyOpened", copyId, instrument: "NSE_EQ:1333" },
    { ...held, code: "exit-rejected" },
  );
  await check.atEnd?.();
  assert.deepEqual(told, []);
  writes(held);
  await check.atEnd?.();
  assert.equal(told.length, 1);
});

test("an order above the freeze quantity is told of", async () => {
  const { told, check, writes } = benchOf(brokerRules);
  const { command, ...intent } = intentOf(NAME_OF_OURS, "71");
  const terms = { quantity: 1_820 };
  writes({ ...intent, command: { ...command, instrument: "NSE_FNO:52002", terms } });
  await check.atEnd?.();
  assert.match(told.join(), /for 1820 of NSE_FNO:52002/);
});
