/**
 * Whether the copy of an order that was queued for the open is to be queued, too. Once the leader's has
 * left the queue a copy in it would wait for the next open, a day behind his.
 */
import { must } from "../../platform/assert.ts";
import { tradingDayOf } from "../model/time.ts";
import type { BookOrder } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import type { LeaderState } from "../order/leader.ts";
import type { Draft } from "./draft.ts";

/** Nothing tells that the leader's order has left the queue. */
export function isQueuedStill(draft: Draft, copy: Copy, order: BookOrder): boolean {
  if (copy.isAfterMarket !== true || order.filledQuantity > 0) return false;
  return !hasSeenOpen(order, must(draft.context.leader(copy.leader), "the leader of a plan"));
}

/** It is of an earlier day, and the leader has traded on this one: the market has opened since. */
function hasSeenOpen({ placedAtMs }: BookOrder, { book, day }: LeaderState): boolean {
  if (day === undefined || tradingDayOf(placedAtMs) >= day) return false;
  for (const { filledQuantity, updatedAtMs } of book.orders.values()) {
    if (filledQuantity > 0 && tradingDayOf(updatedAtMs) === day) return true;
  }
  return false;
}
