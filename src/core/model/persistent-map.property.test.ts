import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PersistentMap } from "./persistent-map.ts";

type Change = { readonly key: string; readonly value: number | undefined };

// Few keys, so that they are set, replaced and deleted again.
const key = fc.oneof(fc.constantFrom("a", "b", "c", ""), fc.string({ maxLength: 3 }));
const changes = fc.array(
  fc.record<Change>({ key, value: fc.option(fc.integer(), { nil: undefined }) }),
  { maxLength: 200 },
);

function applied(list: readonly Change[]): PersistentMap<string, number> {
  let map = PersistentMap.empty<string, number>();
  for (const { key, value } of list)
    map = value === undefined ? map.delete(key) : map.set(key, value);
  return map;
}

test("it holds what a Map holds after the same changes", () => {
  fc.assert(
    fc.property(changes, (list) => {
      const model = new Map<string, number>();
      for (const { key, value } of list) {
        if (value === undefined) model.delete(key);
        else model.set(key, value);
      }
      const map = applied(list);
      assert.equal(map.size, model.size);
      assert.deepEqual(new Map(map.entries()), model);
      assert.deepEqual([...map.values()].sort(), [...model.values()].sort());
      for (const { key } of list) {
        assert.equal(map.get(key), model.get(key));
        assert.equal(map.has(key), model.has(key));
      }
    }),
    { numRuns: 200 },
  );
});

test("a change leaves the map before it as it was", () => {
  fc.assert(
    fc.property(changes, key, fc.integer(), (list, changed, value) => {
      const map = applied(list);
      const before = [...map.entries()];
      map.set(changed, value);
      map.delete(changed);
      assert.deepEqual([...map.entries()], before);
    }),
    { numRuns: 200 },
  );
});

test("keys that share a bucket do not share a value", () => {
  const keys = Array.from({ length: 5_000 }, (_, index) => `order-${index}`);
  const map = PersistentMap.of(keys.map((name, index) => [name, index] as const));
  assert.equal(map.size, keys.length);
  keys.forEach((name, index) => {
    assert.equal(map.get(name), index);
  });
  const rest = keys.slice(0, 2_500).reduce((left, name) => left.delete(name), map);
  assert.equal(rest.size, 2_500);
  assert.equal(rest.get("order-0"), undefined);
  assert.equal(rest.get("order-4999"), 4_999);
});

test("iteration does not depend on the order of insertion, but for keys of one bucket", () => {
  const names = ["a", "b", "c", "d", "e"];
  const forth = PersistentMap.of(names.map((name) => [name, 1] as const));
  const back = PersistentMap.of(names.toReversed().map((name) => [name, 1] as const));
  assert.deepEqual([...forth.entries()], [...back.entries()]);
});
