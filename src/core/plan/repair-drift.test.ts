import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LINK, linkOf, OPTION, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import {
  differences,
  lastRepair,
  offersAt,
  offerWords,
  openRepairs,
  repairOrders,
  repairs,
  seenOf,
} from "../../../test/core/repairs.ts";
import { driftsOf } from "../drift/drift.ts";
import { toPositionKey } from "../order/account-book.ts";
import { foldFollower } from "../order/follower.ts";
import { emptyFollower } from "../order/follower-state.ts";

const _KEY = toPositionKey(SHARE, "INTRADAY");
const FILLED = { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) } as const;

/** The leader has bought 100 at 1650.00, and the broker refused the follower's copy of 50. */
function missed(options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", FILLED);
  return desk;
}

/** "50 late-fill repair" */
function parts(desk: Desk): readonly string[] {
  const { follower, leader } = desk;
  return driftsOf({ linkId: LINK, follower, leader }).flatMap((drift) =>
    drift.parts.map(({ units, cause, code }) => `${units} ${cause} ${code}`.trim()),
  );
}

describe("what was missed", () => {
  test("is bought at the limit that was shown, and then nothing differs", () => {
    const desk = missed();
    assert.deepEqual(offerWords(desk), ["BUY 50 at 1658.25"]);
    const [name] = repairs(desk);
    assert.match(name ?? "", /^RP\d+$/);
    const { side, terms, product } = desk.sentPlace();
    assert.deepEqual(
      [side, terms.type, terms.quantity, terms.price, product],
      ["BUY", "LIMIT", 50, rupees(1_658.25), "INTRADAY"],
    );
  });

  test("is brought to zero by it, and the leader's next exit takes it out like any other entry", () => {
    const desk = missed();
    repairs(desk);
    desk.settle();
    assert.deepEqual(parts(desk), ["50 catching-up repair"]);
    desk.fills(lastRepair(desk));
    assert.deepEqual([differences(desk), openRepairs(desk), desk.copied()], [[0], 0, 50]);
    desk.leads("L2", { side: "SELL", ...FILLED });
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual(
      [desk.copied(), differences(desk), desk.alarms()],
      [0, [], ["entry-rejected"]],
    );
  });

  test("is taken out by an exit of the leader's that rested before it came in", () => {
    const desk = missed();
    desk.leads("L2", { side: "SELL", terms: { quantity: 100, price: rupees(1_700) } });
    assert.deepEqual(desk.outbox, []);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk), 30);
    const exit = desk.sentPlace();
    assert.deepEqual([exit.side, exit.terms.quantity], ["SELL", 30]);
    desk.accept(exit);
    desk.fills(lastRepair(desk), 20);
    desk.settle();
    desk.leads("L2", FILLED);
    desk.fills(desk.child("L2", "exit"));
    desk.settle();
    assert.deepEqual([desk.copied(), desk.net()], [0, 0]);
  });

  test("is no part of an exit that the leader placed when he had less", () => {
    const desk = missed();
    desk.leads("L2", { side: "SELL", terms: { quantity: 100, price: rupees(1_700) } });
    desk.leads("L3", { terms: { quantity: 40 } });
    desk.settle();
    desk.leads("L3", { status: "filled", filledQuantity: 40 });
    desk.fills(desk.child("L3"));
    desk.settle();
    const resized = desk.facts("copyResized").length;
    repairs(desk);
    assert.equal(desk.facts("copyResized").length, resized);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.deepEqual(differences(desk), [0]);
  });

  test("is not bought any more when the leader leaves while the repair rests", () => {
    const desk = missed();
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk), 20);
    desk.leads("L2", { side: "SELL", ...FILLED });
    const commands = desk.outbox.map(({ kind }) => kind);
    assert.deepEqual(commands.toSorted(), ["cancel", "place"]);
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual([desk.copied(), openRepairs(desk)], [0, 0]);
    assert.ok(desk.skips().includes("entry repair-over"), desk.skips().join());
  });

  test("is cancelled to the end when half of it is not wanted any more", () => {
    const desk = missed();
    repairs(desk);
    desk.settle();
    desk.leads("L2", {
      side: "SELL",
      terms: { quantity: 40 },
      status: "filled",
      filledQuantity: 40,
    });
    assert.equal(desk.sent().kind, "cancel");
  });

  test("ends after half a minute, is told, and may be asked for again", () => {
    const desk = missed();
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk), 20);
    desk.passes(29_000);
    assert.deepEqual(desk.outbox, []);
    desk.passes(1_000);
    desk.settle();
    assert.deepEqual([openRepairs(desk), desk.copied(), differences(desk)], [0, 20, [-30]]);
    assert.ok(desk.skips().includes("entry repair-not-filled"));
    assert.deepEqual(offerWords(desk), ["BUY 30 at 1658.25"]);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.deepEqual([differences(desk), desk.copied()], [[0], 50]);
  });

  test("stays out when the broker refuses it again, and the repair is over", () => {
    const desk = missed();
    repairs(desk);
    desk.rejects(desk.sentPlace(), "funds");
    assert.deepEqual([openRepairs(desk), desk.outbox, differences(desk)], [0, [], [-50]]);
    desk.passes(600_000);
    assert.deepEqual(repairOrders(desk).length, 1);
    assert.deepEqual(parts(desk), ["50 rejected child-rejected"]);
  });

  test("stays out when somebody cancels the repair's order", () => {
    const desk = missed();
    repairs(desk);
    desk.settle();
    desk.shows(lastRepair(desk), { status: "cancelled" });
    assert.deepEqual(
      [openRepairs(desk), desk.outbox, desk.skips().at(-1)],
      [0, [], "entry cancelled-elsewhere"],
    );
  });

  test("ends when entries are stopped, the link is paused before it was sent, or is gone", () => {
    const killed = missed();
    repairs(killed);
    killed.settle();
    killed.input({ kind: "stopEntries", cause: "kill", by: "asha", text: "" });
    assert.equal(killed.sent().kind, "cancel");
    const paused = missed();
    repairs(paused);
    paused.setLink({ mode: "paused" });
    paused.input({ kind: "tick" });
    assert.deepEqual(paused.withdrawn, [lastRepair(paused).correlationId]);
    const gone = missed();
    repairs(gone);
    gone.settle();
    gone.links.delete(LINK);
    gone.input({ kind: "tick" });
    assert.equal(gone.sent().kind, "cancel");
  });
});

test("the journal's facts come to the same state", () => {
  const desk = missed();
  repairs(desk);
  desk.settle();
  desk.fills(lastRepair(desk), 20);
  desk.passes(30_000);
  desk.settle();
  repairs(desk, [{ ...seenOf(offersAt(desk)[0] as never), target: 7 }]);
  const folded = desk.recorded.reduce(
    (state, { fact, seq, atMs }) =>
      foldFollower(state, JSON.parse(JSON.stringify(fact)), seq, atMs as never),
    emptyFollower(desk.follower.account),
  );
  assert.deepEqual(folded.repairs, desk.follower.repairs);
  assert.deepEqual([...folded.copies.values()], [...desk.follower.copies.values()]);
});

test("an option is repaired by whole lots", () => {
  const desk = new Desk({ links: [linkOf({ sizing: { kind: "multiplier", bps: 10_000 } })] });
  const option = { instrument: OPTION, averagePrice: rupees(100) } as const;
  desk.leads("L1", { ...option, terms: { quantity: 130, price: rupees(100) } });
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", { status: "filled", filledQuantity: 130 });
  assert.deepEqual(offerWords(desk), ["BUY 130 at 102.00"]);
});
