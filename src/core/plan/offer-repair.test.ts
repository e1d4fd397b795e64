import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LINK, linkOf, OPTION, orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { offersAt, offerWords } from "../../../test/core/repairs.ts";
import type { OrderObservation } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");
const OPTIONS = { instrument: OPTION, symbol: "NIFTY" } as const;
const ALL = linkOf({ sizing: { kind: "multiplier", bps: 10_000 } });

/** The leader has bought 100 at 1650.00, and the follower's 50 are in. */
function bought(options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  desk.bought("L1", 100, { averagePrice: rupees(1_650) });
  return desk;
}

/** The leader has bought, and the broker refused the follower's copy. */
function missed(options: DeskOptions = {}, desk = new Desk(options)): Desk {
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", {
    status: "filled",
    filledQuantity: 100,
    averagePrice: rupees(1_650),
    lastPrice: rupees(1_650),
  });
  return desk;
}

function foreign(id: string, quantity: number, change: Partial<OrderObservation> = {}) {
  const order = orderOf(id, { side: "SELL", terms: { quantity }, status: "filled", ...change });
  return { ...order, filledQuantity: quantity };
}

describe("what is missing", () => {
  test("by a rejection or by its age is bought at a limit beside the last price that was told", () => {
    assert.deepEqual(offerWords(missed()), ["BUY 50 at 1658.25"]);
    const late = new Desk();
    const placedAtMs = toEpochMs(late.nowMs - 60_000);
    const averagePrice = rupees(1_650);
    late.leads("L1", { placedAtMs, status: "filled", filledQuantity: 100, averagePrice });
    assert.deepEqual(offerWords(late), ["BUY 50 at 1658.25"]);
  });

  test("of a short is sold", () => {
    const desk = new Desk();
    const change = { side: "SELL", ...OPTIONS, averagePrice: rupees(100) } as const;
    desk.leads("L1", { ...change, terms: { quantity: 130 } });
    desk.leaderBook();
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "filled", filledQuantity: 130 });
    assert.deepEqual(offerWords(desk), ["SELL 65 at 98.00"]);
  });

  test("without any price that was told is not bought", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(offerWords(desk), ["(no-reference-price)"]);
  });

  test("is whole lots, and what is below a lot is said to stay", () => {
    const rule = linkOf({ sizing: { kind: "fixed-quantity", quantity: 65 } });
    const desk = new Desk({ links: [rule] });
    desk.leads("L1", { ...OPTIONS, terms: { quantity: 130 } });
    desk.rejects(desk.sentPlace(), "funds");
    desk.leads("L1", { status: "cancelled", filledQuantity: 70, averagePrice: rupees(100) });
    assert.deepEqual(offerWords(desk), ["(below-one-lot)"]);
    const more = new Desk({
      links: [linkOf({ sizing: { kind: "fixed-quantity", quantity: 130 } })],
    });
    more.leads("L1", { ...OPTIONS, terms: { quantity: 130 } });
    more.rejects(more.sentPlace(), "funds");
    more.leads("L1", { status: "cancelled", filledQuantity: 70, averagePrice: rupees(100) });
    assert.deepEqual(offerWords(more), ["BUY 65 at 102.00 (below-one-lot)"]);
  });

  test("is not what still may come in: an order that rests, or one of unknown outcome", () => {
    const desk = new Desk();
    desk.leads("L1");
    desk.settle();
    desk.leads("L1", { filledQuantity: 40 });
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
    const lost = new Desk();
    lost.leads("L1");
    lost.losesReply(lost.sentPlace());
    lost.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(offerWords(lost), ["(unknown-order)"]);
    const both = missed();
    both.leads("L2", { terms: { quantity: 40 } });
    both.settle();
    both.leads("L2", { filledQuantity: 20 });
    assert.deepEqual(offerWords(both), ["BUY 40 at 1658.25 (waiting-for-fill)"]);
  });

  test("is not what an entry that is being made larger may bring in", () => {
    const desk = missed();
    desk.leads("L2", { terms: { quantity: 20 } });
    desk.settle();
    desk.leads("L2", { terms: { quantity: 60 } });
    assert.deepEqual(offerWords(desk), ["BUY 20 at 1658.25 (waiting-for-fill)"]);
  });

  test("because an order of a copy that is too large rests beside it is not bought twice", () => {
    const desk = missed();
    desk.leads("L2", { terms: { quantity: 100 } });
    desk.settle();
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
  });

  test("because somebody sold it by hand, or the broker closed it, is his", () => {
    const desk = bought();
    desk.sees(foreign("H1", 50, { isByHand: true }));
    assert.deepEqual(offerWords(desk), ["(done-by-hand)"]);
    const closed = bought();
    closed.sees(foreign("H1", 50));
    assert.deepEqual(offerWords(closed), ["(closed-elsewhere)"]);
  });

  test("and explained by nothing, or by the link's own rule, is not bought", () => {
    const desk = bought();
    desk.input({ kind: "positions", nets: [{ key: KEY, net: 15 }] });
    assert.deepEqual(offerWords(desk), ["(unexplained)"]);
    const paused = new Desk({ links: [linkOf({ mode: "paused" })] });
    paused.leads("L1", { status: "filled", filledQuantity: 100 });
    assert.deepEqual(offerWords(paused), ["(by-rule)"]);
    assert.deepEqual(offersAt(paused)[0]?.refused?.inputs, { cause: "link-paused" });
  });

  test("is bought beside what was sold by hand, and no more than that", () => {
    const desk = missed();
    desk.bought("L2", 40, { averagePrice: rupees(1_650) });
    desk.sees(foreign("H1", 10, { isByHand: true }));
    assert.deepEqual(offerWords(desk), ["BUY 50 at 1658.25 (done-by-hand)"]);
  });

  test("waits for kill, pause, close-only, guards and the calendar", () => {
    const killed = missed();
    killed.input({ kind: "stopEntries", cause: "kill", by: "asha", text: "" });
    assert.deepEqual(offerWords(killed), ["(entries-stopped)"]);
    const desk = missed();
    desk.setLink({ mode: "paused" });
    assert.deepEqual(offerWords(desk), ["(link-paused)"]);
    desk.setLink({ mode: "close-only" });
    assert.deepEqual(offerWords(desk), ["(close-only)"]);
    desk.setLink({ mode: "active", guards: { sides: ["SELL"] } as never });
    assert.deepEqual(offerWords(desk), ["(side-not-allowed)"]);
    desk.setLink({ guards: { maxOrderValue: 1 } as never });
    assert.deepEqual(offerWords(desk), ["(order-value-above-limit)"]);
    desk.setLink({ guards: { maxPriceDistanceBps: 100 } });
    assert.deepEqual(offerWords(desk), ["BUY 50 at 1658.25"]);
    desk.leads("L9", { status: "rejected", lastPrice: rupees(1_700) });
    assert.deepEqual(offerWords(desk), ["(price-too-far)"]);
  });

  test("waits for a squared-off or suspended account, unread books and a link that is gone", () => {
    const desk = missed();
    desk.areBooksRead = false;
    assert.deepEqual(offerWords(desk), ["(books-not-read)"]);
    desk.areBooksRead = true;
    desk.links.delete(LINK);
    assert.deepEqual(offerWords(desk), ["(link-not-set)"]);
    desk.setLink({});
    desk.input({ kind: "suspended", reason: "auth", text: "the token has ended" });
    assert.deepEqual(offerWords(desk), ["(account-suspended)"]);
    desk.input({ kind: "resumed" });
    desk.input({ kind: "stopEntries", cause: "square-off", by: "asha", text: "" });
    assert.deepEqual(offerWords(desk), ["(squared-off)"]);
  });

  test("of a contract that no instrument file tells of is not bought", () => {
    const desk = missed();
    desk.instruments.delete(SHARE);
    assert.deepEqual(offerWords(desk), ["(unknown-instrument)"]);
  });

  test("of a group would stand without its stop", () => {
    const desk = new GroupDesk();
    desk.leadsSuper("L1");
    desk.rejects(desk.sentPlace(), "funds");
    desk.leaderFills("L1", 40);
    assert.deepEqual(offerWords(desk), ["(needs-its-stop)"]);
    desk.leaderFills("L1");
    assert.deepEqual(offerWords(desk), ["(needs-its-stop)"]);
  });
});

describe("what is too much", () => {
  test("because an exit was rejected is sold at the market, once the leader's exit is over", () => {
    const desk = bought();
    const change = { side: "SELL", terms: { quantity: 60 } } as const;
    desk.leads("L2", { ...change, filledQuantity: 30 });
    desk.rejects(desk.sentPlace(), "price-band");
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
    desk.leads("L2", { status: "filled", filledQuantity: 60 });
    assert.deepEqual(offerWords(desk), ["SELL 30"]);
  });

  test("is not what an exit that rests takes out by itself", () => {
    const desk = bought();
    desk.leads("L2", { side: "SELL", terms: { quantity: 60 } });
    desk.settle();
    desk.leads("L2", { status: "filled", filledQuantity: 60 });
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
    const refused = bought();
    refused.leads("L2", { side: "SELL", terms: { quantity: 60 } });
    refused.settle();
    refused.leads("L2", { filledQuantity: 30, terms: { price: rupees(1_700) } });
    refused.rejects(refused.sent(), "price-band");
    assert.deepEqual(offerWords(refused), ["(waiting-for-fill)"]);
  });

  test("because somebody cancelled the exit, or a fill came after a cancel, is sold", () => {
    const desk = bought();
    desk.leads("L2", { side: "SELL", terms: { quantity: 60, price: rupees(1_700) } });
    desk.settle();
    desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
    desk.leads("L2", { status: "filled", filledQuantity: 60 });
    assert.deepEqual(offerWords(desk), ["SELL 30"]);
    const late = new Desk();
    late.leads("L1");
    late.settle();
    late.leads("L1", { status: "cancelled" });
    late.fills(late.child("L1"), 50);
    late.settle();
    assert.deepEqual(offerWords(late), ["SELL 50"]);
  });

  test("of a short is bought back", () => {
    const desk = new Desk();
    desk.leads("L1", { side: "SELL" });
    desk.leaderBook();
    desk.settle();
    desk.leads("L1", { status: "cancelled" });
    desk.fills(desk.child("L1"), 50);
    desk.settle();
    assert.deepEqual(offerWords(desk), ["BUY 50"]);
  });

  test("is sold without what another exit takes out by itself", () => {
    const desk = bought();
    const cancelled = { side: "SELL", terms: { quantity: 40, price: rupees(1_700) } } as const;
    desk.leads("L2", cancelled);
    desk.settle();
    desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
    desk.leads("L2", { status: "filled", filledQuantity: 40 });
    desk.leads("L3", { side: "SELL", terms: { quantity: 20 } });
    desk.settle();
    desk.leads("L3", { status: "filled", filledQuantity: 20 });
    assert.deepEqual(offerWords(desk), ["SELL 14 (waiting-for-fill)"]);
  });

  test("is sold by whole lots, and what is below a lot is said to stay", () => {
    const desk = new Desk({ links: [ALL] });
    desk.bought("L1", 195, OPTIONS);
    desk.leads("L2", { ...OPTIONS, side: "SELL", terms: { quantity: 130 }, filledQuantity: 100 });
    desk.rejects(desk.sentPlace(), "price-band");
    desk.leads("L2", { status: "cancelled" });
    assert.deepEqual(offerWords(desk), ["SELL 65 (below-one-lot)"]);
  });

  test("and was exited twice is left to what brings it back", () => {
    const desk = bought();
    const exits = { side: "SELL", terms: { quantity: 100, price: rupees(1_700) } } as const;
    for (const id of ["L2", "L3"]) desk.leads(id, exits);
    desk.settle();
    desk.leads("L2", { status: "filled", filledQuantity: 100 });
    for (const id of ["L2", "L3"]) desk.fills(desk.child(id, "exit"));
    desk.passes(60_000);
    assert.equal(desk.copied(), -50);
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
  });

  test("by less than a lot stays, and all of what is left goes whatever its size", () => {
    const desk = new Desk({ links: [ALL] });
    desk.bought("L1", 195, OPTIONS);
    const change = { ...OPTIONS, side: "SELL", status: "cancelled" } as const;
    desk.leads("L2", { ...change, terms: { quantity: 130 }, filledQuantity: 100 });
    desk.settle();
    desk.fills(desk.child("L2", "exit"));
    assert.deepEqual(offerWords(desk), ["(below-one-lot)"]);
  });
});
