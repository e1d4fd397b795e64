import { splitAtZero } from "../desire/split.ts";
import type { CopyId } from "../model/fact.ts";
import { isTerminal } from "../model/order.ts";
import { type BookOrder, toPositionKey } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";

/**
 * Exits whose share was fixed when this entry's fills were in the leader's position already, and its
 * copy was not there yet (it waited for a read of his books): what it fills is theirs to take out, also
 * of those that had found nothing to exit.
 */
export function exitsToJoin(
  state: FollowerState,
  leader: LeaderState,
  entry: BookOrder,
  id: CopyId,
): readonly Copy[] {
  const opened = state.copies.get(id);
  if (opened === undefined || opened.split.open === 0 || entry.filledQuantity === 0) return [];
  const open = state.openCopies.get(toPositionKey(opened.instrument, opened.product)) ?? [];
  return [...new Set([...open, ...state.recent])]
    .map((other) => state.copies.get(other))
    .filter((copy) => copy !== undefined)
    .filter((copy) => copy.exit !== undefined && copy.side !== opened.side)
    .filter((copy) => copiedKeyOf(copy) === copiedKeyOf(opened))
    .filter((copy) => {
      const order = leader.book.orders.get(copy.leaderOrderId);
      if (order === undefined || order.firstSeq < entry.firstSeq) return false;
      const mayStillExit = !isTerminal(order.status) || copy.skips.exit === "nothing-to-exit";
      return mayStillExit && splitAtZero(leader, order).leaderNet === copy.split.leaderNet;
    });
}
