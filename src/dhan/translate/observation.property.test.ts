import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { toEpochMs } from "../../core/model/time.ts";
import { BrokerFault } from "../../ports/broker.ts";
import { createDhanBroker } from "../client.ts";
import { WireFault } from "../errors.ts";
import { readFrame } from "../stream/read-frame.ts";
import { foreverRow } from "../wire/forever-order.ts";
import { orderRow } from "../wire/order.ts";
import { superOrderRow } from "../wire/super-order.ts";
import { observationsOfForever } from "./forever-row.ts";
import { observationsOfRows } from "./order-row.ts";
import { observationOfSuperRow } from "./super-row.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);
const CONTEXT = { clientId: "1100000007", nowMs: toEpochMs(42), redact: (text: string) => text };
const ALERT = fixture("order-alert-traded-camel").Data;
const LEG_ALERT = fixture("order-alert-super-stop-leg-same-id").Data;
const [SUPER_ROW] = fixture("get-super-orders-part-traded");
const [STOP_HALF, TARGET_HALF] = fixture("get-forever-oco");
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

for (const [name, good] of [
  ["a plain order", ALERT],
  ["a leg", LEG_ALERT],
] as const) {
  test(`no frame of ${name} is fatal, however damaged: it is an order or unreadable`, () => {
    fc.assert(
      fc.property(damaged(good), (Data) => {
        const event = readFrame(JSON.stringify({ Data, Type: "order_alert" }), CONTEXT);
        assert.ok(event.kind === "order" || event.text !== "");
      }),
      { numRuns: 2_000 },
    );
  });
}

test("no JSON is fatal", () => {
  fc.assert(
    fc.property(fc.json(), (text) => assert.equal(readFrame(text, CONTEXT).kind, "unreadable")),
  );
});

/** Runs a translation that may refuse, and lets nothing else through than a WireFault. */
function orRefused(translation: () => void): void {
  try {
    translation();
  } catch (error) {
    assert.ok(error instanceof WireFault, String(error));
  }
}

test("damaged rows are refused by their schema or their translator, in no other way", () => {
  fc.assert(
    fc.property(fc.array(damaged(ROW), { maxLength: 3 }), (damage) => {
      const rows = z.array(orderRow).safeParse(damage);
      if (!rows.success) return;
      orRefused(() => {
        for (const order of observationsOfRows(rows.data, CONTEXT)) {
          assert.ok(order.terms.quantity > 0);
        }
      });
    }),
    { numRuns: 2_000 },
  );
});

test("a damaged Super Order is refused by its schema or its translator, in no other way", () => {
  const [stop, target] = SUPER_ROW.legDetails;
  const rows = fc
    .record({ row: damaged(SUPER_ROW), stop: damaged(stop), target: damaged(target) })
    .map(({ row, ...legs }) => ({ ...row, legDetails: [legs.stop, legs.target] }));
  fc.assert(
    fc.property(fc.oneof(rows, damaged(SUPER_ROW)), (damage) => {
      const row = superOrderRow.safeParse(damage);
      if (!row.success) return;
      orRefused(() => {
        const { family, levels } = observationOfSuperRow(row.data, CONTEXT);
        assert.equal(family, "super-entry");
        for (const level of [levels?.stop, levels?.target]) {
          assert.ok(level === undefined || level.filledQuantity >= 0);
        }
      });
    }),
    { numRuns: 2_000 },
  );
});

test("a damaged Forever order is refused by its schema or its translator, in no other way", () => {
  fc.assert(
    fc.property(damaged(STOP_HALF), damaged(TARGET_HALF), (...damage) => {
      const rows = z.array(foreverRow).safeParse(damage);
      if (!rows.success) return;
      orRefused(() => {
        for (const order of observationsOfForever(rows.data, CONTEXT)) {
          assert.equal(order.family, "forever");
          assert.equal(order.filledQuantity, 0);
          assert.ok(order.terms.triggerPrice !== undefined);
        }
      });
    }),
    { numRuns: 2_000 },
  );
});

/** A broker that answers every read with this. */
function answering(body: string, status: number) {
  return createDhanBroker({
    clientId: "1100000007",
    accessToken: "token-of-asha",
    clock: { nowMs: () => CONTEXT.nowMs },
    transport: { request: async () => ({ status, body }), close: async () => {} },
  });
}

test("a read of anything at all gives orders or rejects with a BrokerFault", async () => {
  const statuses = fc.constantFrom(200, 202, 400, 401, 404, 429, 500, 502);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), statuses, async (body, status) => {
      const broker = answering(body, status);
      const reads = [broker.orders(), broker.superOrders(), broker.foreverOrders()];
      for (const read of reads) {
        await read.catch((error: unknown) => assert.ok(error instanceof BrokerFault));
      }
    }),
    { numRuns: 500 },
  );
});
