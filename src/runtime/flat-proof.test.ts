import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, SHARE } from "../../test/core/builders.ts";
import { Desk } from "../../test/core/desk.ts";
import { toPositionKey } from "../core/order/account-book.ts";
import { FlatProof } from "./flat-proof.ts";

function openProof() {
  let wanted = 0;
  const proof = new FlatProof(() => {
    wanted += 1;
    return wanted;
  });
  return { proof, wanted: () => wanted };
}

/** The copy is in, and out again. */
function inAndOut(): { readonly desk: Desk; readonly out: () => void } {
  const desk = new Desk();
  desk.bought("L1", 100);
  return {
    desk,
    out() {
      desk.input({ kind: "stopEntries", cause: "square-off", by: "asha", text: "" });
      desk.settle();
      for (const child of desk.children()) if (child.state === "working") desk.fills(child);
    },
  };
}

test("what is in is told with what the account holds, and no positions are asked for", () => {
  const { proof, wanted } = openProof();
  const { desk } = inAndOut();
  const { isProved, positions, orders } = proof.ask(desk.follower, "");
  const left = {
    instrument: SHARE,
    symbol: "NSE_EQ:1333",
    product: "INTRADAY",
    copied: 50,
    held: 50,
  };
  assert.deepEqual([isProved, positions, orders, wanted()], [false, [left], 0, 0]);
});

test("flat is proved by positions that were wanted after it was so, and by no others", () => {
  const { proof, wanted } = openProof();
  const { desk, out } = inAndOut();
  proof.positionsRead(0);
  out();
  assert.equal(proof.ask(desk.follower, "").isProved, false);
  proof.positionsRead(0);
  assert.equal(proof.ask(desk.follower, "").isProved, false);
  proof.positionsRead(wanted());
  assert.equal(proof.ask(desk.follower, "").isProved, true);
  assert.equal(wanted(), 1);
});

test("a fill that nobody asked about in between wants a proof of its own", () => {
  const { proof, wanted } = openProof();
  const { desk, out } = inAndOut();
  out();
  proof.ask(desk.follower, "");
  proof.positionsRead(wanted());
  desk.input({ kind: "allowEntries", cause: "square-off", by: "asha" });
  desk.bought("L2", 100);
  out();
  assert.equal(proof.ask(desk.follower, "").isProved, false);
  assert.equal(wanted(), 2);
});

test("an order that may still fill is no proof, and units that somebody sold by hand are not in", () => {
  const { proof } = openProof();
  const { desk } = inAndOut();
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "INTRADAY"), net: 0 }] });
  const sold = proof.ask(desk.follower, "");
  assert.deepEqual([sold.positions, sold.orders], [[], 0]);
  desk.leads("L2");
  desk.settle();
  assert.equal(proof.ask(desk.follower, "").orders, 1);
  assert.equal(desk.copied(SHARE, "INTRADAY", LINK), 50);
});
