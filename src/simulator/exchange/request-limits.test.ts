import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestLimits } from "./request-limits.ts";

const BURST = 10;

function asks(limits: RequestLimits, nowMs: number): void {
  for (let count = 0; count < BURST; count += 1) limits.take(true, nowMs, "sliding");
}

test("requests of the evening and of the morning are not of one second", () => {
  const limits = new RequestLimits("dhan");
  asks(limits, 1);
  limits.clear();
  asks(limits, 2);
  assert.equal(limits.orderRequestsPerSecondMax, BURST);
});

test("a refused request counts among those of one second", () => {
  const limits = new RequestLimits("dhan");
  asks(limits, 1);
  assert.equal(limits.take(true, 2, "sliding"), false);
  assert.equal(limits.orderRequestsPerSecondMax, BURST + 1);
});
