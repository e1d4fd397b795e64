import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, systemRandom } from "./random.ts";

function take(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

test("a seed's numbers are frozen: bug reports name seeds", () => {
  assert.deepEqual(
    take(3, 42).map((value) => Math.floor(value * 1_000_000)),
    [294393, 453439, 912565],
  );
});

test("neighbouring seeds, and seeds beyond 32 bits, part ways at once", () => {
  const seeds = [0, 1, 2, 3, -1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
  assert.equal(new Set(seeds.map((seed) => take(1, seed)[0])).size, seeds.length);
});

test("numbers are spread evenly over [0, 1)", () => {
  const buckets = new Array<number>(10).fill(0);
  for (const value of take(100_000, 7)) {
    assert.ok(value >= 0 && value < 1);
    buckets[Math.floor(value * 10)] = (buckets[Math.floor(value * 10)] ?? 0) + 1;
  }
  for (const count of buckets) assert.ok(Math.abs(count - 10_000) < 500, `${buckets}`);
});

test("the system's numbers lie in [0, 1)", () => {
  const value = systemRandom().next();
  assert.ok(value >= 0 && value < 1);
});
