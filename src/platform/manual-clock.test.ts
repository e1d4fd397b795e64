import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "./manual-clock.ts";

test("callbacks fire in the order of their times, then of their scheduling", () => {
  const clock = manualClock(1_000);
  const fired: string[] = [];
  clock.schedule(20, () => fired.push(`late at ${clock.monotonicMs()}`));
  clock.schedule(10, () => fired.push(`first at ${clock.nowMs()}`));
  clock.schedule(10, () => fired.push(`second at ${clock.nowMs()}`));
  clock.advance(15);
  assert.deepEqual(fired, ["first at 1010", "second at 1010"]);
  assert.equal(clock.nextDueInMs(), 5);
  clock.advance(5);
  assert.deepEqual(fired.at(-1), "late at 20");
  assert.equal(clock.nextDueInMs(), undefined);
});

test("what a callback schedules fires in the same advance when it falls due there", () => {
  const clock = manualClock(0);
  const ticks: number[] = [];
  const tick = () => {
    ticks.push(clock.monotonicMs());
    clock.schedule(10, tick);
  };
  clock.schedule(10, tick);
  clock.advance(35);
  assert.deepEqual(ticks, [10, 20, 30]);
});

test("a cancelled callback never fires, even when an earlier one of the same moment cancels it", () => {
  const clock = manualClock(0);
  let fired = false;
  let cancel = () => {};
  clock.schedule(10, () => cancel());
  cancel = clock.schedule(10, () => {
    fired = true;
  });
  clock.advance(10);
  assert.equal(fired, false);
});

test("time does not go back, and a callback that never lets it pass is found", () => {
  const clock = manualClock(0);
  assert.throws(() => clock.advance(-1), /go back/);
  const again = () => {
    clock.schedule(0, again);
  };
  again();
  assert.throws(() => clock.advance(1), /reschedules itself/);
});
