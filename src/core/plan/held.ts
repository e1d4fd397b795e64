/** What an account really holds of what was copied into it. */
import { signOf } from "../model/order.ts";
import { netUnits, type PositionKey } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { type Copied, copiedKeyOf, type FollowerState } from "../order/follower-state.ts";

/**
 * What of this link's copied position the account really holds. Whatever the account lacks of all
 * that was copied into it (because somebody sold by hand) is missing to its links in the order of
 * their names, last first: together they never sell more than there is. `copy` is what exits.
 */
export function heldShare(
  state: FollowerState,
  copy: Copied & Pick<Copy, "side">,
  key: PositionKey,
): number {
  const sign = -signOf(copy.side);
  const shares = state.copied
    .entries()
    .filter(([name]) => name.endsWith(`|${key}`))
    .map(([name, units]) => ({ name, units: sign * units }))
    .sort((a, b) => (a.name < b.name ? 1 : -1));
  const copied = shares.reduce((sum, { units }) => sum + units, 0);
  let lacking = Math.max(0, copied - sign * netUnits(state.book, key));
  const ownName = copiedKeyOf(copy);
  for (const { name, units } of shares) {
    const own = Math.max(0, units);
    if (name === ownName) return Math.max(0, own - lacking);
    lacking = Math.max(0, lacking - own);
  }
  return 0;
}
