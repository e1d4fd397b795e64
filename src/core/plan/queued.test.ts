import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf, rupees, SHARE } from "../../../test/core/builders.ts";
import { Desk } from "../../../test/core/desk.ts";
import type { PlaceCommand } from "../model/command.ts";
import type { TradingDay } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";

const DAYS = ["2026-11-22", "2026-11-23"] as const;
const DAY_MS = 86_400_000;
const QUEUED = { family: "after-market" } as const;
const CARRIED = { key: toPositionKey(SHARE, "MARGIN"), net: 50 } as const;

function begin(desk: Desk, day: string): void {
  desk.leaderDay(day as TradingDay);
  desk.input({ kind: "dayBegan", day: day as TradingDay });
}

/** The leader's purchase is queued for the open, and the link does not copy it. */
function queued(): Desk {
  const desk = new Desk({ links: [linkOf({ mode: "close-only" })] });
  begin(desk, DAYS[0]);
  desk.leads("L1", QUEUED);
  desk.setLink({ mode: "active" });
  return desk;
}

/** The leader sells short and is copied, so that his queued purchase is an exit. */
function sellsShort(desk: Desk): PlaceCommand {
  desk.input({ kind: "positions", nets: [] });
  desk.leads("L2", { side: "SELL", status: "filled", filledQuantity: 100 });
  desk.leaderBook();
  desk.settle();
  desk.fills(desk.child("L2"));
  return desk.sentPlace();
}

test("what an order from the queue has filled is copied by an order for now", () => {
  const desk = new Desk({ links: [linkOf({ copy: "fills" })] });
  desk.leads("L1", QUEUED);
  assert.deepEqual(desk.outbox, []);
  desk.leads("L1", { filledQuantity: 60, averagePrice: rupees(1_650) });
  const { isAfterMarket, terms } = desk.sentPlace();
  assert.deepEqual([isAfterMarket, terms.quantity], [undefined, 30]);
});

test("an order of the evening before that becomes an exit is for now, once the leader has traded", () => {
  const desk = queued();
  desk.nowMs += DAY_MS;
  begin(desk, DAYS[1]);
  const { side, isAfterMarket } = sellsShort(desk);
  assert.deepEqual([side, isAfterMarket], ["BUY", undefined]);
});

test("one that was queued on this very day may wait for the next, whatever the leader has traded", () => {
  const { side, isAfterMarket } = sellsShort(queued());
  assert.deepEqual([side, isAfterMarket], ["BUY", true]);
});

test("what was traded on the day before does not tell that the market has opened", () => {
  const desk = new Desk();
  begin(desk, DAYS[0]);
  desk.input({ kind: "positions", nets: [] });
  desk.bought("L1", 100, { product: "MARGIN" });
  desk.input({ kind: "suspended", reason: "auth", text: "token expired" });
  desk.leads("L2", { ...QUEUED, side: "SELL", product: "MARGIN" });
  assert.equal(desk.holdOf("L2", "exit"), "account-suspended");
  desk.nowMs += DAY_MS;
  begin(desk, DAYS[1]);
  desk.input({ kind: "positions", nets: [CARRIED] });
  desk.input({ kind: "resumed" });
  const { side, isAfterMarket } = desk.sentPlace();
  assert.deepEqual([side, isAfterMarket], ["SELL", true]);
});
