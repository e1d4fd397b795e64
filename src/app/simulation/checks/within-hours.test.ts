/** Entries at hours at which there should be none, shown to the check. The bench begins at ten. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CopyWindow } from "../../../core/model/guards.ts";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { withinHours } from "./within-hours.ts";

const TEN = 600;
const OUTSIDE = /is decided at 10:0.* outside of the window/;
const DAY = "2026-12-01";

type Bench = ReturnType<typeof benchOf>;

const benchWithin = (window: CopyWindow) => benchOf(withinHours, { guards: { window } });

const until = ({ world }: Bench, time: string) =>
  world.clock.run(Date.parse(`${DAY}T${time}+05:30`) - world.clock.nowMs());

function leads({ world }: Bench): string {
  const bid = { securityId: "1333", transactionType: "BUY", orderType: "LIMIT" };
  const order = { ...bid, quantity: 10, price: 1_600 };
  const reply = world.simulator.placeByHand(world.clientOf("leader"), order);
  return (reply.body as { orderId: string }).orderId;
}

test("an entry before the copy window or after it is told of, an exit or one within it is not", async () => {
  const bench = benchWithin({ fromMinute: TEN + 1, toMinute: TEN + 2 });
  await until(bench, "10:00:30");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench), "exit"));
  assert.deepEqual(bench.told, []);
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.match(bench.told.join(), OUTSIDE);
  bench.told.length = 0;
  await until(bench, "10:01:30");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.deepEqual(bench.told, []);
  await until(bench, "10:02:05");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.match(bench.told.join(), OUTSIDE);
});

test("one that was held up counts by all hours since the leader's order was there", async () => {
  const bench = benchWithin({ fromMinute: TEN, toMinute: TEN + 1 });
  bench.world.troubles.begins("asha");
  await until(bench, "10:00:50");
  const early = leads(bench);
  await until(bench, "10:01:30");
  const late = leads(bench);
  await until(bench, "10:02:30");
  bench.writes(intentOf(NAME_OF_OURS, early));
  assert.deepEqual(bench.told, []);
  bench.writes(intentOf(NAME_OF_OURS, late));
  assert.match(bench.told.join(), OUTSIDE);
});

test("a window that was edited away just before lets through what was decided since", async () => {
  const bench = benchWithin({ fromMinute: TEN + 5, toMinute: TEN + 6 });
  await until(bench, "10:01:00");
  bench.world.editRules("asha", {});
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.deepEqual(bench.told, []);
  bench.world.editRules("asha", { guards: { window: { fromMinute: TEN + 5, toMinute: TEN + 6 } } });
  await until(bench, "10:02:00");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.match(bench.told.join(), OUTSIDE);
});

test("while the machine's clock has stepped and nothing has shown it, no hour is held against it", async () => {
  const bench = benchWithin({ fromMinute: TEN + 1, toMinute: TEN + 2 });
  await until(bench, "10:00:20");
  bench.world.machine.wallOffsetMs = 90_000;
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  bench.world.machine.wallOffsetMs = 0;
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.deepEqual(bench.told, []);
  for (let count = 0; count < 40; count += 1) leads(bench);
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.match(bench.told.join(), OUTSIDE);
});

test("an entry outside of the session is told of, unless the broker keeps it until he may send it", async () => {
  const spans = [[TEN - 60, TEN + 1]] as const;
  const bench = benchOf(withinHours, {}, { calendar: { spans, days: [DAY] } });
  await until(bench, "10:00:50");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.deepEqual(bench.told, []);
  await until(bench, "10:01:20");
  const intent = intentOf(NAME_OF_OURS, leads(bench));
  for (const kept of [{ isAfterMarket: true }, { vehicle: "forever" }]) {
    bench.writes({ ...intent, command: { ...intent.command, ...kept } });
  }
  assert.deepEqual(bench.told, []);
  bench.writes(intent);
  assert.match(bench.told.join(), /is decided at 10:01:20.* outside of the session/);
});

test("an entry of a day that the calendar does not cover is told of", async () => {
  const calendar = { spans: [[0, 1_440]] as const, days: ["2026-11-30"] };
  const bench = benchOf(withinHours, {}, { calendar });
  await until(bench, "10:00:50");
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  assert.match(bench.told.join(), /outside of the session/);
});

test("an entry that is to become more after the window is told of, one that becomes less is not", async () => {
  const bench = benchWithin({ fromMinute: TEN, toMinute: TEN + 1 });
  bench.writes(intentOf(NAME_OF_OURS, leads(bench)));
  const { orderId } = await bench.sends({ price: 1_400 });
  const becomes = (quantity: number) => {
    const command = { kind: "modify", correlationId: NAME_OF_OURS, brokerOrderId: orderId };
    bench.writes({ kind: "modifyIntended", command: { ...command, terms: { quantity } } });
  };
  becomes(20);
  await until(bench, "10:01:10");
  becomes(5);
  assert.deepEqual(bench.told, []);
  becomes(20);
  assert.match(bench.told.join(), /is to become 20 at 10:01:10.*, outside of the window/);
});

test("what was left out for the hour and is copied later is told of", () => {
  const { told, writes } = benchOf(withinHours);
  const skipped = { kind: "skipped", copyId: "leader-asha/71", leg: "entry", inputs: {} };
  writes({ ...skipped, code: "market-closed" }, intentOf(NAME_OF_OURS, "71"));
  assert.match(told.join(), /leader-asha\/71 is copied after it was left out: market-closed/);
});
