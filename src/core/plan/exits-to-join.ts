import { splitAtZero } from "../desire/split.ts";
import type { CopyId } from "../model/fact.ts";
import { isTerminal } from "../model/order.ts";
import { type BookOrder, toPositionKey } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { copyNamed, openIdsOf } from "../order/named.ts";

/**
 * Exits whose share was fixed when this entry's fills were in the leader's position already, and its
 * copy was not there yet (it waited for a read of his books): what it fills is theirs to take out. What
 * the leader's exit has filled by now is out of the entry's own share, so only those that rest join.
 */
export function exitsToJoin(
  state: FollowerState,
  leader: LeaderState,
  entry: BookOrder,
  id: CopyId,
): readonly Copy[] {
  const opened = copyNamed(state, id);
  if (opened.split.open === 0 || entry.filledQuantity === 0) return [];
  const open = openIdsOf(state, toPositionKey(opened.instrument, opened.product));
  return open
    .map((other) => copyNamed(state, other))
    .filter((copy) => copy.exit !== undefined && copy.side !== opened.side)
    .filter((copy) => copiedKeyOf(copy) === copiedKeyOf(opened))
    .filter((copy) => {
      const order = leader.book.orders.get(copy.leaderOrderId);
      if (order === undefined || isTerminal(order.status) || order.filledQuantity > 0) return false;
      return splitAtZero(leader, order).leaderNet === copy.split.leaderNet;
    });
}
