import { filledParts } from "../desire/split.ts";
import type { OpenEntry } from "../model/fact.ts";
import type { Copy } from "../order/copy.ts";
import type { LeaderState } from "../order/leader.ts";

/**
 * How much of an entry that may still fill an exit is a share of: what the leader's own order has filled
 * is in his position by now, and what that may still fill is not. `filled`: units of the follower's.
 */
export function openEntry({ book }: LeaderState, copy: Copy, filled: number): OpenEntry {
  const { copyId, leaderOrderId, split, entryQuantity } = copy;
  const order = book.orders.get(leaderOrderId);
  // Whose the order is that a trigger fired is not always known: it counts as filled whole.
  const hasFired = order?.family === "forever" && order.status === "filled";
  if (order === undefined || hasFired || split.open === 0) return { copyId, filled };
  const { open } = filledParts(split, order.filledQuantity);
  return { copyId, filled, most: Math.ceil((entryQuantity * open) / split.open) };
}
