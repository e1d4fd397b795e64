import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";

test("a scheduled callback comes once, not before its time", async () => {
  const clock = systemClock();
  const startedMs = clock.monotonicMs();
  await new Promise<void>((resolve) => clock.schedule(20, resolve));
  // Node's timers count whole milliseconds, so one may come up to a millisecond early.
  assert.ok(clock.monotonicMs() - startedMs >= 19);
});

test("a delay beyond what timers can hold does not fire at once, and can be cancelled", async () => {
  const clock = systemClock();
  let fired = false;
  const cancel = clock.schedule(30 * 86_400_000, () => {
    fired = true;
  });
  await new Promise<void>((resolve) => clock.schedule(20, resolve));
  cancel();
  assert.equal(fired, false);
});
