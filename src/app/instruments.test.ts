import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Instrument } from "../core/model/instrument.ts";
import { toEpochMs } from "../core/model/time.ts";
import { readFreezeTable } from "./freeze-table.ts";
import { loadInstruments, withFreezeLimits } from "./instruments.ts";

const FILE = fileURLToPath(
  new URL("../../test/fixtures/dhan/instruments-detailed.csv", import.meta.url),
);
const TABLE = readFreezeTable(
  'source: a circular\nasOf: "2026-02-01"\nreviewBy: "2026-06-30"\nunits: { NIFTY: 1800 }\n',
  "table.yaml",
);

async function limited(today: string) {
  const nowMs = toEpochMs(Date.parse(`${today}T12:00:00+05:30`));
  const { byKey, remarks } = withFreezeLimits(
    await loadInstruments(FILE, "/nowhere"),
    TABLE,
    nowMs,
  );
  return { byKey: new Map<string, Instrument>(byKey), remarks };
}

test("contracts get the freeze quantity of what they are on, in whole lots; shares get none", async () => {
  const { byKey, remarks } = await limited("2026-06-30");
  assert.deepEqual(byKey.get("NSE_FNO:49081")?.freeze, { units: 1755, isStale: false });
  assert.deepEqual(byKey.get("NSE_FNO:53001")?.freeze, { units: 1755, isStale: false });
  assert.equal(byKey.get("NSE_EQ:1333")?.freeze, undefined);
  assert.equal(byKey.get("IDX_I:13")?.freeze, undefined);
  assert.deepEqual(remarks, []);
});

test("past the review date the limits are stale and the operator is told", async () => {
  const { byKey, remarks } = await limited("2026-07-01");
  assert.deepEqual(byKey.get("NSE_FNO:49081")?.freeze, { units: 1755, isStale: true });
  assert.match(remarks.join(), /was to be reviewed by 2026-06-30/);
});
