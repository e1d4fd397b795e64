import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, orderOf, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { type FollowerFact, toCopyId } from "../../core/model/fact.ts";
import { toBrokerOrderId } from "../../core/model/ids.ts";
import { toEpochMs } from "../../core/model/time.ts";
import { factSentence } from "./fact-sentence.ts";

const desk = new Desk();
const copyId = toCopyId(LINK, toBrokerOrderId("L1"));
desk.leads("L1");
const { correlationId } = desk.sentPlace();
const brokerOrderId = toBrokerOrderId("F1");

function told(fact: FollowerFact): string | undefined {
  return factSentence(fact, {
    before: desk.follower,
    after: desk.follower,
    copyId,
    symbol: "HDFCBANK",
    atMs: toEpochMs(desk.nowMs),
    sentAtMs: new Map(),
  });
}

const group = { correlationId, brokerOrderId, vehicle: "super" } as const;
const { terms } = orderOf("F1", { terms: { quantity: 50 } });

// biome-ignore format: one row a line
const rows: readonly (readonly [FollowerFact, string])[] = [
  [{ kind: "graceBegan", copyId, grace: "unprotected" }, "units have filled and no stop of theirs is seen working yet"],
  [{ kind: "graceEnded", copyId, grace: "unprotected" }, "no filled units are without a working stop any more"],
  [{ kind: "graceBegan", copyId, grace: "leader-out" }, "the leader has left the position and the follower has not yet"],
  [{ kind: "graceEnded", copyId, grace: "leader-out" }, "the follower does not hold what the leader has left any more"],
  [{ kind: "graceBegan", copyId, grace: "leg-cancelled" }, "an exit leg of the leader's is gone without having filled: what it means is awaited"],
  [{ kind: "graceEnded", copyId, grace: "leg-cancelled" }, "what became of the leader's exit leg is known"],
  [{ kind: "graceBegan", copyId, grace: "leader-filled" }, "the leader's order has filled and the copy rests"],
  [{ kind: "graceEnded", copyId, grace: "leader-filled" }, "the copy does not rest behind the leader's filled order any more"],
  [{ kind: "skipped", copyId, leg: "stop", code: "gave-up", inputs: { attempts: 5 } }, "the exit of our own is not copied: it was not accepted in 5 attempts [gave-up]"],
  [{ kind: "skipped", copyId, leg: "entry", slice: 2, code: "gave-up", inputs: { attempts: 5 } }, "slice 3 of it is not copied: it was not accepted in 5 attempts [gave-up]"],
  [{ kind: "held", copyId, leg: "repair", code: "legs-first", inputs: {} }, "the repair of what was exited twice waits: the exit legs at the broker must end before another order may exit [legs-first]"],
  [{ kind: "modifyIntended", command: { kind: "modify", ...group, terms, leg: "stop", protection: { stop: rupees(1645), trail: rupees(5) } } }, "changing its stop to stop 1645.00 trailing by 5.00"],
  [{ kind: "modifyIntended", command: { kind: "modify", ...group, terms, protection: { target: rupees(1680) } } }, "changing it from 50 at 1650.00 to 50 at 1650.00, target 1680.00"],
  [{ kind: "cancelIntended", isReplacing: false, command: { kind: "cancel", ...group, leg: "target" } }, "cancelling its target"],
  [{ kind: "changeSettled", correlationId, order: orderOf("F1"), protection: { stop: rupees(1640) } }, "the order book shows 100 at 1650.00, stop 1640.00: it was changed elsewhere"],
  [{ kind: "childFound", correlationId, order: orderOf("F1") }, "found at the broker by its terms, under order F1: it was taken"],
];

for (const [fact, sentence] of rows) {
  test(`a fact of kind ${fact.kind} is told as: ${sentence}`, () => {
    assert.equal(told(fact), sentence);
  });
}
