import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manualClock } from "../platform/manual-clock.ts";
import { RateBudget } from "./rate-budget.ts";

const WINDOWS = [
  { windowMs: 1_000, most: 10, reserve: 2 },
  { windowMs: 10_000, most: 40, reserve: 5 },
];
const LANES = ["exit", "cancel", "modify", "entry"] as const;

/** Most of `times` in any sliding window. */
function busiest(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(0, ...sorted.map((t) => sorted.filter((u) => u >= t && u < t + windowMs).length));
}

test("however replies are delayed, the broker counts no more than it allows in any window", () => {
  const call = fc.record({
    lane: fc.constantFrom(...LANES),
    gapMs: fc.integer({ min: 0, max: 400 }),
    replyMs: fc.integer({ min: 0, max: 1_900 }),
    /** Where between sending and reply the broker counted it. */
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 120 }), (calls) => {
      const clock = manualClock(0);
      const budget = new RateBudget(clock, WINDOWS);
      const counted: number[] = [];
      for (const { lane, gapMs, replyMs, share } of calls) {
        clock.advance(gapMs);
        clock.advance(budget.waitMs(lane));
        assert.equal(budget.waitMs(lane), 0);
        const done = budget.take();
        counted.push(clock.monotonicMs() + share * replyMs);
        clock.schedule(replyMs, done);
      }
      for (const { windowMs, most } of WINDOWS) assert(busiest(counted, windowMs) <= most);
    }),
    { numRuns: 200 },
  );
});

test("entries leave a reserve that exits and cancels can take at once", () => {
  const clock = manualClock(0);
  const budget = new RateBudget(clock, WINDOWS);
  for (let count = 0; count < 8; count += 1) {
    assert.equal(budget.waitMs("entry"), 0);
    budget.take()();
  }
  assert.equal(budget.waitMs("entry"), 1_000);
  assert.equal(budget.waitMs("modify"), 1_000);
  assert.equal(budget.waitMs("exit"), 0);
  budget.take()();
  assert.equal(budget.waitMs("cancel"), 0);
  budget.take()();
  assert.equal(budget.waitMs("cancel"), 1_000);
});

test("calls of an earlier run still count", () => {
  const clock = manualClock(50_000);
  const budget = new RateBudget(clock, WINDOWS);
  budget.remember(Array.from({ length: 10 }, () => 400));
  assert.equal(budget.waitMs("exit"), 600);
  clock.advance(600);
  assert.equal(budget.waitMs("exit"), 0);
});

test("a pause holds every lane, exits too", () => {
  const clock = manualClock(0);
  const budget = new RateBudget(clock, WINDOWS);
  budget.pause(700);
  assert.equal(budget.waitMs("exit"), 700);
  assert.equal(budget.waitMs("entry"), 700);
});

test("a reply that never comes frees its slot once the request must have arrived", () => {
  const clock = manualClock(0);
  const budget = new RateBudget(clock, [{ windowMs: 1_000, most: 1, reserve: 0 }]);
  budget.take();
  assert.equal(budget.waitMs("exit"), 3_000);
});
