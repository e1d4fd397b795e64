import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { orderOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk, type DeskOptions } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import {
  differences,
  lastRepair,
  offerWords,
  openRepairs,
  repairOrders,
  repairs,
} from "../../../test/core/repairs.ts";
import { toPositionKey } from "../order/account-book.ts";

const KEY = toPositionKey(SHARE, "INTRADAY");
const FILLED = { status: "filled", filledQuantity: 100, averagePrice: rupees(1_650) } as const;

/** The leader has sold 60 of 100, and somebody cancelled the follower's 30: he has 50 in place of 20. */
function surplus(options: DeskOptions = {}, product: "INTRADAY" | "CNC" = "INTRADAY"): Desk {
  const desk = new Desk(options);
  desk.bought("L1", 100, { product, averagePrice: rupees(1_650) });
  desk.leads("L2", { product, side: "SELL", terms: { quantity: 60, price: rupees(1_700) } });
  desk.settle();
  desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
  desk.leads("L2", { status: "filled", filledQuantity: 60 });
  return desk;
}

describe("what is too much", () => {
  test("is sold at the market, no more than is too much", () => {
    const desk = surplus();
    repairs(desk);
    const { side, terms } = desk.sentPlace();
    assert.deepEqual([side, terms.type, terms.quantity], ["SELL", "MARKET", 30]);
  });

  test("is brought to zero, and what follows is copied as ever", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.deepEqual([differences(desk), desk.copied(), openRepairs(desk)], [[0], 20, 0]);
    desk.leads("L3", {
      side: "SELL",
      terms: { quantity: 40 },
      status: "filled",
      filledQuantity: 40,
    });
    desk.settle();
    desk.fills(desk.child("L3", "exit"));
    assert.deepEqual([desk.copied(), differences(desk), desk.outbox], [0, [], []]);
  });

  test("needs no guard, and is sold while entries are stopped and the link is paused", () => {
    const desk = surplus();
    desk.input({ kind: "stopEntries", cause: "kill", by: "asha", text: "" });
    desk.setLink({ mode: "paused", guards: { sides: ["BUY"], maxOrderValue: 1 } as never });
    assert.deepEqual(offerWords(desk), ["SELL 30"]);
    repairs(desk);
    assert.equal(desk.sentPlace().terms.quantity, 30);
  });

  test("is never more than the account holds, and what was not copied is left alone", () => {
    const poor = surplus();
    poor.sees({
      ...orderOf("H1", { side: "SELL", terms: { quantity: 25 }, status: "filled" }),
      filledQuantity: 25,
      isByHand: true,
    });
    assert.deepEqual(offerWords(poor), ["SELL 5"]);
    const rich = surplus();
    rich.input({ kind: "positions", nets: [{ key: KEY, net: 950 }] });
    assert.deepEqual(offerWords(rich), ["SELL 30"]);
  });

  test("while an exit of the leader's rests: that one makes room first, and no more is sold than is there", () => {
    const desk = surplus();
    desk.leads("L3", { side: "SELL", terms: { quantity: 40, price: rupees(1_700) } });
    desk.settle();
    assert.equal(desk.child("L3", "exit").terms.quantity, 50);
    repairs(desk);
    const cut = desk.sent();
    assert.ok(cut.kind === "modify" && cut.terms.quantity === 20, JSON.stringify(cut));
    desk.accept(cut);
    assert.equal(desk.sentPlace().terms.quantity, 30);
    desk.settle();
  });

  test("while a trigger of the leader's waits: that one makes room, too", () => {
    const desk = surplus({}, "CNC");
    const triggerPrice = rupees(1_601);
    const trigger = { family: "forever", product: "CNC", side: "SELL" } as const;
    desk.leads("T1", { ...trigger, terms: { quantity: 40, price: rupees(1_600), triggerPrice } });
    desk.settle();
    repairs(desk);
    const cut = desk.sent();
    assert.ok(cut.kind === "modify" && cut.terms.quantity === 20, JSON.stringify(cut));
    desk.accept(cut);
    assert.equal(desk.sentPlace().terms.quantity, 30);
  });

  test("and the leader's exit fills before it has made room: the repair is over", () => {
    const desk = surplus();
    desk.leads("L3", { side: "SELL", terms: { quantity: 40, price: rupees(1_700) } });
    desk.settle();
    repairs(desk);
    desk.fills(desk.child("L3", "exit"));
    assert.deepEqual([desk.copied(), openRepairs(desk)], [0, 0]);
    assert.deepEqual(repairOrders(desk), []);
    assert.ok(desk.skips().includes("exit repair-over"));
  });

  test("and the leader leaves meanwhile: his exit takes the rest, and together they take what is there", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.leads("L3", {
      side: "SELL",
      terms: { quantity: 40 },
      status: "filled",
      filledQuantity: 40,
    });
    assert.equal(desk.child("L3", "exit").terms.quantity, 20);
    desk.settle();
    desk.fills(lastRepair(desk));
    desk.fills(desk.child("L3", "exit"));
    assert.deepEqual([desk.copied(), desk.net(), desk.outbox], [0, 0, []]);
  });

  test("and the repair comes to nothing: the leader's exit takes what it left", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.leads("L3", {
      side: "SELL",
      terms: { quantity: 40 },
      status: "filled",
      filledQuantity: 40,
    });
    desk.settle();
    desk.fills(desk.child("L3", "exit"), 20);
    desk.shows(lastRepair(desk), { status: "cancelled" });
    desk.settle();
    for (const child of desk.childrenOf("L3", "exit")) {
      if (child.state === "working") desk.fills(child);
    }
    assert.deepEqual([desk.copied(), openRepairs(desk)], [0, 0]);
  });

  test("and somebody sells it by hand meanwhile: what rests of the repair is cancelled", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    const byHand = orderOf("H1", { side: "SELL", terms: { quantity: 30 }, status: "filled" });
    desk.sees({ ...byHand, filledQuantity: 30, isByHand: true });
    assert.equal(desk.sent().kind, "cancel");
  });

  test("the units that a repair gave up are for a resting exit to stand for again", () => {
    const desk = surplus();
    desk.leads("L3", { side: "SELL", terms: { quantity: 40, price: rupees(1_700) } });
    desk.settle();
    repairs(desk);
    desk.settle();
    assert.equal(desk.child("L3", "exit").terms.quantity, 20);
    desk.passes(30_000);
    desk.settle();
    assert.equal(desk.child("L3", "exit").terms.quantity, 50);
  });

  test("to flat and no further where the leader is on the other side: a second repair opens it", () => {
    const desk = surplus();
    desk.leads("L3", { side: "SELL", ...FILLED, terms: { quantity: 40 }, filledQuantity: 40 });
    desk.rejects(desk.sentPlace(), "price-band");
    desk.leads("L4", { side: "SELL", ...FILLED });
    desk.leaderBook();
    desk.rejects(desk.sentPlace(), "funds");
    assert.deepEqual(offerWords(desk), ["SELL 50 (other-side-first)"]);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.equal(desk.copied(), 0);
    assert.deepEqual(offerWords(desk), ["SELL 50 at 1641.75"]);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.deepEqual([desk.copied(), differences(desk)], [-50, [0]]);
  });

  test("and held up the rest of an order that crosses zero: once it is out, that goes on by itself", () => {
    const desk = new Desk();
    desk.bought("L1", 100, { averagePrice: rupees(1_650) });
    desk.leads("L3", { side: "SELL", terms: { quantity: 200 } });
    desk.leaderBook();
    desk.rejects(desk.sentPlace(), "price-band");
    desk.leads("L3", { status: "filled", filledQuantity: 200 });
    assert.deepEqual(offerWords(desk), ["SELL 50 (other-side-first)"]);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    assert.deepEqual(offerWords(desk), ["(waiting-for-fill)"]);
    assert.equal(desk.sentPlace().correlationId, desk.child("L3").correlationId);
  });

  test("of an order of unknown outcome waits until it is found, and no second is sent", () => {
    const desk = surplus();
    repairs(desk);
    desk.losesReply(desk.sentPlace());
    assert.deepEqual(offerWords(desk), ["(unknown-order)"]);
    desk.passes(60_000);
    assert.deepEqual([desk.outbox, openRepairs(desk)], [[], 1]);
    const [order] = desk.broker
      .listed()
      .filter(({ side }) => side === "SELL")
      .slice(-1);
    assert.ok(order);
    desk.sees(desk.broker.fill(order.brokerOrderId, 30));
    assert.deepEqual(
      [openRepairs(desk), differences(desk), repairOrders(desk).length],
      [0, [0], 1],
    );
  });

  test("that was proved absent is asked again under another name of the same repair", () => {
    const desk = surplus();
    repairs(desk);
    const first = desk.sentPlace();
    desk.answer(first, { kind: "notSent", text: "withdrawn" });
    const second = desk.sentPlace();
    assert.notEqual(second.correlationId, first.correlationId);
    assert.equal(second.terms.quantity, 30);
  });

  test("and the account is squared off meanwhile: that closes it, and the repair gives way", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.input({ kind: "stopEntries", cause: "square-off", by: "asha", text: "" });
    assert.equal(desk.outbox[0]?.kind, "cancel");
    desk.settle();
    const [closing] = desk
      .children()
      .filter(({ identity }) => identity.leaderOrderId.startsWith("SQ"));
    assert.equal(closing?.terms.quantity, 50);
    assert.ok(desk.skips().includes("exit squared-off"));
  });

  test("at the end of the day is over with it", () => {
    const desk = surplus({}, "CNC");
    desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
    desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "CNC"), net: 50 }] });
    repairs(desk);
    desk.settle();
    desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
    assert.equal(openRepairs(desk), 0);
  });

  test("expired at the broker is over", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.shows(lastRepair(desk), { status: "expired" });
    assert.deepEqual([openRepairs(desk), desk.skips().at(-1)], [0, "exit ended-short"]);
  });

  test("filled after its cancel and after all is told as what it is", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    desk.passes(30_000);
    desk.settle();
    assert.equal(openRepairs(desk), 0);
    desk.leads("L4", { terms: { quantity: 60 }, ...FILLED, filledQuantity: 60 });
    desk.settle();
    desk.fills(desk.child("L4"));
    desk.shows(lastRepair(desk), { status: "filled", filledQuantity: 30 });
    assert.deepEqual(differences(desk), [0]);
  });

  test("of a link whose leader is not read yet waits for him as long as it may", () => {
    const desk = surplus();
    repairs(desk);
    desk.settle();
    const { leader } = desk;
    desk.leader = undefined as never;
    desk.passes(10_000);
    assert.deepEqual([desk.outbox, openRepairs(desk)], [[], 1]);
    desk.passes(20_000);
    assert.equal(desk.sent().kind, "cancel");
    desk.leader = leader;
  });
});

describe("groups", () => {
  test("that stand are left to their legs", () => {
    const desk = new GroupDesk();
    desk.inGroup("L1");
    desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
    assert.deepEqual(offerWords(desk), ["(group-stands)"]);
    assert.deepEqual(repairs(desk), ["group-stands"]);
  });

  test("whose entry rests, or of which the follower's own legs took everything out", () => {
    const desk = new GroupDesk();
    desk.leadsSuper("L1");
    desk.settle();
    desk.leaderFills("L1");
    assert.deepEqual(offerWords(desk), ["(group-stands)"]);
    desk.entryFills("L1");
    desk.settle();
    desk.legFills("L1", "stop");
    assert.deepEqual(offerWords(desk), ["(by-rule)"]);
  });

  test("of which nothing stands any more are sold like anything else", () => {
    const desk = new GroupDesk();
    desk.inGroup("L1");
    desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
    desk.legEnds("L1", "stop");
    desk.legEnds("L1", "target");
    for (let round = 0; round < 10; round += 1) {
      desk.passes(5_000);
      for (const command of desk.outbox.splice(0)) desk.rejects(command, "price-band");
    }
    assert.deepEqual(offerWords(desk), ["SELL 50"]);
    repairs(desk);
    desk.settle();
    desk.fills(lastRepair(desk));
    desk.passes(60_000);
    assert.deepEqual([desk.copied(), desk.net(), desk.outbox], [0, 0, []]);
  });
});
