import assert from "node:assert/strict";
import { test } from "node:test";
import { virtualClock } from "../platform/virtual-clock.ts";
import { carryOut } from "./carry-out.ts";

test("nothing is carried out before there is a desk, and who asked is told so", async () => {
  const order = { what: "kill", by: "asha", reason: "" } as const;
  await assert.rejects(carryOut(undefined, order, virtualClock(0)), { code: "TANDEM_STARTING" });
});
