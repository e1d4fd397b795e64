import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, linkOf, type OrderChange, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import { GroupDesk } from "../../../test/core/group-desk.ts";
import { toCopyId } from "../model/fact.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { OrderFamily } from "../model/order.ts";
import type { TradingDay } from "../model/time.ts";
import type { FollowerInput } from "../step.ts";
import { awaitsLevels } from "./family.ts";

const sold = (quantity: number): OrderChange => ({
  side: "SELL",
  terms: { quantity },
  status: "filled",
  filledQuantity: quantity,
});

test("an order that would be refused is refused only once it is more than in transit", () => {
  const desk = new Desk({ links: [linkOf({ mode: "paused" })] });
  desk.leads("L1", { status: "transit" });
  assert.equal(desk.follower.copies.size, 0);
  desk.leads("L1", { status: "working" });
  assert.deepEqual(desk.skips(), ["all link-paused"]);
});

test("a trigger that had fired before it could be copied is left to the order that it fired", () => {
  const desk = new Desk();
  const terms = { triggerPrice: rupees(1_601) };
  desk.leads("T1", { family: "forever", terms, status: "filled" });
  assert.deepEqual([desk.skips(), desk.outbox], [["all trigger-fired"], []]);
});

test("exits of a contract that the instrument file has lost share what was copied of it", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.instruments.delete(SHARE);
  desk.leads("L2", sold(50));
  desk.leads("L3", sold(50));
  assert.deepEqual(
    desk.outbox.map((command) => command.kind === "place" && command.terms.quantity),
    [25, 25],
  );
});

test("an exit whose leader's order is unknown (his journal is older) is owed nothing by others", () => {
  const desk = new Desk();
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 50 } });
  desk.settle();
  const { book } = desk.leader;
  const orders = book.orders.delete(toBrokerOrderId("L2"));
  desk.leader = { ...desk.leader, book: { ...book, orders } };
  desk.leads("L3", sold(50));
  assert.equal(desk.sentPlace().terms.quantity, 25);
});

test("a copy that the night has closed is opened again when its leader's order goes on changing", () => {
  const desk = new Desk();
  desk.input({ kind: "dayBegan", day: "2026-11-22" as TradingDay });
  desk.leads("L1");
  desk.settle();
  desk.input({ kind: "dayBegan", day: "2026-11-23" as TradingDay });
  assert.equal(desk.follower.openCopies.size, 0);
  desk.leads("L1", { terms: { quantity: 200 } });
  assert.equal(desk.facts("copyReopened").length, 1);
  // Its order of yesterday is gone, and it is not for the plan to say why.
  assert.deepEqual(desk.outbox, []);
});

test("a quantity that changes when the instrument file has lost the contract changes no size", () => {
  const desk = new Desk();
  desk.leads("L1");
  desk.settle();
  desk.instruments.delete(SHARE);
  desk.leads("L1", { terms: { quantity: 200 } });
  const copy = desk.follower.copies.get(toCopyId(LINK, toBrokerOrderId("L1")));
  assert.deepEqual([copy?.split.open, copy?.entryQuantity], [200, 50]);
  assert.deepEqual([desk.outbox, desk.skips()], [[], []]);
});

test("an adopted order of a contract that the instrument file has lost is adopted all the same", () => {
  const before = new Desk();
  before.bought("L1", 100);
  const desk = new Desk({ isUnlinked: true });
  desk.instruments.delete(SHARE);
  for (const order of before.leader.book.orders.values()) desk.leaderFrame(order);
  desk.sees(...before.broker.listed());
  desk.open(linkOf());
  assert.equal(desk.copied(), 50);
  const copy = desk.follower.copies.get(toCopyId(LINK, toBrokerOrderId("L1")));
  assert.equal(copy?.lot, undefined);
});

test("a group of a contract that nobody knows is not entered", () => {
  const desk = new GroupDesk();
  desk.instruments.clear();
  desk.leadsSuper("L1");
  assert.deepEqual([desk.skips(), desk.outbox], [["entry unknown-instrument"], []]);
});

test("a group is brought out although the instrument file has lost its contract", () => {
  const desk = new GroupDesk();
  desk.inGroup("L1");
  desk.instruments.delete(SHARE);
  desk.leaderLegFills("L1", "stop", ["fill", "sibling"]);
  desk.passes(1_500);
  const lines = desk.sentLines().map((line) => line.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(lines, ["modify target"]);
});

test("a group that begins as a stop is not copied, and a person hears of it; a cover order is", () => {
  const stop = { type: "STOP_LOSS", triggerPrice: rupees(1_649) } as const;
  const desk = new GroupDesk();
  desk.leadsSuper("L1", { change: { family: "bracket", product: "BO", terms: stop } });
  assert.deepEqual(desk.skips(), ["all entry-type-not-supported"]);
  assert.deepEqual(desk.alarms(), ["entry-type-not-supported"]);
  desk.leadsSuper("L2", { change: { family: "cover", product: "CO", terms: stop } });
  assert.equal(desk.sentPlace().vehicle, "super");
});

test("a group at the market is copied as one that begins with a limit of its own", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1", { change: { terms: { type: "MARKET" }, lastPrice: rupees(1_650) } });
  const place = desk.sentPlace();
  assert.deepEqual([place.vehicle, place.terms.type], ["super", "LIMIT"]);
});

test("an order of a family, an input of a kind that nobody knows is a bug, not plain", () => {
  const desk = new Desk();
  assert.throws(() => desk.leads("L1", { family: "strange" as OrderFamily }), /unreachable/);
  const strange = { kind: "strange" } as unknown as FollowerInput;
  assert.throws(() => new Desk().input(strange), /unreachable.*strange/);
});

test("a group whose levels nobody has told is read at once; what has ended or is no group is not", () => {
  const desk = new Desk();
  const awaits = (id: string, change: OrderChange) => {
    desk.leads(id, change);
    const order = desk.leader.book.orders.get(toBrokerOrderId(id));
    assert.ok(order);
    return awaitsLevels(desk.leader, order);
  };
  assert.equal(awaits("S1", { family: "super-entry" }), true);
  assert.equal(awaits("S2", { family: "super-entry", levels: {} }), false);
  assert.equal(awaits("S3", { family: "super-entry", status: "cancelled" }), false);
  assert.equal(awaits("L4", {}), false);
  desk.leaderBook();
  assert.equal(awaits("S1", { family: "super-entry", reason: "read by now" }), false);
});

test("a leg that is told of before the fill of its entry, and not whose it is, is its group's", () => {
  const desk = new GroupDesk();
  desk.leadsSuper("L1");
  desk.settle();
  desk.leads("X1", { family: "super-leg", leg: "target", side: "SELL" });
  assert.deepEqual([desk.skips(), desk.outbox], [["all own-legs"], []]);
});

test("two triggers of the same terms have fired: one order for each is taken for theirs, a third is not", () => {
  const desk = new Desk();
  const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
  const trigger = { family: "forever", product: "CNC", terms } as const;
  for (const id of ["T1", "T2"]) desk.leads(id, trigger);
  desk.settle();
  for (const id of ["T1", "T2"]) desk.leads(id, { status: "filled" });
  const fired = { product: "CNC", terms: { price: rupees(1_600) } } as const;
  desk.leads("L8", { ...fired, product: "INTRADAY" });
  assert.equal(desk.sentPlace().product, "INTRADAY");
  desk.leads("L9", { ...fired, side: "SELL" });
  desk.leaderBook();
  assert.equal(desk.holdOf("L9", "exit"), "awaiting-entry-fill");
  desk.leads("C1", fired);
  assert.deepEqual([desk.skips(), desk.outbox], [["all own-trigger"], []]);
  desk.leads("C2", fired);
  assert.equal(desk.sentPlace().terms.quantity, 50);
  desk.leads("C3", { ...fired, terms: { price: rupees(1_599) } });
  assert.equal(desk.sentPlace().terms.price, rupees(1_599));
});

test("a clock that was put back lets a grace begin anew, and not last for longer", () => {
  const desk = new Desk();
  const terms = { price: rupees(1_600), triggerPrice: rupees(1_601) };
  desk.leads("T1", { family: "forever", product: "CNC", terms });
  desk.settle();
  desk.leads("T1", { status: "filled" });
  desk.nowMs -= 90_000;
  desk.input({ kind: "tick" });
  desk.passes(29_999);
  assert.deepEqual(desk.alarms(), []);
  desk.passes(1);
  assert.deepEqual(desk.alarms(), ["trigger-not-fired"]);
});

test("an exit told of before its entry was confirmed takes that out once it is", () => {
  const desk = new Desk();
  desk.leads("L1", sold(100));
  desk.leads("L2", { side: "BUY", terms: { quantity: 60 } });
  assert.deepEqual([desk.outbox, desk.skips()], [[], ["exit nothing-to-exit"]]);
  desk.leaderBook();
  desk.settle();
  assert.deepEqual([desk.child("L1").side, desk.child("L1").terms.quantity], ["SELL", 50]);
  desk.fills(desk.child("L1"));
  const exit = desk.sentPlace();
  assert.deepEqual([exit.side, exit.terms.quantity], ["BUY", 30]);
});

test("an exit that the leader has cancelled before its entry was confirmed takes nothing out", () => {
  const desk = new Desk();
  desk.leads("L1", sold(100));
  desk.leads("L2", { side: "BUY", terms: { quantity: 60 } });
  desk.leads("L2", { status: "cancelled" });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L1"));
  assert.deepEqual([desk.outbox, desk.copied()], [[], -50]);
});

test("an exit that has filled before its entry was confirmed is out of the entry's share, and joins nothing", () => {
  const desk = new Desk();
  desk.leads("L1", sold(100));
  desk.leads("L2", { terms: { quantity: 60 } });
  desk.leads("L2", { filledQuantity: 30 });
  desk.leaderBook();
  desk.settle();
  const entry = desk.child("L1");
  desk.fills(entry);
  desk.settle();
  // 70 of the leader's sale are open by then, which makes 35; the rest of L2 exits its share of them.
  assert.deepEqual([entry.side, entry.terms.quantity], ["SELL", 35]);
});
