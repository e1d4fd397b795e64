import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OPTION, rupees } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { journalOf } from "../../../test/core/journal-of.ts";
import { type LinkId, toAccountId, toLinkId } from "../../core/model/ids.ts";
import type { PriceE4 } from "../../core/model/money.ts";
import { toEpochMs, tradingDayOf } from "../../core/model/time.ts";
import { explainOrder, type SetLink } from "./explain-order.ts";

async function explained(desk: Desk, id: string, links?: readonly SetLink[]) {
  const question = links === undefined ? { id } : { id, links };
  const explanation = await explainOrder(await journalOf(desk), question);
  assert.ok(explanation, `the journal knows no ${id}`);
  return explanation;
}

/** The copy as it is printed, ids of ours shortened. */
async function copyOf(desk: Desk, id: string, links?: readonly SetLink[]): Promise<string> {
  const { copies } = await explained(desk, id, links);
  assert.equal(copies.length, 1);
  const [copy] = copies;
  assert.ok(copy);
  const { outcome, summary, code, lines } = copy;
  const text = [`${outcome}: ${summary}${code === "" ? "" : ` [${code}]`}`, ...lines].join("\n");
  return text.replaceAll(/T[0-9A-Z]{24}/g, "T…");
}

function told(text: string): string {
  return text.trim().replaceAll(/^ +/gm, "");
}

function average(desk: Desk, id: string, price: PriceE4, leg: "entry" | "exit" = "entry"): void {
  const { brokerOrderId } = desk.child(id, leg);
  assert.ok(brokerOrderId);
  desk.broker.change(brokerOrderId, { averagePrice: price });
}

describe("what was copied", () => {
  function copiedInFull(): Desk {
    const desk = new Desk();
    desk.nowMs += 123;
    desk.leads("L1");
    const place = desk.sentPlace();
    desk.nowMs += 3;
    desk.accept(place);
    desk.nowMs += 500;
    desk.leads("L1", { status: "filled", filledQuantity: 100, averagePrice: rupees(1650) });
    average(desk, "L1", rupees(1650.25));
    desk.fills(desk.child("L1"));
    return desk;
  }

  test("an order copied in full: what it was, how much, when it was accepted, at what it filled", async () => {
    const desk = copiedInFull();
    const { leader, leaderOrder, day, lines } = await explained(desk, "L1");
    assert.deepEqual(
      [leader, leaderOrder, day, lines],
      [
        "leader",
        "BUY 100 HDFCBANK LIMIT 1650.00 INTRADAY DAY: filled, 100 of 100 at 1650.00",
        "2026-11-22",
        [
          "10:00:00.123  BUY 100 HDFCBANK LIMIT 1650.00 INTRADAY DAY; working (order stream)",
          "10:00:00.626  100 of 100 filled at 1650.00 (order stream)",
        ],
      ],
    );
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        copied: 50 of 50 filled at 1650.25; accepted by the broker 3 ms after the leader's order was seen
        10:00:00.123  the leader's 100 x 0.5 = 50
        10:00:00.123  placing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:00:00.126  the broker accepted the order, 3 ms later: broker order F1
        10:00:00.126  working (order stream)
        10:00:00.626  50 of 50 filled at 1650.25 (order stream)`),
    );
  });

  test("the copy's own order id and our id of it lead to the same story", async () => {
    const desk = copiedInFull();
    const { brokerOrderId, correlationId } = desk.child("L1");
    for (const id of [String(brokerOrderId), correlationId]) {
      const { leaderOrderId, remark, copies } = await explained(desk, id);
      assert.deepEqual([leaderOrderId, copies.length], ["L1", 1]);
      assert.equal(remark, `${id} is an order of asha, a copy of this one`);
    }
  });

  test("an id that nobody knows is no story", async () => {
    const journal = await journalOf(copiedInFull());
    assert.equal(await explainOrder(journal, { id: "nobody's" }), undefined);
  });

  test("the facts of the copy, and no others, come with it", async () => {
    const desk = copiedInFull();
    desk.leads("L2");
    desk.settle();
    const [copy] = (await explained(desk, "L1")).copies;
    const kinds = copy?.facts.map(({ fact }) => fact.kind);
    assert.deepEqual(kinds, [
      "copyOpened",
      "placeIntended",
      "commandAnswered",
      "orderObserved",
      "orderObserved",
      "copyClosed",
    ]);
  });

  test("a partial exit tells the fraction, what was copied, and the rounding", async () => {
    const desk = new Desk();
    desk.bought("L1", 97);
    desk.nowMs += 60_000;
    desk.leads("L2", { side: "SELL", terms: { quantity: 40 } });
    const exit = desk.sentPlace();
    desk.nowMs += 5;
    desk.accept(exit);
    desk.nowMs += 995;
    desk.leads("L2", { status: "filled", filledQuantity: 40 });
    average(desk, "L2", rupees(1651), "exit");
    desk.fills(desk.child("L2", "exit"));
    assert.equal(
      await copyOf(desk, "L2"),
      told(`
        copied: 19 of 19 filled at 1651.00; accepted by the broker 5 ms after the leader's order was seen
        10:01:00.000  the leader reduces 40 of the 97 that he held: 40/97 of 48 copied, 19.79, rounded down to whole lots
        10:01:00.000  placing SELL 19 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:01:00.005  the broker accepted the order, 5 ms later: broker order F2
        10:01:00.005  working (order stream)
        10:01:01.000  19 of 19 filled at 1651.00 (order stream)`),
    );
  });

  test("an order that crosses zero is told in its two parts", async () => {
    const desk = new Desk();
    desk.bought("L1", 97);
    desk.leads("L2", { side: "SELL", terms: { quantity: 150 } });
    desk.leaderBook();
    desk.settle();
    assert.equal(
      await copyOf(desk, "L2"),
      told(`
        pending: closing part: none of 48 filled yet, it is working; opening part: the closing part has not filled yet [closing-part-first]
        10:00:00.000  the leader reduces 97 of the 97 that he held: all of 48 copied; the leader's 53 that open a new position x 0.5 = 26.5, in whole lots 26
        10:00:00.000  placing SELL 48 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:00:00.000  the opening part waits: the closing part has not filled yet [closing-part-first]
        10:00:00.000  the broker accepted the order, less than 1 ms later: broker order F2
        10:00:00.000  working (order stream)`),
    );
  });

  test("a change and a cancel with the leader, after a partial fill", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.nowMs += 2_000;
    desk.leads("L1", { terms: { quantity: 201, price: rupees(1651) } });
    desk.settle();
    desk.nowMs += 1_000;
    desk.fills(desk.child("L1"), 20);
    desk.leads("L1", { filledQuantity: 40 });
    desk.leads("L1", { status: "cancelled" });
    const cancel = desk.sent();
    desk.nowMs += 8;
    desk.accept(cancel);
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        copied: 20 of 100 filled, the rest cancelled when the leader's order was cancelled; accepted by the broker less than 1 ms after the leader's order was seen
        10:00:00.000  the leader's 100 x 0.5 = 50
        10:00:00.000  placing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:00:00.000  the broker accepted the order, less than 1 ms later: broker order F1
        10:00:00.000  working (order stream)
        10:00:02.000  the leader changed his quantity: the leader's 201 x 0.5 = 100.5, in whole lots 100
        10:00:02.000  changing it from 50 at 1650.00 to 100 at 1651.00
        10:00:02.000  the broker accepted the change
        10:00:02.000  now 100 at 1651.00, was 50 at 1650.00 (order stream)
        10:00:03.000  20 of 100 filled (order stream)
        10:00:03.000  cancelling it
        10:00:03.008  the broker accepted the cancel
        10:00:03.008  cancelled with 20 of 100 filled (order stream)`),
    );
  });

  test("a market order says what its limit was made from", async () => {
    const desk = new Desk();
    desk.leads("L1", { lastPrice: rupees(1650), terms: { type: "MARKET" } });
    desk.settle();
    const story = await copyOf(desk, "L1");
    assert.match(
      story,
      /a market order is copied as a limit order: its limit is made from 1650\.00/,
    );
    assert.match(story, /placing BUY 50 HDFCBANK LIMIT 1658\.25/);
  });
});

describe("what was not copied", () => {
  test("less than one lot, with the rule and the lot", async () => {
    const desk = new Desk();
    desk.leads("L1", { instrument: OPTION, symbol: "NIFTY-CE", terms: { quantity: 65 } });
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        skipped: 65 x 0.5 = 32.5 is less than one lot of 65 [below-one-lot]
        10:00:00.000  the leader's 65 x 0.5 = 32.5
        10:00:00.000  not copied: 65 x 0.5 = 32.5 is less than one lot of 65 [below-one-lot]`),
    );
  });

  test("nothing to exit, with what the leader had", async () => {
    const desk = new Desk();
    desk.setLink({ mode: "paused" });
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    desk.setLink({ mode: "active" });
    desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
    desk.leaderBook();
    assert.equal(
      await copyOf(desk, "L2"),
      told(`
        skipped: the leader reduced 50 of 100, but nothing of that was copied, so there is nothing to exit [nothing-to-exit]
        10:00:00.000  the leader reduces 50 of the 100 that he held; nothing of that was copied
        10:00:00.000  not copied: the leader reduced 50 of 100, but nothing of that was copied, so there is nothing to exit [nothing-to-exit]`),
    );
    assert.match(await copyOf(desk, "L1"), /^skipped: the link is paused \[link-paused\]\n/);
  });

  test("a copy that the broker accepts and rejects later, in the broker's words", async () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.accept(desk.sentPlace());
    desk.nowMs += 800;
    const reason = "RMS:1:You have\tinsufficient\nfunds";
    const { brokerOrderId } = desk.child("L1");
    assert.ok(brokerOrderId);
    desk.sees(desk.broker.change(brokerOrderId, { status: "rejected", reason }));
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        rejected: the broker or the exchange said no: "RMS:1:You have insufficient funds" [child-rejected]
        10:00:00.000  the leader's 100 x 0.5 = 50
        10:00:00.000  placing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:00:00.000  the broker accepted the order, less than 1 ms later: broker order F1
        10:00:00.000  working (order stream)
        10:00:00.800  rejected: "RMS:1:You have insufficient funds" (order stream)
        10:00:00.800  ALARM: the broker rejected an entry (text "RMS:1:You have insufficient funds") [entry-rejected]
        10:00:00.800  not copied: the broker or the exchange rejected it: "RMS:1:You have insufficient funds" [child-rejected]`),
    );
  });

  test("an order older than the link, with both times", async () => {
    const desk = new Desk({ isUnlinked: true });
    desk.leads("L1");
    desk.nowMs += 1_500;
    for (const link of desk.links.values()) desk.open(link);
    assert.equal(
      await copyOf(desk, "L1"),
      "skipped: older than the link, which began at 10:00:01.500; the order was first seen at 2026-11-22 10:00:00.000 [older-than-link]",
    );
  });

  test("an order in transit, which may still be refused", async () => {
    const desk = new Desk();
    desk.leads("L1", { status: "transit" });
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        pending: 50 are sent as soon as the leader's order has left transit [in-transit]
        10:00:00.000  the leader's 100 x 0.5 = 50
        10:00:00.000  preparing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY, to be sent once the leader's order has left transit, id T…`),
    );
    desk.nowMs += 40;
    desk.leads("L1", { status: "rejected", reason: "no funds" });
    for (const id of desk.withdrawn.splice(0)) {
      const outcome = { kind: "notSent", text: "withdrawn" } as const;
      desk.input({ kind: "answered", correlationId: id, command: "place", outcome });
    }
    assert.match(
      await copyOf(desk, "L1"),
      /^skipped: the leader's order was rejected before any fill: "no funds" \[leader-rejected\]\n/,
    );
  });

  test("what an order was in transit for is told apart from what its copy took", async () => {
    const desk = new Desk();
    desk.leads("L2", { status: "transit" });
    desk.nowMs += 80;
    desk.leads("L2", { status: "working" });
    desk.nowMs += 7;
    desk.settle();
    const released = await copyOf(desk, "L2");
    const [summary] = released.split("\n");
    assert.equal(
      summary,
      "copied: none of 50 filled yet, it is working; accepted by the broker 7 ms after the leader's " +
        "order was seen to have left transit, 87 ms after it was first seen",
    );
    assert.match(released, /10:00:00\.080 {2}the leader's order has left transit: .* is sent$/m);
    assert.match(released, /10:00:00\.087 {2}the broker accepted the order, 7 ms later/);
  });

  test("a sale that may open a short waits for a read of the leader's books", async () => {
    const desk = new Desk();
    desk.leads("L1", { side: "SELL" });
    assert.match(await copyOf(desk, "L1"), /^pending: .*books.* \[confirming-leader-book\]$/);
  });

  test("links that are set and have not begun, or are set no more, are told of, too", async () => {
    const desk = new Desk();
    desk.leads("L1");
    const link = (id: LinkId, follower: string): SetLink => ({
      id,
      leader: desk.leader.account,
      follower: toAccountId(follower),
    });
    const { copies } = await explained(desk, "L1", [link(toLinkId("leader-ravi"), "ravi")]);
    assert.deepEqual(
      copies.map(({ link: name, code }) => [name, code]),
      [
        ["leader-asha", ""],
        ["leader-ravi", "link-not-begun"],
      ],
    );
  });
});

describe("what was unknown", () => {
  test("an order of unknown outcome that the broker turns out to have taken", async () => {
    const desk = new Desk();
    desk.leads("L1");
    const place = desk.sentPlace();
    desk.nowMs += 10_000;
    desk.answer(place, { kind: "unknown", text: "no answer within 10000 ms" });
    assert.match(await copyOf(desk, "L1"), /^unknown: none of 50 filled; .* \[unknown-order\]\n/);
    desk.nowMs += 700;
    const { correlationId } = place;
    desk.input({ kind: "lookedUp", correlationId, startedAtMs: desk.nowMs });
    desk.nowMs += 700;
    desk.readsBook();
    desk.broker.take(place);
    desk.nowMs += 900;
    const taken = desk.broker.byCorrelation(correlationId);
    assert.ok(taken);
    const order = desk.broker.change(taken.brokerOrderId, { status: "working" });
    desk.input({ kind: "lookedUp", correlationId, startedAtMs: desk.nowMs, order });
    assert.equal(
      await copyOf(desk, "L1"),
      told(`
        copied: none of 50 filled yet, it is working; whether the broker had taken it was unknown for 2.3 s, until the order book showed it as order F1
        10:00:00.000  the leader's 100 x 0.5 = 50
        10:00:00.000  placing BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY, id T…
        10:00:10.000  whether the broker took the order is unknown: "no answer within 10000 ms"; it is looked up, never sent again
        10:00:10.000  ALARM: the outcome of an order is unknown (command "place", text "no answer within 10000 ms") [unknown-order]
        10:00:10.000  waits: an order of this account and instrument has an unknown outcome [unknown-order]
        10:00:11.400  looked for it once by its id and once in the whole order book: not there
        10:00:12.300  found at the broker as order F1: it was taken (the order book shows it under its id T…, 2.3 s after its outcome had become unknown); working (order book)`),
    );
  });

  test("a reply that was lost after the broker had shown the order leaves nothing unknown", async () => {
    const desk = new Desk();
    desk.leads("L1");
    const place = desk.sentPlace();
    desk.broker.take(place);
    desk.readsBook();
    desk.answer(place, { kind: "unknown", text: "other side closed" });
    const story = await copyOf(desk, "L1");
    assert.match(
      story,
      /the reply to the order was lost: "other side closed"; the broker had shown it as order F1 by then, so it was taken$/m,
    );
    assert.doesNotMatch(story, /unknown|ALARM/);
  });

  test("an order proved absent is placed again as a second attempt", async () => {
    const desk = new Desk();
    desk.leads("L1");
    const place = desk.sentPlace();
    desk.answer(place, { kind: "unknown", text: "reset" });
    desk.nowMs += 16_000;
    desk.readsBook();
    for (let look = 0; look < 3; look += 1) {
      const { correlationId } = place;
      desk.input({ kind: "lookedUp", correlationId, startedAtMs: desk.nowMs });
    }
    const story = await copyOf(desk, "L1");
    assert.match(story, /looked for it 3 times by its id and once in the whole order book/);
    assert.match(
      story,
      /proved: 3 lookups by its id and the whole order book do not show it, the last of either kind begun 16 s or more after its outcome had become unknown; the broker never took it/,
    );
    assert.match(story, /unknown for 16 s, until its absence was proved/);
    assert.match(story, /placing BUY 50 HDFCBANK LIMIT 1650\.00 INTRADAY DAY \(attempt 2\)/);
  });

  test("a restart while an order is on its way, and the end of the day, are part of the story", async () => {
    const desk = new Desk();
    desk.input({ kind: "dayBegan", day: tradingDayOf(toEpochMs(desk.nowMs)) });
    desk.leads("L1");
    desk.nowMs += 1_000;
    desk.input({ kind: "restarted" });
    desk.nowMs += 86_400_000;
    desk.input({ kind: "dayBegan", day: tradingDayOf(toEpochMs(desk.nowMs)) });
    const story = await copyOf(desk, "L1");
    assert.match(story, /^10:00:01\.000 {2}Tandem started again: .* looked up/m);
    assert.match(story, /^2026-11-23 10:00:01\.000 {2}a new trading day \(2026-11-23\)/m);
  });
});
