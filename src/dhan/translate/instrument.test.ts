import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { test } from "node:test";
import { readInstrumentRows } from "../wire/instrument-file.ts";
import { instrumentOfRow } from "./instrument.ts";

const FOLDER = new URL("../../../test/fixtures/dhan/", import.meta.url);

async function instruments(file: string) {
  const rows = await Array.fromAsync(readInstrumentRows(createReadStream(new URL(file, FOLDER))));
  return rows.map(instrumentOfRow).filter((instrument) => instrument !== undefined);
}

test("ticks of the file are paise, ours are ten-thousandths of a rupee", async () => {
  const all = await instruments("instruments-detailed.csv");
  const ticks = new Map<string, number>(all.map(({ key, tick }) => [key, tick]));
  assert.equal(ticks.get("NSE_EQ:1333"), 500);
  assert.equal(ticks.get("NSE_EQ:11536"), 1_000);
  assert.equal(ticks.get("NSE_CURRENCY:1101"), 25);
  assert.equal(ticks.get("MCX_COMM:440939"), 10_000);
});

test("kinds, lots and segments are told, and rows of no segment are left out", async () => {
  const all = await instruments("instruments-detailed.csv");
  const words = all.map(({ key, kind, lotSize }) => `${key} ${kind} ${lotSize}`);
  assert.deepEqual(words, [
    "NSE_EQ:1333 equity 1",
    "NSE_EQ:11536 equity 1",
    "NSE_FNO:49081 option 65",
    "NSE_FNO:53001 future 65",
    "MCX_COMM:440939 future 100",
    "NSE_CURRENCY:1101 future 1",
    "IDX_I:13 index 1",
  ]);
});

test("both files tell the same of one contract", async () => {
  const option = "NSE_FNO:49081";
  const [detailed] = (await instruments("instruments-detailed.csv")).filter(
    ({ key }) => key === option,
  );
  const [compact] = (await instruments("instruments-compact.csv")).filter(
    ({ key }) => key === option,
  );
  assert.ok(detailed);
  assert.deepEqual(detailed, compact);
});

test("what a contract is on is told by either file, and a share is on itself", async () => {
  for (const file of ["instruments-detailed.csv", "instruments-compact.csv"]) {
    const byKey = new Map<string, string | undefined>(
      (await instruments(file)).map(({ key, underlying }) => [key, underlying]),
    );
    assert.equal(byKey.get("NSE_FNO:49081"), "NIFTY", file);
    assert.equal(byKey.get("NSE_EQ:1333"), "HDFCBANK", file);
  }
});
