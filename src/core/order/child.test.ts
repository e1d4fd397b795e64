import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, limitTerms, rupees, SHARE } from "../../../test/core/builders.ts";
import type { CommandOutcome } from "../model/command.ts";
import { toCopyId } from "../model/fact.ts";
import { asCorrelationId, type CorrelationId, toAccountId, toBrokerOrderId } from "../model/ids.ts";
import type { OrderFamily } from "../model/order.ts";
import {
  CHANGE_TRIES_MAX,
  type Child,
  changeAnswered,
  changeSettled,
  modifyIntended,
  newChild,
  vehicleOf,
} from "./child.ts";

const NAME = asCorrelationId(`T${"0".repeat(24)}`) as CorrelationId;
const ID = toBrokerOrderId("F1");
const ASKED = limitTerms({ price: rupees(1_600) });

function working(change: Partial<Child> = {}): Child {
  const leader = toAccountId("leader");
  const identity = { leader, leaderOrderId: ID, follower: leader, leg: "entry", slice: 0 } as const;
  const copyId = toCopyId(LINK, ID);
  return {
    ...newChild({ ...identity, revision: 0, attempt: 0 }, copyId, NAME, { seq: 1, atMs: 1 }),
    instrument: SHARE,
    product: "INTRADAY",
    side: "BUY",
    terms: limitTerms(),
    state: "working",
    brokerOrderId: ID,
    ...change,
  };
}

function asked(child: Child): Child {
  const command = { kind: "modify", correlationId: NAME, brokerOrderId: ID, terms: ASKED } as const;
  return modifyIntended(child, command, 2);
}

test("the door that an order came through is told by its family", () => {
  const doors: readonly (readonly [OrderFamily, string | undefined])[] = [
    ["plain", undefined],
    ["super-entry", "super"],
    ["bracket", "bracket"],
    ["cover", "cover"],
    ["forever", "forever"],
  ];
  for (const [family, vehicle] of doors) assert.equal(vehicleOf(family).vehicle, vehicle);
});

test("both halves of an OCO change together once the broker has accepted it", () => {
  const second = { quantity: 50, triggerPrice: rupees(1_700) };
  const command = { kind: "modify", correlationId: NAME, brokerOrderId: ID } as const;
  const pending = modifyIntended(working(), { ...command, terms: ASKED, second }, 2);
  assert.deepEqual(pending.pending?.second, second);
  const outcome = { kind: "accepted", brokerOrderId: ID, status: "working" } as const;
  const changed = changeAnswered(pending, "modify", outcome, 3);
  assert.deepEqual([changed.terms, changed.second], [ASKED, second]);
});

test("a change that a read shows as taken ends the row of those that were not", () => {
  const settled = changeSettled(asked(working({ failedChanges: 2 })), ASKED, 3);
  assert.deepEqual([settled.failedChanges, settled.refusedTerms], [0, undefined]);
});

test("a change that reads show as not taken is asked for again, up to its limit", () => {
  let child = working();
  for (let tries = 1; tries < CHANGE_TRIES_MAX; tries += 1) {
    child = changeSettled(asked(child), limitTerms(), 3);
    assert.deepEqual([child.failedChanges, child.refusedTerms], [tries, undefined]);
  }
  child = changeSettled(asked(child), limitTerms(), 3);
  assert.deepEqual([child.failedChanges, child.refusedTerms], [0, ASKED]);
});

test("an answer of a kind that nobody knows is a bug, not an acceptance", () => {
  const outcome = { kind: "perhaps" } as unknown as CommandOutcome;
  assert.throws(() => changeAnswered(asked(working()), "modify", outcome, 3), /unreachable/);
});
