import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../platform/random.ts";
import { retryDelayMs } from "./reconnect.ts";

const TIMING = { firstRetryMs: 250, maxRetryMs: 30_000 };

// Failures in a row, shortest wait, longest wait.
const ROWS: readonly (readonly [number, number, number])[] = [
  [0, 100, 250],
  [1, 200, 500],
  [2, 400, 1_000],
  [6, 6_400, 16_000],
  [7, 12_000, 30_000],
  [8, 12_000, 30_000],
  [5_000, 12_000, 30_000],
  [Number.MAX_SAFE_INTEGER, 12_000, 30_000],
];

for (const [failures, shortestMs, longestMs] of ROWS) {
  test(`after ${failures} failures waits ${shortestMs} to ${longestMs} ms`, () => {
    assert.equal(retryDelayMs(failures, TIMING, { next: () => 0 }), shortestMs);
    assert.equal(retryDelayMs(failures, TIMING, { next: () => 1 }), longestMs);
  });
}

test("two accounts do not come back in step", () => {
  const one = retryDelayMs(3, TIMING, seededRandom(1));
  assert.notEqual(one, retryDelayMs(3, TIMING, seededRandom(2)));
});
