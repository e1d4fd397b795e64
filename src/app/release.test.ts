import assert from "node:assert/strict";
import { test } from "node:test";
import type { StopCause } from "../core/model/fact.ts";
import { NO_STOPS, type Stop } from "../core/order/stops.ts";
import { releasedOf } from "./release.ts";

function stoppedBy(account: string, ...causes: readonly StopCause[]) {
  const stop: Stop = { by: "asha", text: "", atMs: 1, isForAll: false };
  const each = Object.fromEntries(causes.map((cause) => [cause, stop]));
  return { account, stops: { ...NO_STOPS, causes: each } };
}

test("it says whose stops a release ends, and what it leaves stopped", () => {
  const followers = [
    stoppedBy("asha", "kill"),
    stoppedBy("ravi", "square-off", "breaker"),
    stoppedBy("dev"),
    stoppedBy("noor", "disk"),
  ];
  const stillStopped = [
    { account: "ravi", causes: ["breaker"] },
    { account: "noor", causes: ["disk"] },
  ];
  assert.deepEqual(releasedOf("release", followers), { ended: ["asha", "ravi"], stillStopped });
});

test("a reset of the breaker leaves what a person has stopped", () => {
  const followers = [stoppedBy("asha", "breaker"), stoppedBy("ravi", "kill")];
  const stillStopped = [{ account: "ravi", causes: ["kill"] }];
  assert.deepEqual(releasedOf("reset-breaker", followers), { ended: ["asha"], stillStopped });
});
