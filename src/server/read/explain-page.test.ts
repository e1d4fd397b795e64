/** The example in docs/guide/explain.md is what the command prints. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { journalOf } from "../../../test/core/journal-of.ts";
import { runProgram } from "../../cli/program.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { explainOrder } from "./explain-order.ts";

const page = readFileSync(new URL("../../../docs/guide/explain.md", import.meta.url), "utf8");

/** The leader bought 97 and sells 40 of them a minute later. */
function partialExit(): Desk {
  const desk = new Desk();
  desk.bought("L1", 97);
  desk.nowMs += 60_000;
  desk.leads("L2", { side: "SELL", terms: { quantity: 40 } });
  const exit = desk.sentPlace();
  desk.nowMs += 5;
  desk.accept(exit);
  desk.nowMs += 995;
  desk.leads("L2", { status: "filled", filledQuantity: 40 });
  const { brokerOrderId } = desk.child("L2", "exit");
  assert.ok(brokerOrderId);
  desk.broker.change(brokerOrderId, { averagePrice: rupees(1651) });
  desk.fills(desk.child("L2", "exit"));
  return desk;
}

test("the example of the page is what the command prints", async () => {
  const shown = page.match(/^```\n\$ tandem explain L2\n([\s\S]*?)^```$/m)?.[1];
  const journal = await journalOf(partialExit());
  let out = "";
  const refuse = async () => assert.fail("this command was not asked for");
  const code = await runProgram(["explain", "L2"], {
    version: "0.0.0",
    terminal: createTerminal({
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => assert.fail(text) },
      environment: {},
    }),
    isDebugging: false,
    untilStopped: refuse,
    run: refuse,
    demo: refuse,
    sim: refuse,
    apply: refuse,
    export: refuse,
    status: refuse,
    drift: refuse,
    preview: refuse,
    stopEntries: refuse,
    squareOff: refuse,
    setLinkMode: refuse,
    repair: { look: refuse },
    explain: async ({ orderId }) => {
      const explanation = await explainOrder(journal, { id: orderId });
      const copies = explanation?.copies.map((copy) => ({ ...copy, isShadow: false })) ?? [];
      return explanation && { ...explanation, copies };
    },
    calendar: () => assert.fail("this command was not asked for"),
    audit: refuse,
    bench: refuse,
    simulate: { one: refuse, many: refuse },
  });
  assert.equal(code, 0);
  assert.equal(shown, out);
});
