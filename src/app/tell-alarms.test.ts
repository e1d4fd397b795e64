import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../platform/logger.ts";
import { manualClock } from "../platform/manual-clock.ts";
import { tellAlarms } from "./tell-alarms.ts";

test("errors are told with what they are about, and nothing else is", () => {
  const told: string[] = [];
  const clock = manualClock(Date.UTC(2026, 7, 5, 4, 32, 11));
  const logger = tellAlarms(silentLogger(), { tell: (line) => told.push(line), clock });
  const child = logger.child({ account: "asha" });
  child.info("childOrder.answered", { outcome: "accepted" });
  child.error("alarm.exit-rejected", {
    copyId: "leader-asha/34",
    text: "Invalid Token",
    x: undefined,
  });
  assert.deepEqual(told, [
    "10:02:11.000 ALARM exit-rejected: account asha, copyId leader-asha/34, text Invalid Token",
  ]);
});
