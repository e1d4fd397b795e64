import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { decimal, decimalOrZero, digitsOf, flag, id, oneOrMany, text } from "./scalars.ts";

function read(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  return result.success ? result.data : "refused";
}

// Schema | value | what it is read as.
// biome-ignore format: a table is read by its columns
const ROWS: readonly (readonly [string, z.ZodType, unknown, unknown])[] = [
  ["decimal", decimal, 1650.5, 1650.5],
  ["decimal", decimal, "1650.50", 1650.5],
  ["decimal", decimal, " -3 ", -3],
  ["decimal", decimal, "", "refused"],
  ["decimal", decimal, "1,650", "refused"],
  ["decimal", decimal, "NaN", "refused"],
  ["decimal", decimal, "0x10", "refused"],
  ["decimal", decimal, null, "refused"],
  ["decimal", decimal, undefined, "refused"],
  ["decimalOrZero", decimalOrZero, null, 0],
  ["decimalOrZero", decimalOrZero, undefined, 0],
  ["decimalOrZero", decimalOrZero, "", 0],
  ["decimalOrZero", decimalOrZero, "NA", 0],
  ["decimalOrZero", decimalOrZero, "2.5", 2.5],
  ["decimalOrZero", decimalOrZero, "many", "refused"],
  ["id", id, "342260805001234", "342260805001234"],
  ["id", id, 342260805001234, "342260805001234"],
  ["id", id, 1e40, "refused"],
  ["id", id, 1.5, "refused"],
  ["id", id, "", "refused"],
  ["id", id, null, "refused"],
  ["id", id, "9".repeat(41), "refused"],
  ["text", text, null, ""],
  ["text", text, undefined, ""],
  ["text", text, 0, "0"],
  ["text", text, {}, "refused"],
  ["flag", flag, true, true],
  ["flag", flag, "true", true],
  ["flag", flag, "Y", true],
  ["flag", flag, "N", false],
  ["flag", flag, null, false],
  ["flag", flag, undefined, false],
];

for (const [name, schema, value, expected] of ROWS) {
  test(`${name} reads ${JSON.stringify(value)} as ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(read(schema, value), expected);
  });
}

test("unknown fields pass, and absent optional ones are filled in", () => {
  const schema = z.object({ quantity: decimal, price: decimalOrZero, remark: text });
  const value = schema.parse({ quantity: 1, somethingNew: { nested: [] } });
  assert.deepEqual(value, { quantity: 1, price: 0, remark: "" });
});

test("one object and an array of them are the same", () => {
  const rows = oneOrMany(z.object({ orderId: id }));
  assert.deepEqual(rows.parse({ orderId: "1" }), [{ orderId: "1" }]);
  assert.deepEqual(rows.parse([{ orderId: "1" }]), [{ orderId: "1" }]);
  assert.deepEqual(rows.parse([]), []);
});

test("large numbers are spelled out without an exponent", () => {
  assert.equal(digitsOf(5.92260805700111e14), "592260805700111");
  assert.equal(digitsOf(1e21), "1000000000000000000000");
});
