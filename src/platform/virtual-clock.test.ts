import assert from "node:assert/strict";
import { test } from "node:test";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

const START_MS = Date.parse("2026-01-05T09:15:00+05:30");

function sleeper(clock: VirtualClock) {
  return (ms: number) => new Promise<void>((resolve) => clock.schedule(ms, resolve));
}

test("time stands at the due moment while a callback runs, and at the end of the run after it", async () => {
  const clock = virtualClock(START_MS);
  const seen: number[] = [];
  clock.schedule(30, () => seen.push(clock.monotonicMs()));
  clock.schedule(10.5, () => seen.push(clock.monotonicMs(), clock.nowMs() - START_MS));
  await clock.run(100);
  assert.deepEqual(seen, [10.5, 10, 30]);
  assert.equal(clock.monotonicMs(), 100);
  assert.equal(clock.turns, 2);
});

test("a chain of promises of any length ends before the next callback at the same instant", async () => {
  const clock = virtualClock(START_MS);
  const trail: string[] = [];
  clock.schedule(1, async () => {
    for (let link = 0; link < 500; link += 1) await Promise.resolve();
    trail.push("chain");
  });
  clock.schedule(1, () => trail.push("next"));
  await clock.run(1);
  assert.deepEqual(trail, ["chain", "next"]);
});

test("what a chain schedules takes its place in the same run", async () => {
  const clock = virtualClock(START_MS);
  const sleep = sleeper(clock);
  const trail: string[] = [];
  const walk = async (name: string, stepMs: number) => {
    for (let step = 1; step <= 3; step += 1) {
      await sleep(stepMs);
      trail.push(`${name}@${clock.monotonicMs()}`);
    }
  };
  void walk("slow", 50);
  void walk("quick", 20);
  await clock.run(150);
  assert.deepEqual(trail, ["quick@20", "quick@40", "slow@50", "quick@60", "slow@100", "slow@150"]);
});

test("a run until a condition stops the time where it was met", async () => {
  const clock = virtualClock(START_MS);
  let count = 0;
  const again = () => {
    count += 1;
    clock.schedule(10, again);
  };
  clock.schedule(10, again);
  assert.equal(await clock.runUntil(() => count === 200, 60_000), true);
  assert.equal(clock.monotonicMs(), 2_000);
  assert.equal(await clock.runUntil(() => count === 0, 1_000), false);
  assert.equal(clock.monotonicMs(), 3_000);
});

test("what was cancelled is not called and not waited for", async () => {
  const clock = virtualClock(START_MS);
  const cancel = clock.schedule(5, () => assert.fail("it was cancelled"));
  assert.equal(clock.waiting, 1);
  cancel();
  assert.equal(clock.waiting, 0);
  await clock.run(10);
});

test("what a callback throws ends the run, and the clock can go on", async () => {
  const clock = virtualClock(START_MS);
  clock.schedule(1, () => {
    throw new Error("a broken callback");
  });
  await assert.rejects(clock.run(5), /a broken callback/);
  await clock.run(5);
  assert.equal(clock.monotonicMs(), 6);
});

test("a callback that reschedules itself without delay is found", async () => {
  const clock = virtualClock(START_MS);
  const again = () => void clock.schedule(0, again);
  again();
  await assert.rejects(clock.run(5), /without delay/);
});

test("two runs at once are refused", async () => {
  const clock = virtualClock(START_MS);
  const first = clock.run(5);
  await assert.rejects(clock.run(5), /already running/);
  await first;
});

test("a sleep moves the wall clock alone: nothing was due meanwhile", async () => {
  const clock = virtualClock(1_000);
  const called: number[] = [];
  clock.schedule(50, () => called.push(clock.nowMs()));
  clock.sleep(3_600_000);
  assert.deepEqual([clock.nowMs(), clock.monotonicMs(), called], [3_601_000, 0, []]);
  await clock.run(50);
  assert.deepEqual(called, [3_601_050]);
});

test("a timer too fine to be told from now is still later than now", async () => {
  const clock = virtualClock(0);
  await clock.run(90_000.123);
  const times: number[] = [];
  const again = () => {
    times.push(clock.monotonicMs());
    if (times.length < 3) clock.schedule(1e-13, again);
  };
  again();
  await clock.run(1);
  assert.ok((times[0] ?? 0) < (times[1] ?? 0) && (times[1] ?? 0) < (times[2] ?? 0));
});
