import assert from "node:assert/strict";
import { test } from "node:test";
import { limitTerms, OPTION_ROW, rupees, SHARE_ROW } from "../../../test/core/builders.ts";
import type { OrderTerms } from "../model/order.ts";
import { childTerms, type TermsQuestion } from "./terms.ts";

const { price: _price, ...bare } = limitTerms();
const common = { validity: "DAY", quantity: 50, disclosedQuantity: 0 } as const;
const reference = rupees(1650);
const COARSE = { ...SHARE_ROW, tick: rupees(0.1) };

interface Row {
  readonly why: string;
  readonly question: Partial<TermsQuestion>;
  readonly terms: OrderTerms | undefined;
}

// biome-ignore format: a table is read in columns
const ROWS: readonly Row[] = [
  { why: "a limit keeps its price",
    question: { leader: limitTerms() },
    terms: { ...common, type: "LIMIT", price: rupees(1650) } },
  { why: "IOC stays IOC",
    question: { leader: limitTerms({ validity: "IOC" }) },
    terms: { ...common, validity: "IOC", type: "LIMIT", price: rupees(1650) } },
  { why: "a disclosed share is disclosed",
    question: { leader: limitTerms({ disclosedQuantity: 40 }) },
    terms: { ...common, disclosedQuantity: 20, type: "LIMIT", price: rupees(1650) } },
  { why: "a limit without a price is not guessed",
    question: { leader: bare },
    terms: undefined },
  { why: "a stop keeps trigger and price",
    question: { leader: { ...bare, type: "STOP_LOSS", price: rupees(1640), triggerPrice: rupees(1641) } },
    terms: { ...common, type: "STOP_LOSS", price: rupees(1640), triggerPrice: rupees(1641) } },
  { why: "a stop without a trigger is not guessed",
    question: { leader: { ...bare, type: "STOP_LOSS", price: rupees(1640) } },
    terms: undefined },
  { why: "a stop without a price is not guessed",
    question: { leader: { ...bare, type: "STOP_LOSS", triggerPrice: rupees(1640) } },
    terms: undefined },
  { why: "a stop-market sale rests as a stop with a limit below the trigger",
    question: { leader: { ...bare, type: "STOP_LOSS_MARKET", triggerPrice: rupees(1000) }, side: "SELL" },
    terms: { ...common, type: "STOP_LOSS", price: rupees(995), triggerPrice: rupees(1000) } },
  { why: "a stop-market purchase rests as a stop with a limit above the trigger",
    question: { leader: { ...bare, type: "STOP_LOSS_MARKET", triggerPrice: rupees(1000) } },
    terms: { ...common, type: "STOP_LOSS", price: rupees(1005), triggerPrice: rupees(1000) } },
  { why: "a stop-market without a trigger is not guessed",
    question: { leader: { ...bare, type: "STOP_LOSS_MARKET" } },
    terms: undefined },
  { why: "a market order is protected by the reference",
    question: { leader: { ...bare, type: "MARKET" }, reference },
    terms: { ...common, type: "LIMIT", price: rupees(1658.25) } },
  { why: "an option is protected by its own slab",
    question: { leader: { ...bare, type: "MARKET" }, reference: rupees(50), instrument: OPTION_ROW },
    terms: { ...common, type: "LIMIT", price: rupees(51.5) } },
  { why: "a market order without a reference is not guessed",
    question: { leader: { ...bare, type: "MARKET" } },
    terms: undefined },
  { why: "on a coarser tick a purchase is bid lower",
    question: { leader: limitTerms({ price: rupees(1650.05) }), instrument: COARSE },
    terms: { ...common, type: "LIMIT", price: rupees(1650) } },
  { why: "on a coarser tick a sale is offered higher",
    question: { leader: limitTerms({ price: rupees(1650.05) }), side: "SELL", instrument: COARSE },
    terms: { ...common, type: "LIMIT", price: rupees(1650.1) } },
  { why: "a market order passes when the link says so",
    question: { leader: { ...bare, type: "MARKET" }, rule: "pass" },
    terms: { ...common, type: "MARKET" } },
];

for (const { why, question, terms } of ROWS) {
  test(why, () => {
    const found = childTerms({
      leader: limitTerms(),
      side: "BUY",
      quantity: 50,
      rule: "protected-limit",
      instrument: SHARE_ROW,
      ...question,
    });
    assert.deepEqual(found, terms);
  });
}
