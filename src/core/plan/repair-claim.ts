/**
 * Units that a repair is about to take out. Exits that rest make room for it: together they never stand
 * for more than there is, whichever of them fills first.
 */
import { toPositionKey } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import { type Copied, copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import { childrenNamed, openCopiesOf } from "../order/named.ts";

/** What repairs of the same copied position still take out on the side of this exit. */
export function claimedByRepairs(state: FollowerState, exit: Copied & Pick<Copy, "side">): number {
  const name = copiedKeyOf(exit);
  return openCopiesOf(state, toPositionKey(exit.instrument, exit.product))
    .filter((copy) => copy.repair !== undefined && copy.exit !== undefined)
    .filter((copy) => copy.side === exit.side && copiedKeyOf(copy) === name)
    .reduce((sum, copy) => sum + stillTakes(state, copy), 0);
}

function stillTakes(state: FollowerState, copy: Copy): number {
  const children = childrenNamed(state, copy.children.exit);
  const filled = children.reduce((sum, child) => sum + child.filled, 0);
  if (copy.skips.exit === undefined) return Math.max(0, copy.split.leaderQuantity - filled);
  return children
    .filter((child) => isOpen(child.state))
    .reduce((sum, child) => sum + child.terms.quantity - child.filled, 0);
}
