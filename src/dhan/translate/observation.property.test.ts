import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { toEpochMs } from "../../core/model/time.ts";
import { WireFault } from "../errors.ts";
import { readFrame } from "../stream/read-frame.ts";
import { orderRow } from "../wire/order.ts";
import { observationOfRow } from "./order-row.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const CONTEXT = { clientId: "1100000007", nowMs: toEpochMs(42), redact: (text: string) => text };
const ALERT = fixture("order-alert-traded-camel").Data;
const ROW = fixture("get-order-by-id-object");

function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

/** A good object in which some fields are anything at all. */
function damaged(good: Record<string, unknown>) {
  const keys = fc.constantFrom(...Object.keys(good));
  const values = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.constantFrom(-1, 0, 1e300, "", "NA", "9".repeat(60), null),
  );
  return fc.dictionary(keys, values, { maxKeys: 4 }).map((damage) => ({ ...good, ...damage }));
}

test("no frame is fatal, however damaged: it is an order or unreadable", () => {
  fc.assert(
    fc.property(damaged(ALERT), (Data) => {
      const event = readFrame(JSON.stringify({ Data, Type: "order_alert" }), CONTEXT);
      assert.ok(event.kind === "order" || event.text !== "");
    }),
    { numRuns: 2_000 },
  );
});

test("no JSON is fatal", () => {
  fc.assert(
    fc.property(fc.json(), (text) => assert.equal(readFrame(text, CONTEXT).kind, "unreadable")),
  );
});

test("a damaged row is refused by its schema or its translator, in no other way", () => {
  fc.assert(
    fc.property(damaged(ROW), (damage) => {
      const row = orderRow.safeParse(damage);
      if (!row.success) return;
      try {
        assert.ok(observationOfRow(row.data, CONTEXT).terms.quantity > 0);
      } catch (error) {
        assert.ok(error instanceof WireFault, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
