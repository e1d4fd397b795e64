import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, linkOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { toLinkId } from "../model/ids.ts";
import type { LinkMode } from "../model/link.ts";
import { foldFollower } from "../order/follower.ts";

function sets(desk: Desk, mode: LinkMode, linkId = LINK): void {
  desk.input({ kind: "setMode", linkId, mode, by: "asha", text: "lunch" });
}

const REFUSED = { paused: "all link-paused", "close-only": "entry close-only" } as const;

for (const mode of ["paused", "close-only"] as const) {
  test(`a link that a person has put to ${mode} enters nothing, and exits go on`, () => {
    const desk = new Desk();
    desk.bought("L1", 100);
    sets(desk, mode);
    desk.leads("L2");
    assert.deepEqual([desk.outbox, desk.skips()], [[], [REFUSED[mode]]]);
    desk.leads("L1", { terms: { price: rupees(1_651) } });
    sets(desk, "active");
    desk.input({ kind: "tick" });
    assert.deepEqual(desk.outbox, [], "what was not copied is not copied later");
    desk.leads("L3");
    assert.equal(desk.sentPlace().side, "BUY");
  });

  test(`an entry that waits to be sent is taken back when its link is put to ${mode}`, () => {
    const desk = new Desk();
    desk.leads("L1");
    const { correlationId } = desk.sentPlace();
    sets(desk, mode);
    assert.deepEqual(desk.withdrawn, [correlationId]);
    const outcome = { kind: "notSent", text: "withdrawn" } as const;
    desk.input({ kind: "answered", correlationId, command: "place", outcome });
    assert.deepEqual([desk.outbox, desk.skips().length], [[], 1]);
  });
}

test("what works of a link that only closes follows the leader, but to no more", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  sets(desk, "close-only");
  desk.leads("L1", { terms: { quantity: 200 } });
  assert.deepEqual([desk.outbox, desk.holdOf("L1", "entry")], [[], "change-above-limit"]);
  desk.leads("L1", { terms: { quantity: 40 } });
  const change = desk.sent();
  assert.equal(change.kind === "modify" && change.terms.quantity, 20);
  desk.accept(change);
  desk.leads("L1", { status: "cancelled" });
  assert.equal(desk.sent().kind, "cancel");
});

test("it holds over a restart, and said twice it is written once", () => {
  const desk = new Desk();
  sets(desk, "paused");
  sets(desk, "paused");
  assert.equal(desk.facts("linkModeSet").length, 1);
  let state = new Desk({ isUnlinked: true }).follower;
  for (const { fact, seq, atMs } of desk.recorded) state = foldFollower(state, fact, seq, atMs);
  desk.follower = state;
  desk.input({ kind: "restarted" });
  desk.leads("L1");
  assert.deepEqual(desk.skips(), ["all link-paused"]);
});

test("settings that say something else afterwards win, and those that say the same do not", () => {
  const desk = new Desk({ links: [linkOf({ mode: "close-only" })] });
  sets(desk, "active");
  desk.setLink({ mode: "close-only" });
  desk.leads("L1");
  assert.equal(desk.sentPlace().side, "BUY");
  desk.setLink({ mode: "paused" });
  desk.leads("L2");
  assert.deepEqual(desk.skips(), ["all link-paused"]);
});

test("what a person has said does not come back when the settings have spoken since", () => {
  const desk = new Desk({ links: [linkOf({ mode: "close-only" })] });
  sets(desk, "active");
  desk.setLink({ mode: "paused" });
  desk.input({ kind: "tick" });
  desk.setLink({ mode: "close-only" });
  desk.input({ kind: "tick" });
  desk.leads("L1");
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["entry close-only"]]);
  const [, said] = desk.facts("linkModeSet");
  assert.deepEqual(said, {
    kind: "linkModeSet",
    linkId: LINK,
    mode: "paused",
    over: "paused",
    by: "the settings",
    text: "",
  });
});

test("settings from which a link is gone leave its mode as it was set", () => {
  const desk = new Desk();
  sets(desk, "paused");
  const link = desk.links.get(LINK);
  desk.links.clear();
  desk.input({ kind: "tick" });
  if (link !== undefined) desk.links.set(LINK, link);
  desk.leads("L1");
  assert.deepEqual(desk.skips(), ["all link-paused"]);
});

test("other links of the account go on, and a link that is not set is let be", () => {
  const other = linkOf({ id: toLinkId("second") });
  const desk = new Desk({ links: [linkOf(), other] });
  sets(desk, "paused");
  sets(desk, "paused", toLinkId("nobody"));
  desk.leads("L1");
  assert.equal(desk.outbox.length, 1);
  assert.equal(desk.facts("linkModeSet").length, 1);
});
