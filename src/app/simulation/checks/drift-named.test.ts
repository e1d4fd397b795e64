/** The check is shown what it is for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { driftNamed } from "./drift-named.ts";

const DRIFT = {
  kind: "driftBegan",
  linkId: "leader-asha",
  instrument: "NSE_EQ:1333",
  product: "INTRADAY",
  target: 0,
  copied: 10,
  held: 10,
  difference: 10,
  parts: [{ cause: "rejected", units: 10, code: "exit-rejected" }],
} as const;
const UNKNOWN = { ...DRIFT, parts: [{ cause: "unknown", units: 10, code: "" }] };
const { target: _t, copied: _c, held: _h, difference: _d, parts: _p, ...POSITION } = DRIFT;
const ENDED = { ...POSITION, kind: "driftEnded" };
const SILENT = ["asha holds 10 of NSE_EQ:1333 INTRADAY that the leader does not; the facts say 0"];

/** Asha has bought ten by an order of ours, and the leader has none. */
async function tenLeft() {
  const bench = benchOf(driftNamed);
  bench.writes(intentOf(NAME_OF_OURS, "L1"));
  await bench.sends({ orderType: "MARKET", price: 0 });
  await bench.world.clock.run(10_001);
  return bench;
}

test("what a follower holds and nothing names is found", async () => {
  const { check, told } = await tenLeft();
  await check.atEnd?.();
  assert.deepEqual(told, SILENT);
});

test("what stands as a difference of so many units is named", async () => {
  const { check, told, writes } = await tenLeft();
  writes(DRIFT);
  await check.atEnd?.();
  assert.deepEqual(told, []);
});

test("a difference of other units, one that has ended, and one of the day before name nothing", async () => {
  for (const facts of [
    [{ ...DRIFT, difference: 4 }],
    [DRIFT, ENDED],
    [DRIFT, { kind: "dayBegan", day: "2026-12-02" }],
  ]) {
    const { check, told, writes } = await tenLeft();
    writes(...facts);
    await check.atEnd?.();
    assert.equal(told.length, 1, JSON.stringify(facts));
  }
});

test("a difference that stands where there is none is found", async () => {
  const { check, told, writes } = benchOf(driftNamed);
  writes(DRIFT);
  await check.atEnd?.();
  const words = "asha holds 0 of NSE_EQ:1333 INTRADAY that the leader does not; the facts say 10";
  assert.deepEqual(told, [words]);
});

test("orders that are nobody's of ours count neither as copied nor as left", async () => {
  const { check, told, sends } = benchOf(driftNamed);
  await sends({ orderType: "MARKET", price: 0, correlationId: "somebody-else" });
  await check.atEnd?.();
  assert.deepEqual(told, []);
});

test("what nothing explains must be told of in time", async () => {
  const { check, told, writes, world } = await tenLeft();
  writes(UNKNOWN);
  await world.clock.run(121_000);
  await check.atEnd?.();
  assert.match(told.join(), /explained by nothing since \d+, nobody was told/);
  told.length = 0;
  writes({ kind: "alarmed", code: "drift", position: POSITION, inputs: {} });
  await check.atEnd?.();
  assert.deepEqual(told, []);
});
