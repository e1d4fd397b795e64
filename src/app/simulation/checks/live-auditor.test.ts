import assert from "node:assert/strict";
import { test } from "node:test";
import type { Life } from "../life.ts";
import { World } from "../world.ts";
import { liveAuditor } from "./live-auditor.ts";

async function toldOf(...begun: readonly Pick<Life, "auditFaults" | "breaches">[]) {
  const world = new World({ seed: 1, followers: [{ name: "asha", bps: 10_000 }] });
  const told: string[] = [];
  const check = liveAuditor(world, (text) => told.push(text));
  world.begun.push(...(begun as Life[]));
  world.toldBy.add("never-twice");
  await check.atEnd?.();
  return told;
}

function breachOf(check: string) {
  return { check, promise: "P1", text: "it is broken", atMs: 0 };
}

test("a breach that the truth shows, too, is nothing to tell of, and another is a false alarm", async () => {
  const breaches = [breachOf("never-twice"), breachOf("never-lost")];
  assert.deepEqual(await toldOf({ auditFaults: 0, breaches }, { auditFaults: 0, breaches: [] }), [
    "false alarm: never-lost: it is broken",
  ]);
});

test("an auditor whose checks fail is told of", async () => {
  assert.deepEqual(await toldOf({ auditFaults: 2, breaches: [] }), ["its checks failed 2 times"]);
});
