import assert from "node:assert/strict";
import { test } from "node:test";
import { classify, type Evidence, legOfName, legOfNumber } from "./classify.ts";

const PLAIN: Evidence = {
  product: "INTRADAY",
  leg: undefined,
  hasParent: false,
  platform: "API",
  isSquareOff: false,
  isGroupEntry: false,
  isAfterMarket: false,
};

// What is said beside a plain order | family and leg | why. Each rule, then each pair that it decides.
// biome-ignore format: a table is read by its columns
const TABLE: readonly (readonly [Partial<Evidence>, string, string])[] = [
  [{}, "plain", "nothing else is said"],
  [{ platform: "FAST" }, "plain", "by hand in the broker's app"],
  [{ leg: "stop", hasParent: true }, "super-leg stop", "a leg of a parent"],
  [{ leg: "target", hasParent: true }, "super-leg target", "a leg of a parent"],
  [{ leg: "stop" }, "super-leg stop", "a leg whose parent is not told"],
  [{ leg: "target", product: "BO" }, "bracket-leg target", "the product names the group"],
  [{ leg: "stop", product: "CO" }, "cover-leg stop", "the product names the group"],
  [{ isSquareOff: true }, "super-leg", "an exit that the broker made"],
  [{ isSquareOff: true, product: "BO" }, "bracket-leg", "an exit that the broker made"],
  [{ platform: "VTT SL" }, "super-leg stop", "a stop of the broker's"],
  [{ platform: "VTT TGT" }, "super-leg target", "a target of the broker's"],
  [{ platform: "VTT" }, "super-leg", "an exit, whichever it is"],
  [{ product: "BO", hasParent: true }, "bracket-leg", "part of a group that does not say which"],
  [{ product: "CO", hasParent: true }, "cover-leg", "part of a group that does not say which"],
  [{ platform: "FOVR" }, "trigger-child", "what a Forever order has fired"],
  [{ hasParent: true }, "trigger-child", "a child that is no leg"],
  [{ product: "BO" }, "bracket", "the entry of a bracket order"],
  [{ product: "CO" }, "cover", "the entry of a cover order"],
  [{ isGroupEntry: true }, "super-entry", "the entry of a Super Order"],
  [{ isAfterMarket: true }, "after-market", "queued until the open"],
  [{ leg: "stop", isSquareOff: true, platform: "VTT TGT" }, "super-leg stop", "the leg's number is nearer than the platform"],
  [{ leg: "target", platform: "FOVR", hasParent: true }, "super-leg target", "a leg is never copied as a child"],
  [{ isSquareOff: true, hasParent: true }, "super-leg", "an exit is never copied as a child"],
  [{ isSquareOff: true, isGroupEntry: true }, "super-leg", "an exit is never the entry"],
  [{ platform: "FOVR", isAfterMarket: true }, "trigger-child", "where it came from decides before when it goes"],
  [{ isGroupEntry: true, hasParent: true }, "trigger-child", "an entry has no parent"],
  [{ product: "BO", isGroupEntry: true }, "bracket", "ENTRY_LEG stands on brackets too"],
  [{ product: "CO", isAfterMarket: true }, "cover", "the group decides before the time"],
  [{ isGroupEntry: true, isAfterMarket: true }, "super-entry", "the group decides before the time"],
];

for (const [said, expected, why] of TABLE) {
  test(`${JSON.stringify(said)} is ${expected}: ${why}`, () => {
    const { family, leg } = classify({ ...PLAIN, ...said });
    assert.equal([family, leg].filter(Boolean).join(" "), expected);
  });
}

test("leg numbers 2 and 3 are exits, 0 and 1 are not, and any other is refused by its value", () => {
  assert.deepEqual([0, 1, 2, 3].map(legOfNumber), [undefined, undefined, "stop", "target"]);
  for (const legNo of [4, -1, 1.5, 22]) {
    const message = `unknown leg number "${legNo}"`;
    assert.throws(() => legOfNumber(legNo), { name: "WireFault", message });
  }
});

test("leg names are read whatever their case, and one of no list is refused", () => {
  const names = ["", "NA", "ENTRY_LEG", "target_leg", " STOP_LOSS_LEG "];
  assert.deepEqual(names.map(legOfName), [undefined, undefined, "entry", "target", "stop"]);
  const message = 'unknown leg name "HEDGE_LEG"';
  assert.throws(() => legOfName("HEDGE_LEG"), { name: "WireFault", message });
});
