import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DueQueue } from "./due-queue.ts";

test("what is taken comes by its time, then in the order of adding, without what was cancelled", () => {
  const entries = fc.array(fc.record({ dueMs: fc.nat({ max: 9 }), isCancelled: fc.boolean() }));
  fc.assert(
    fc.property(entries, (items) => {
      const queue = new DueQueue();
      const taken: number[] = [];
      const cancels = items.map(({ dueMs }, index) => queue.add(dueMs, () => taken.push(index)));
      for (const [index, { isCancelled }] of items.entries()) if (isCancelled) cancels[index]?.();
      const expected = items
        .map((item, index) => ({ ...item, index }))
        .filter(({ isCancelled }) => !isCancelled)
        .sort((a, b) => a.dueMs - b.dueMs || a.index - b.index)
        .map(({ index }) => index);
      assert.equal(queue.size, expected.length);
      for (let due = queue.take(9); due !== undefined; due = queue.take(9)) due.callback();
      assert.deepEqual(taken, expected);
      assert.equal(queue.size, 0);
    }),
  );
});

test("only what is due by the given time is taken", () => {
  const queue = new DueQueue();
  queue.add(5, () => undefined);
  assert.equal(queue.take(4), undefined);
  assert.equal(queue.dueMs, 5);
  assert.equal(queue.take(5)?.dueMs, 5);
  assert.equal(queue.dueMs, Number.POSITIVE_INFINITY);
});

test("cancelling after the taking changes nothing", () => {
  const queue = new DueQueue();
  const cancel = queue.add(1, () => undefined);
  queue.add(2, () => undefined);
  queue.take(1);
  cancel();
  assert.equal(queue.size, 1);
});

test("a cleared queue has nothing, and the cancels of before do no harm", () => {
  const queue = new DueQueue();
  const cancel = queue.add(1, () => undefined);
  queue.clear();
  cancel();
  assert.equal(queue.size, 0);
  assert.equal(queue.take(Number.MAX_VALUE), undefined);
});
