import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RequestLimits } from "./request-limits.ts";

const WINDOWS = [
  { spanMs: 1_000, most: 10 },
  { spanMs: 60_000, most: 250 },
  { spanMs: 3_600_000, most: 1_000 },
];

/** How many of the taken times lie in the window that ends at `nowMs`. */
function used(taken: readonly number[], nowMs: number, spanMs: number): number {
  return taken.filter((atMs) => atMs > nowMs - spanMs).length;
}

test("a request is taken exactly when no sliding window is full", () => {
  const gap = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.constant(20_000));
  fc.assert(
    fc.property(fc.array(gap, { maxLength: 600 }), (gaps) => {
      const limits = new RequestLimits("dhan");
      const taken: number[] = [];
      let nowMs = 0;
      for (const gapMs of gaps) {
        nowMs += gapMs;
        const room = WINDOWS.every(({ spanMs, most }) => used(taken, nowMs, spanMs) < most);
        assert.equal(limits.take(true, nowMs, "sliding"), room);
        if (room) taken.push(nowMs);
      }
    }),
    { numRuns: 60 },
  );
});
