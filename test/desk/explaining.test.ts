import assert from "node:assert/strict";
import { test } from "node:test";
import { explainOrder } from "../../src/server/read/explain-order.ts";
import { eventually } from "../eventually.ts";
import { Rig } from "./rig.ts";

/** The story of the only copy, times, waits and ids taken out. */
async function storyOf(rig: Rig, id: string): Promise<string[]> {
  const explanation = await explainOrder(rig.journal, { id });
  assert.equal(explanation?.copies.length, 1);
  const [copy] = explanation?.copies ?? [];
  assert.ok(copy);
  const lines = [`${copy.outcome}: ${copy.summary} [${copy.code}]`, ...copy.lines];
  return lines.map((line) =>
    line
      .replace(/^(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3} {2}/, "")
      .replaceAll(/(?:less than )?\d+(?:\.\d)? m?s (?=later|after)/g, "… ")
      .replaceAll(/T[0-9A-Z]{24}|\b\d{9,}\b/g, "…"),
  );
}

function hasLine(story: readonly string[], pattern: RegExp): void {
  assert.ok(
    story.some((line) => pattern.test(line)),
    `${pattern} in:\n${story.join("\n")}`,
  );
}

test("a filled copy is explained with its fill, its delay and its size", async () => {
  await using rig = await Rig.start({ followers: [{ name: "asha", bps: 5_000 }] });
  const id = rig.lead({ quantity: 101, price: 1600 });
  await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "the copy" });
  rig.simulator.setPrice("HDFCBANK", 1599.5);
  await eventually(() => rig.rows("asha")[0]?.orderStatus === "TRADED", { what: "its fill" });
  const story = await eventually(
    async () => {
      const told = await storyOf(rig, id);
      return told[0]?.startsWith("copied: 50 of 50 filled") && told;
    },
    { what: "an explained fill" },
  );
  assert.match(
    String(story[0]),
    /^copied: 50 of 50 filled at \d+\.\d\d; accepted by the broker … after the leader's order was/,
  );
  assert.equal(story[1], "the leader's 101 x 0.5 = 50.5, in whole lots 50");
  // Prepared when the leader's order was seen in transit, placed at once when it was not.
  assert.match(String(story[2]), /^(?:placing|preparing) BUY 50 HDFCBANK LIMIT 1600\.00 INTRADAY/);
});

test("a reply that was lost is told as unknown, then as found", async () => {
  await using rig = await Rig.start({
    followers: [{ name: "asha", bps: 10_000 }],
    requestTimeoutMs: 400,
  });
  const match = { clientId: rig.clientOf("asha"), path: "place" } as const;
  const frames = { clientId: rig.clientOf("asha") };
  rig.simulator.addFault({ kind: "drop-frames", match: frames });
  rig.simulator.addFault({ kind: "lose-reply", count: 1, match });
  const id = rig.lead({ quantity: 10, price: 1600 });
  const story = await eventually(
    async () => {
      const told = await storyOf(rig, id);
      return told[0]?.startsWith("copied: none of 10 filled yet, it is working") && told;
    },
    { what: "a settled unknown", deadlineMs: 10_000 },
  );
  hasLine(story, /^whether the broker took the order is unknown: .*looked up, never sent again$/);
  hasLine(story, /^ALARM: the outcome of an order is unknown/);
  hasLine(story, /^found at the broker as order …: it was taken/);
  assert.equal(rig.rows("asha").length, 1);
});

test("a copy that is rejected after it was accepted is told in the broker's words", async () => {
  await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
  const match = { clientId: rig.clientOf("asha"), path: "place" } as const;
  rig.simulator.addFault({ kind: "reject-later", count: 1, afterMs: 50, text: "no funds", match });
  const id = rig.lead({ quantity: 10, price: 1600 });
  const story = await eventually(
    async () => {
      const told = await storyOf(rig, id);
      return told[0]?.startsWith("rejected: ") && told;
    },
    { what: "an explained rejection" },
  );
  assert.equal(
    story[0],
    'rejected: the broker or the exchange said no: "no funds" [child-rejected]',
  );
  hasLine(story, /^ALARM: the broker rejected an entry \(text "no funds"\) \[entry-rejected\]$/);
});
