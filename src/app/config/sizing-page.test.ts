/** Holds the worked table of docs/reference/sizing.md to what the program computes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { entryUnits } from "../../core/desire/entry-size.ts";
import type { Sizing, SizingBasis } from "../../core/model/sizing.ts";
import { entryWords } from "../../server/read/sizing-words.ts";
import { sizingFrom, sizingOfFile } from "./sizing.ts";

const page = readFileSync(new URL("../../../docs/reference/sizing.md", import.meta.url), "utf8");
const rows = [
  ...page.matchAll(/^\| `(kind: .+?)` \| (\d+) \| (\d+) \| (?:`(.+?)`)? ?\| (.+?) \| (\d+) \|$/gm),
].map(([, rule = "", open, lot, basis, words, copied]) => ({
  sizing: sizingFrom(sizingOfFile.parse(parse(`{ ${rule} }`))),
  open: Number(open),
  lot: Number(lot),
  basis: (basis === undefined ? {} : parse(`{ ${basis} }`)) as SizingBasis,
  words,
  copied: Number(copied),
}));

for (const { sizing, open, lot, basis, words, copied } of rows) {
  test(`the page computes right: ${words}`, () => {
    const entryQuantity = entryUnits({ units: open, of: open }, { sizing, basis, lot });
    const split = { leaderQuantity: open, leaderNet: 0, reduce: 0, open };
    assert.equal(entryQuantity, copied);
    assert.equal(entryWords({ split, sizing, basis, lot, entryQuantity }), words);
  });
}

test("every rule and every way to round and to bound has a row", () => {
  const kinds = new Set(rows.map(({ sizing }) => sizing.kind));
  const all: readonly Sizing["kind"][] = [
    "multiplier",
    "fixed-lots",
    "fixed-quantity",
    "notional",
    "capital-proportional",
    "risk-percent",
  ];
  assert.deepEqual([...kinds].toSorted(), all.toSorted());
  assert.deepEqual(new Set(rows.map(({ sizing }) => sizing.rounding)).size, 3);
  assert.ok(rows.some(({ sizing }) => sizing.minLots !== undefined));
});
