/** Whether something of a copy still comes by itself. */
import type { HoldCode } from "../model/reason.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import type { FollowerState } from "../order/follower-state.ts";

/** Waits that end by themselves. */
const ORDINARY_WAITS: ReadonlySet<HoldCode> = new Set([
  "awaiting-ack",
  "awaiting-exchange",
  "awaiting-entry-fill",
  "less-than-a-lot",
  "closing-part-first",
  "confirming-leader-book",
  "positions-unknown",
  "hedge-first",
  "legs-first",
  "exits-first",
  "repair-first",
]);

/** Whether a hold with this code needs somebody's attention. */
export function isLoudHold(code: HoldCode): boolean {
  return !ORDINARY_WAITS.has(code);
}

/** Something is at the broker for this leg, or it waits for something that comes by itself. */
export function isUnderWay(follower: FollowerState, copy: Copy, leg: Leg): boolean {
  if (copy.isClosed) return false;
  const hold = copy.holds[leg];
  // What a repair takes out does not come by this copy.
  if (hold !== undefined && hold !== "repair-first" && !isLoudHold(hold)) return true;
  return copy.children[leg].some((id) => {
    const child = follower.children.get(id);
    return child !== undefined && isOpen(child.state);
  });
}
