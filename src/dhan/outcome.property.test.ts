import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { outcomeOfReply } from "./outcome.ts";

const kind = fc.constantFrom("place" as const, "modify" as const, "cancel" as const);
const status = fc.integer({ min: 200, max: 599 });
const errorBody = fc.record({
  errorType: fc.constantFrom("Input_Exception", "Order_Error"),
  errorCode: fc.constantFrom("DH-901", "DH-905", "DH-906", "DH-908", "805", "808"),
  errorMessage: fc.oneof(
    fc.string(),
    fc.constantFrom("Invalid Token", "Invalid IP", "quantity is required", "lot size"),
  ),
});
const body = fc.oneof(
  fc.string(),
  fc.json(),
  errorBody.map((value) => JSON.stringify(value)),
  fc
    .record({ orderId: fc.string(), orderStatus: fc.string() })
    .map((value) => JSON.stringify(value)),
);

const REFUSING: ReadonlySet<number> = new Set([400, 401, 403]);

test("any answer comes to an outcome, and only refusing statuses can reject", () => {
  fc.assert(
    fc.property(kind, status, body, (command, code, text) => {
      const reply = { status: code, body: text };
      const outcome = outcomeOfReply({ kind: command }, reply, (words) => words);
      assert.notEqual(outcome.kind, "notSent");
      if (outcome.kind === "accepted") assert.ok(code < 300);
      if (outcome.kind === "rejected" && code >= 300) assert.ok(REFUSING.has(code));
    }),
    { numRuns: 2_000 },
  );
});
