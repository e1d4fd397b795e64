import assert from "node:assert/strict";
import { test } from "node:test";
import { LINK, linkOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { Link } from "../model/link.ts";
import { toPositionKey } from "../order/account-book.ts";

const RULE = { kind: "towards-less", afterMs: 60_000 } as const;
const FILLED = { status: "filled", filledQuantity: 60, averagePrice: rupees(1_650) } as const;

/** The leader has sold 60 of 100, and the broker refused the follower's 30: he has 50 in place of 20. */
function surplus(change: Partial<Link> = { repair: RULE }): Desk {
  const desk = new Desk({ links: [linkOf(change)] });
  desk.bought("L1", 100, { averagePrice: rupees(1_650) });
  desk.leads("L2", { side: "SELL", terms: { quantity: 60 } });
  desk.rejects(desk.sentPlace(), "price-band");
  desk.leads("L2", FILLED);
  desk.readsBook();
  return desk;
}

/** The books are read whole after so long. */
function after(desk: Desk, ms: number): void {
  desk.passes(ms);
  desk.readsBook();
}

test("what has been too much for as long as the link says is sold", () => {
  const desk = surplus();
  after(desk, 59_000);
  assert.deepEqual(desk.outbox, []);
  after(desk, 1_000);
  const { side, terms } = desk.sentPlace();
  assert.deepEqual([side, terms.type, terms.quantity], ["SELL", "MARKET", 30]);
  const [repair] = [...desk.follower.copies.values()].flatMap((copy) => copy.repair ?? []);
  assert.deepEqual(repair, { by: `the rule of ${LINK}`, target: 20, actual: 50 });
});

test("where nothing differs nothing is sold", () => {
  const desk = new Desk({ links: [linkOf({ repair: RULE })] });
  desk.bought("L1", 100);
  desk.readsBook();
  after(desk, 600_000);
  assert.deepEqual(desk.outbox, []);
});

test("by hand, nothing is sold by itself, nor is it while the link is paused", () => {
  for (const change of [{}, { repair: { kind: "by-hand" } }, { repair: RULE, mode: "paused" }]) {
    const desk = surplus();
    desk.setLink(change as Partial<Link>);
    if (!("repair" in change)) desk.links.set(LINK, linkOf());
    after(desk, 600_000);
    assert.deepEqual(desk.outbox, []);
  }
});

test("what was missed is never entered by it", () => {
  const desk = new Desk({ links: [linkOf({ repair: RULE })] });
  desk.leads("L1");
  desk.rejects(desk.sentPlace(), "funds");
  desk.leads("L1", { ...FILLED, filledQuantity: 100 });
  desk.readsBook();
  after(desk, 600_000);
  assert.deepEqual(desk.outbox, []);
});

test("what somebody's hand explains is left to a person", () => {
  const desk = new Desk({ links: [linkOf({ repair: RULE })] });
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 60, price: rupees(1_700) } });
  desk.settle();
  desk.shows(desk.child("L2", "exit"), { status: "cancelled" });
  desk.leads("L2", FILLED);
  desk.readsBook();
  after(desk, 600_000);
  assert.deepEqual(desk.outbox, []);
});

test("what comes to nothing is tried three times, each after the same wait, and then left", () => {
  const desk = surplus();
  for (let times = 0; times < 3; times += 1) {
    after(desk, 60_000);
    desk.rejects(desk.sentPlace(), "price-band");
    after(desk, 59_000);
    assert.deepEqual(desk.outbox, []);
  }
  after(desk, 600_000);
  assert.deepEqual(desk.outbox, []);
});

test("nothing is tried while the segment is closed", () => {
  const desk = surplus();
  const from = "2026-01-01" as never;
  const open = [{ fromMinute: 11 * 60, toMinute: 15 * 60 }];
  const named = new Map([["2026-11-22" as never, { name: "a special session", open }]]);
  const segments = new Map([["NSE_EQ", { usual: [{ from, open }], named }]]);
  desk.calendar = { validFrom: from, validTo: "2026-12-31" as never, segments };
  after(desk, 3_599_000);
  assert.deepEqual(desk.outbox, []);
  after(desk, 1_000);
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("and it is tried again on the next day, with what is held over the night", () => {
  const desk = new Desk({ links: [linkOf({ repair: RULE })] });
  desk.input({ kind: "dayBegan", day: "2026-11-22" as never });
  desk.input({ kind: "positions", nets: [] });
  desk.bought("L1", 100, { product: "CNC", averagePrice: rupees(1_650) });
  desk.leads("L2", { product: "CNC", side: "SELL", terms: { quantity: 60 } });
  desk.rejects(desk.sentPlace(), "price-band");
  desk.leads("L2", FILLED);
  desk.readsBook();
  for (let times = 0; times < 3; times += 1) {
    after(desk, 60_000);
    desk.rejects(desk.sentPlace(), "price-band");
  }
  desk.nowMs += 86_400_000;
  desk.input({ kind: "dayBegan", day: "2026-11-23" as never });
  desk.input({ kind: "positions", nets: [{ key: toPositionKey(SHARE, "CNC"), net: 50 }] });
  after(desk, 60_000);
  assert.equal(desk.sentPlace().terms.quantity, 30);
});

test("it waits for what may still fill, and for a link or a leader that is not there", () => {
  const desk = new Desk({ links: [linkOf({ repair: RULE })] });
  desk.bought("L1", 100);
  desk.leads("L2", { side: "SELL", terms: { quantity: 60 } });
  desk.settle();
  desk.leads("L2", FILLED);
  desk.readsBook();
  after(desk, 600_000);
  assert.deepEqual(desk.outbox, []);
  const gone = surplus();
  gone.links.delete(LINK);
  after(gone, 600_000);
  assert.deepEqual(gone.outbox, []);
  const unread = surplus();
  unread.leader = undefined as never;
  after(unread, 600_000);
  assert.deepEqual(unread.outbox, []);
});
