import assert from "node:assert/strict";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { journalOf } from "../../../test/core/journal-of.ts";
import { lastRepair, repairs } from "../../../test/core/repairs.ts";
import { REPAIR_CODES, type RepairCode } from "../../core/model/repair.ts";
import { explainOrder } from "./explain-order.ts";
import { repairSentence } from "./repair-words.ts";

/** The broker refused the copy of what the leader bought, and a repair has bought it. */
function repaired(): { readonly desk: Desk; readonly name: string } {
  const desk = new Desk();
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  const [name = ""] = repairs(desk);
  desk.settle();
  desk.fills(lastRepair(desk));
  return { desk, name };
}

test("a repair is explained by its name: what it was for, who asked, and what became of it", async () => {
  const { desk, name } = repaired();
  const explanation = await explainOrder(await journalOf(desk), { id: name });
  assert.ok(explanation);
  const { leaderOrder, remark, copies } = explanation;
  const aim = "repair of NSE_EQ:1333 INTRADAY, 0 where 50 should be: BUY 50 (by asha)";
  assert.deepEqual([leaderOrder, remark], [aim, ""]);
  const [copy] = copies;
  assert.ok(copy && copies.length === 1);
  assert.deepEqual([copy.outcome, copy.code], ["copied", ""]);
  assert.match(copy.summary, /^50 of 50 filled/);
  const text = copy.lines.join("\n");
  assert.match(text, /a repair is begun by asha: 0 were in and 50 should be/);
  assert.match(text, /placing BUY 50 NSE_EQ:1333 LIMIT 1658\.25/);
  assert.match(text, /50 of 50 filled/);
});

test("and by its order's id at the broker, or by ours", async () => {
  const { desk, name } = repaired();
  const { brokerOrderId = "", correlationId } = lastRepair(desk);
  const journal = await journalOf(desk);
  for (const id of [brokerOrderId, correlationId]) {
    const explanation = await explainOrder(journal, { id });
    assert.equal(explanation?.leaderOrderId, name);
    assert.equal(explanation?.remark, `${id} is an order of asha, placed for this`);
  }
  assert.equal(await explainOrder(journal, { id: "RP999" }), undefined);
});

test("one that ended short tells why", async () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  const [name = ""] = repairs(desk);
  desk.settle();
  desk.passes(30_000);
  desk.settle();
  const explanation = await explainOrder(await journalOf(desk), { id: name });
  assert.equal(explanation?.copies[0]?.code, "repair-not-filled");
  const never = new Desk();
  never.leads("L1");
  never.rejects(never.sentPlace(), "funds");
  never.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) });
  const [other = ""] = repairs(never);
  never.answer(never.sentPlace(), { kind: "notSent", text: "no connection" });
  const pending = await explainOrder(await journalOf(never), { id: other });
  assert.equal(pending?.copies[0]?.outcome, "pending");
});

test("every reason has its sentence: of repairs, of skips and of holds", () => {
  for (const code of Object.keys(REPAIR_CODES) as RepairCode[]) {
    assert.equal(repairSentence({ code, inputs: {} }), REPAIR_CODES[code]);
  }
  const small = repairSentence({ code: "below-one-lot", inputs: { units: 5, lot: 65 } });
  assert.match(small, /lot/);
  assert.match(repairSentence({ code: "unknown-order", inputs: {} }), /unknown/);
});
