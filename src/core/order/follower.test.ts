import assert from "node:assert/strict";
import { test } from "node:test";
import { ASHA, LEADER, LINK, orderOf, SHARE, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { FollowerFact, LeaderFact } from "../model/fact.ts";
import { toLinkId } from "../model/ids.ts";
import { type CopyFact, changedCopy } from "./copy.ts";
import { foldFollower } from "./follower.ts";
import { copiedContracts, emptyFollower } from "./follower-state.ts";
import { emptyLeader, foldLeader } from "./leader.ts";
import { childNamed, copyNamed, openIdsOf } from "./named.ts";

/** What a later version of Tandem may have written. */
const STRANGE = { kind: "strange" } as unknown;

test("a fact of a kind that this version does not know is not folded over", () => {
  const folds = [
    () => foldFollower(emptyFollower(ASHA), STRANGE as FollowerFact, 1, TEN_O_CLOCK_MS),
    () => foldLeader(emptyLeader(LEADER), STRANGE as LeaderFact, 1),
  ];
  for (const fold of folds) assert.throws(fold, /unreachable.*strange/);
  const desk = new Desk();
  desk.leads("L1");
  const [copy] = desk.follower.copies.values();
  assert.ok(copy);
  assert.throws(() => changedCopy(copy, STRANGE as CopyFact, 1), /unreachable.*strange/);
});

test("a copy that is open already is not listed twice when it is opened again", () => {
  const desk = new Desk();
  desk.leads("L1");
  const [[key, ids] = []] = desk.follower.openCopies.entries();
  assert.ok(key && ids?.[0]);
  const reopened = { kind: "copyReopened", copyId: ids[0] } as const;
  const after = foldFollower(desk.follower, reopened, 100, desk.nowMs);
  assert.deepEqual(openIdsOf(after, key), ids);
});

test("a name that the state has told and does not hold is a bug", () => {
  const state = emptyFollower(ASHA);
  assert.throws(() => copyNamed(state, "leader-asha/L1" as never), /expected copy leader-asha\/L1/);
  assert.throws(() => childNamed(state, "T0" as never), /expected child T0/);
  assert.deepEqual(openIdsOf(state, "NSE_EQ:1|CNC" as never), []);
});

test("an order that is queued for the open is still so after it was adopted", () => {
  const before = new Desk();
  before.leads("L1", { family: "after-market" });
  const place = before.sentPlace();
  const queued = orderOf("F1", {
    family: "after-market",
    correlationId: place.correlationId,
    terms: place.terms,
  });
  const desk = new Desk({ isUnlinked: true });
  for (const order of before.leader.book.orders.values()) desk.leaderFrame(order);
  desk.sees(queued);
  for (const link of desk.links.values()) desk.open(link);
  assert.equal(desk.child("L1").isAfterMarket, true);
});

test("the contracts that a link has copied into are those of the follower, each once", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.bought("L2", 100, { product: "CNC" });
  const contracts = copiedContracts(desk.follower, LINK);
  assert.deepEqual([...contracts].sort(), [`${SHARE}|CNC`, `${SHARE}|INTRADAY`]);
  assert.deepEqual(copiedContracts(desk.follower, toLinkId("another")), []);
});
