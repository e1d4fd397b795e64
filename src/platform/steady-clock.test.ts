import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "../ports/clock.ts";
import { steadyClock } from "./steady-clock.ts";
import { virtualClock } from "./virtual-clock.ts";

const START_MS = 1_800_000_000_000;

/** A machine's clock that can be put forward and back. */
function machine() {
  const clock = virtualClock(START_MS);
  let stepMs = 0;
  const wall: Clock = {
    nowMs: () => (clock.nowMs() + stepMs) as ReturnType<Clock["nowMs"]>,
    monotonicMs: () => clock.monotonicMs(),
    schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
  };
  const steps = (ms: number) => {
    stepMs += ms;
  };
  return { clock, wall, steps };
}

test("it is the machine's clock as long as that goes on", async () => {
  const { clock, wall } = machine();
  const steady = steadyClock(wall);
  for (const ms of [0.4, 0.3, 1_000, 5]) {
    await clock.run(ms);
    assert.equal(steady.nowMs(), wall.nowMs());
  }
});

test("put back, it goes on a little more slowly until both agree", async () => {
  const { clock, wall, steps } = machine();
  const steady = steadyClock(wall);
  await clock.run(10_000);
  steady.nowMs();
  steps(-9_000);
  assert.equal(steady.nowMs(), START_MS + 10_000);
  await clock.run(10_000);
  assert.equal(steady.nowMs(), START_MS + 19_000);
  await clock.run(80_000);
  assert.equal(steady.nowMs(), wall.nowMs());
  await clock.run(1_000);
  assert.equal(steady.nowMs(), wall.nowMs());
});

test("put forward, it is there at once: a machine that has slept wakes like this", async () => {
  const { clock, wall, steps } = machine();
  const steady = steadyClock(wall);
  steps(3_600_000);
  await clock.run(1);
  assert.equal(steady.nowMs(), wall.nowMs());
});

test("a time that another process has read is not gone back behind", async () => {
  const { clock, wall } = machine();
  const steady = steadyClock(wall);
  assert.equal(steady.hasBeen(START_MS - 5_000), true);
  assert.equal(steady.nowMs(), START_MS);
  assert.equal(steady.hasBeen(START_MS + 90_000), true);
  assert.equal(steady.nowMs(), START_MS + 90_000);
  await clock.run(10_000);
  assert.equal(steady.nowMs(), START_MS + 99_000);
});

test("a time far ahead of the machine's is not followed", () => {
  const { wall } = machine();
  const steady = steadyClock(wall);
  assert.equal(steady.hasBeen(START_MS + 3_600_001), false);
  assert.equal(steady.nowMs(), START_MS);
});

test("timers are the machine's", async () => {
  const { clock, wall } = machine();
  let called = 0;
  steadyClock(wall).schedule(5, () => {
    called += 1;
  });
  await clock.run(5);
  assert.equal(called, 1);
});
