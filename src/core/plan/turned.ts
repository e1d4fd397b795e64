/** What an order has filled that was placed as an entry and stands for an exit by now. */
import { exitUnits } from "../desire/quantity.ts";
import type { Copy } from "../order/copy.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { basisNow } from "./consider.ts";

/** Units of it beyond the exit's share: they have opened what the order still opens. */
export function turnedExcess(state: FollowerState, copy: Copy, lot: number): number {
  if (copy.exit === undefined) return 0;
  const filled = copy.children.exit
    .map((id) => state.children.get(id))
    .reduce((sum, child) => sum + (child?.identity.leg === "entry" ? child.filled : 0), 0);
  if (filled === 0) return 0;
  const basis = {
    copiedUnits: basisNow(state, copy.exit),
    takesRest: copy.exit.takesRest,
  };
  return Math.max(0, filled - exitUnits(basis, copy.split, lot));
}
