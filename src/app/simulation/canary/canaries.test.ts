import assert from "node:assert/strict";
import { test } from "node:test";
import { checksOf, playTrial } from "../trial.ts";

/** Which check finds the bug; the slow ones need rarer days and are measured by hand. */
const QUICK: Readonly<Record<string, string>> = {
  "resend-on-timeout": "never-twice",
  "exit-by-rule-size": "sides",
  "forget-stop": "protection",
  "ignore-mode": "mode-means-stop",
  "ignore-window": "within-hours",
  "order-by-timestamp": "flat-end",
  "reuse-id": "never-twice",
  "skip-fsync": "intent-first",
};
const SEEDS_MAX = 60;

for (const [canary, check] of Object.entries(QUICK)) {
  test(`the planted bug ${canary} is found by the check ${check}`, async () => {
    assert.ok((await seedThatFinds(canary, check)) <= SEEDS_MAX, `not by ${SEEDS_MAX} seeds`);
  });
}

/** A day that is broken without the bug, too, says nothing about it. */
async function seedThatFinds(canary: string, check: string): Promise<number> {
  let seed = 1;
  for (; seed <= SEEDS_MAX; seed += 1) {
    const isBroken = checksOf((await playTrial({ seed, canary })).broken).includes(check);
    if (isBroken && !checksOf((await playTrial({ seed })).broken).includes(check)) break;
  }
  return seed;
}
