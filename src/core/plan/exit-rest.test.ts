import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";

const sold = (quantity: number) =>
  ({ side: "SELL", terms: { quantity }, status: "filled", filledQuantity: quantity }) as const;

test("what rounding has left is not taken by an exit while a newer one is still to be confirmed", () => {
  const desk = new Desk();
  desk.bought("L1", 3);
  assert.equal(desk.net(), 1);
  // An order of his rests, so that his sales wait for a read of his books.
  desk.leads("L9", { terms: { quantity: 40, price: rupees(1500) } });
  desk.settle();
  desk.leads("L2", sold(2));
  desk.leaderBook();
  desk.leads("L3", sold(1));
  assert.deepEqual(desk.outbox, []);
  desk.leaderBook();
  const exit = desk.sentPlace();
  assert.deepEqual([exit.side, exit.terms.quantity], ["SELL", 1]);
  desk.accept(exit);
  desk.fills(desk.child("L3", "exit"));
  assert.deepEqual([desk.outbox, desk.net()], [[], 0]);
});
