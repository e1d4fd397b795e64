import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "../../platform/manual-clock.ts";
import { watchLiveness } from "./liveness.ts";

function watched() {
  const clock = manualClock(0);
  const told: string[] = [];
  const liveness = watchLiveness({
    clock,
    pingEveryMs: 10_000,
    staleAfterMs: 25_000,
    ping: () => told.push(`ping at ${clock.monotonicMs()}`),
    giveUp: (silentMs) => told.push(`gave up at ${clock.monotonicMs()} after ${silentMs}`),
  });
  return { clock, told, liveness };
}

test("pings every ten seconds while the other side answers", () => {
  const { clock, told, liveness } = watched();
  for (let round = 0; round < 4; round++) {
    clock.advance(10_000);
    liveness.signOfLife();
  }
  assert.deepEqual(told, ["ping at 10000", "ping at 20000", "ping at 30000", "ping at 40000"]);
});

test("gives up once, exactly at the deadline, when nothing has ever come", () => {
  const { clock, told } = watched();
  clock.advance(24_999);
  assert.deepEqual(told, ["ping at 10000", "ping at 20000"]);
  clock.advance(100_000);
  assert.deepEqual(told.slice(2), ["gave up at 25000 after 25000"]);
});

test("counts the silence from the last sign of life, however it came in between", () => {
  const { clock, told, liveness } = watched();
  clock.advance(24_000);
  liveness.signOfLife();
  clock.advance(24_000);
  assert.ok(!told.some((line) => line.startsWith("gave up")));
  clock.advance(1_000);
  assert.equal(told.at(-1), "gave up at 49000 after 25000");
});

test("leaves no timer behind, stopped once or twice or after giving up", () => {
  const stopped = watched();
  stopped.liveness.stop();
  stopped.liveness.stop();
  assert.equal(stopped.clock.nextDueInMs(), undefined);
  const stale = watched();
  stale.clock.advance(25_000);
  assert.equal(stale.clock.nextDueInMs(), undefined);
  stale.liveness.stop();
  assert.deepEqual(stopped.told, []);
});

test("stopping from within a ping leaves no timer behind", () => {
  const clock = manualClock(0);
  const liveness = watchLiveness({
    clock,
    pingEveryMs: 10,
    staleAfterMs: 25,
    ping: () => liveness.stop(),
    giveUp: () => assert.fail("it was stopped"),
  });
  clock.advance(10);
  assert.equal(clock.nextDueInMs(), undefined);
});
