import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { toInstrumentKey } from "../core/model/ids.ts";
import type { Instrument } from "../core/model/instrument.ts";
import { toPriceE4 } from "../core/model/money.ts";
import { toEpochMs } from "../core/model/time.ts";
import { AppError } from "../platform/fault.ts";
import { freezeLimitOf, isStale, loadFreezeTable, readFreezeTable } from "./freeze-table.ts";

const TABLE = `source: a circular
asOf: "2026-02-01"
reviewBy: "2026-06-30"
units:
  NIFTY: 1800
  SENSEX: 1000
`;
const LAST_DAY = toEpochMs(Date.parse("2026-06-30T23:59:59+05:30"));
const DAY_AFTER = toEpochMs(Date.parse("2026-07-01T00:00:00+05:30"));

function contract(change: Partial<Instrument> = {}): Instrument {
  return {
    key: toInstrumentKey("NSE_FNO", "52002"),
    symbol: "NIFTY-Dec2026-24000-CE",
    kind: "option",
    lotSize: 65,
    tick: toPriceE4(500),
    underlying: "NIFTY",
    ...change,
  };
}

test("the table that comes with Tandem is right and names its source and its dates", () => {
  const table = loadFreezeTable();
  assert.equal(table.units.NIFTY, 1800);
  assert.equal(table.units.BANKNIFTY, 600);
  assert.ok(table.source.length > 10 && table.asOf < table.reviewBy);
});

test("a limit is cut down to whole lots", () => {
  const table = readFreezeTable(TABLE, "table.yaml");
  assert.deepEqual(freezeLimitOf(table, contract(), LAST_DAY), { units: 1755, isStale: false });
  const sensex = contract({ underlying: "SENSEX", lotSize: 20, kind: "future" });
  assert.deepEqual(freezeLimitOf(table, sensex, LAST_DAY), { units: 1000, isStale: false });
});

test("the table is trusted through its review date in India, and not after", () => {
  const table = readFreezeTable(TABLE, "table.yaml");
  assert.equal(isStale(table, LAST_DAY), false);
  assert.equal(isStale(table, DAY_AFTER), true);
  assert.deepEqual(freezeLimitOf(table, contract(), DAY_AFTER), { units: 1755, isStale: true });
});

test("shares, unknown underlyings and unnamed ones have no limit", () => {
  const table = readFreezeTable(TABLE, "table.yaml");
  const { underlying: _, ...unnamed } = contract();
  for (const instrument of [
    contract({ kind: "equity" }),
    contract({ kind: "index" }),
    contract({ underlying: "RELIANCE" }),
    contract({ underlying: "constructor" }),
    unnamed,
  ]) {
    assert.equal(freezeLimitOf(table, instrument, LAST_DAY), undefined);
  }
});

test("a limit of less than one lot is one lot, and not trusted", () => {
  const table = readFreezeTable(TABLE.replace("1800", "50"), "table.yaml");
  assert.deepEqual(freezeLimitOf(table, contract(), LAST_DAY), { units: 65, isStale: true });
});

test("what is wrong is refused by the name of its field, all of it at once", () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ["source: a circular", "source:", /source: expected a text/],
    ["source: a circular", 'source: " "', /source: expected a text that is not empty/],
    ["2026-02-01", "2026-02-30", /asOf: expected a day/],
    ["2026-06-30", "soon", /reviewBy: expected a day/],
    ["2026-06-30", "2026-01-31", /reviewBy: .*not before asOf/],
    ["NIFTY: 1800", "NIFTY: 1800.5", /units\.NIFTY: expected whole units/],
    ["NIFTY: 1800", "NIFTY: 0", /units\.NIFTY: expected whole units/],
    ["NIFTY: 1800", 'NIFTY: "1800"', /units\.NIFTY: expected whole units/],
    ["NIFTY: 1800", "nifty: 1800", /units\.nifty: expected an underlying/],
    ["NIFTY: 1800", "SENSEX: 1800", /is not YAML: Map keys must be unique/],
    ["asOf:", "asof:", /asOf: expected a day.*asof: unknown key/],
    [TABLE, "", /expected a map with source/],
    [TABLE, "units: [", /is not YAML/],
  ];
  for (const [good, bad, message] of rows) {
    assert.throws(
      () => readFreezeTable(TABLE.replace(good, bad), "table.yaml"),
      (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "FREEZE_TABLE_UNUSABLE");
        assert.match(error.message, message);
        assert.match(error.message, /^table\.yaml/);
        return true;
      },
      bad,
    );
  }
});

test("a file of the operator's own takes the place of ours; one that is not there is refused", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-freeze-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "own.yaml");
  assert.throws(() => loadFreezeTable(path), /cannot read the table of freeze quantities/);
  writeFileSync(path, TABLE.replace("1800", "900"));
  assert.equal(loadFreezeTable(path).units.NIFTY, 900);
});
