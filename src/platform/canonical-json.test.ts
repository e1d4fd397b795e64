import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

test("keys come in order at every depth, and absent members are left out", () => {
  const value = { b: [{ z: 1, y: undefined, x: null }], a: "₹" };
  assert.equal(canonicalJson(value), '{"a":"₹","b":[{"x":null,"z":1}]}');
});

test("the text gives the value back, and does not depend on how it was built", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.equal(canonicalJson(JSON.parse(text)), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("what JSON would change on the way is refused", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, [undefined]]) {
    assert.throws(() => canonicalJson({ value }), { name: "AssertionFault" });
  }
});
