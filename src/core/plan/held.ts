/** What an account really holds of what was copied into it. */
import type { LinkId } from "../model/ids.ts";
import { signOf } from "../model/order.ts";
import { netUnits, type PositionKey } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { type FollowerState, toCopiedKey } from "../order/follower.ts";

/**
 * What of this link's copied position the account really holds. Whatever the account lacks of all
 * that its links have copied (because somebody sold by hand) is missing to the links in the order of
 * their names, last first: together they never sell more than there is. `copy` is what exits.
 */
export function heldShare(
  state: FollowerState,
  copy: Pick<Copy, "linkId" | "side">,
  key: PositionKey,
): number {
  const sign = -signOf(copy.side);
  const copiedOf = (id: LinkId) => sign * (state.copied.get(toCopiedKey(id, key)) ?? 0);
  const links = state.links
    .entries()
    .map(([id]) => id)
    .sort();
  const copied = links.reduce((sum, id) => sum + copiedOf(id), 0);
  let lacking = Math.max(0, copied - sign * netUnits(state.book, key));
  for (const id of links.reverse()) {
    const own = Math.max(0, copiedOf(id));
    if (id === copy.linkId) return Math.max(0, own - lacking);
    lacking = Math.max(0, lacking - own);
  }
  return 0;
}
