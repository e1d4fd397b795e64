/** Rules that are edited while orders rest and come: every order is of one rule, and stays of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Desk } from "../../../test/core/desk.ts";
import type { Sizing } from "../model/sizing.ts";

const BPS_ONE = 10_000;

const rules: fc.Arbitrary<Sizing> = fc.oneof(
  fc.record({
    kind: fc.constant("multiplier" as const),
    bps: fc.integer({ min: 5_000, max: 30_000 }),
    maxQuantity: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({
    kind: fc.constant("fixed-quantity" as const),
    quantity: fc.integer({ min: 1, max: 300 }),
  }),
);

const quantities = fc.integer({ min: 2, max: 300 });

type Act =
  | { readonly kind: "rule"; readonly sizing: Sizing }
  | { readonly kind: "order"; readonly quantity: number }
  | { readonly kind: "change"; readonly which: number; readonly quantity: number };

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("rule" as const), sizing: rules }),
    fc.record({ kind: fc.constant("order" as const), quantity: quantities }),
    fc.record({ kind: fc.constant("change" as const), which: fc.nat(), quantity: quantities }),
  ),
  { minLength: 20, maxLength: 60 },
);

/** What the rule says of so many units of the leader's, where a lot is one unit. */
function unitsBy(sizing: Sizing, quantity: number): number {
  if (sizing.kind === "fixed-quantity") return sizing.quantity;
  assert.ok(sizing.kind === "multiplier" && sizing.maxQuantity !== undefined);
  return Math.min(Math.floor((quantity * sizing.bps) / BPS_ONE), sizing.maxQuantity);
}

test("an order is sized by the rule that stood when it came, whatever is edited afterwards", () => {
  fc.assert(
    fc.property(acts, fc.infiniteStream(fc.boolean()), (list, isSettledNow) => {
      const desk = new Desk();
      let rule: Sizing = { kind: "fixed-quantity", quantity: 7 };
      desk.setLink({ sizing: rule });
      const orders: { readonly rule: Sizing; quantity: number }[] = [];
      for (const act of list) {
        if (act.kind === "rule") {
          rule = act.sizing;
          desk.setLink({ sizing: rule });
        } else if (act.kind === "order") {
          orders.push({ rule, quantity: act.quantity });
          desk.leads(`L${orders.length - 1}`, { terms: { quantity: act.quantity } });
        } else {
          const order = orders[act.which % orders.length];
          if (order === undefined) continue;
          order.quantity = act.quantity;
          desk.leads(`L${orders.indexOf(order)}`, { terms: { quantity: act.quantity } });
        }
        // What was asked may still be on its way when the rule is edited.
        if (isSettledNow.next().value) desk.settle();
      }
      desk.settle();
      const asked = orders.map((_, index) => desk.child(`L${index}`).terms.quantity);
      assert.deepEqual(
        asked,
        orders.map((order) => unitsBy(order.rule, order.quantity)),
      );
    }),
    { numRuns: 200 },
  );
});
