import assert from "node:assert/strict";
import { test } from "node:test";
import { PersistentMap } from "./persistent-map.ts";

test("what is not in it cannot be taken out, and the map stays the same one", () => {
  const map = PersistentMap.of<string, number>([
    ["a", 1],
    ["b", 2],
  ]);
  assert.equal(map.delete("c"), map);
  assert.equal(PersistentMap.empty().delete("a").size, 0);
});

test("what is taken out is gone from the new map and still in the old one", () => {
  const map = PersistentMap.of<string, number>([["a", 1]]);
  const without = map.delete("a");
  assert.deepEqual([without.get("a"), without.size], [undefined, 0]);
  assert.deepEqual([map.get("a"), map.size], [1, 1]);
});

test("a value is replaced in the new map alone, and walked over in both", () => {
  const map = PersistentMap.of<string, number>([["a", 1]]);
  const replaced = map.set("a", 2);
  assert.deepEqual(
    [map, replaced].map((each) => [...each.values()]),
    [[1], [2]],
  );
  assert.equal(replaced.size, 1);
});
