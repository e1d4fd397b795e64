/**
 * What repairs have done about a difference, and what one is doing: what they have filled explains
 * nothing more, whatever was missed or too much.
 */
import { signOf } from "../model/order.ts";
import type { Copy } from "../order/copy.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { legFilled } from "../plan/consider.ts";
import type { Reason } from "./reasons-of.ts";

/** Signed units that the repair has brought in or taken out. */
function repairedUnits(follower: FollowerState, copy: Copy): number {
  const filled = legFilled(follower, copy, "exit") + legFilled(follower, copy, "entry");
  return signOf(copy.side) * filled;
}

/** What is still to come of repairs that are under way. */
export function repairsUnderWay(follower: FollowerState, repairs: readonly Copy[]): Reason[] {
  return repairs
    .filter(({ isClosed }) => !isClosed)
    .map((copy) => {
      const { side, split, leaderOrderId } = copy;
      const left = signOf(side) * split.leaderQuantity - repairedUnits(follower, copy);
      return reasonOf(copy, {
        signedUnits: -left,
        cause: "catching-up",
        code: "repair",
        leaderOrderId,
      });
    });
}

/** A repair that filled when less was wanted than when it was sent; it explains what nothing else does. */
export function repairSurplus(follower: FollowerState, repairs: readonly Copy[]): Reason[] {
  return repairs.map((copy) => {
    const signedUnits = repairedUnits(follower, copy);
    const { leaderOrderId } = copy;
    return reasonOf(copy, { signedUnits, cause: "late-fill", code: "repair", leaderOrderId });
  });
}

function reasonOf({ exit }: Copy, reason: Reason): Reason {
  return { ...reason, leg: exit === undefined ? "entry" : "exit" };
}

/** The reasons without the units that repairs have made good, those that stand first first. */
export function withoutRepaired(
  reasons: readonly Reason[],
  follower: FollowerState,
  repairs: readonly Copy[],
): readonly Reason[] {
  const made = { 1: 0, [-1]: 0 };
  for (const copy of repairs) {
    const units = repairedUnits(follower, copy);
    // What was bought makes good what was too little.
    made[signOf(copy.side) === 1 ? -1 : 1] += Math.abs(units);
  }
  return reasons.map((reason) => {
    const sign = reason.signedUnits > 0 ? 1 : -1;
    const taken = Math.min(made[sign], Math.abs(reason.signedUnits));
    made[sign] -= taken;
    return { ...reason, signedUnits: reason.signedUnits - sign * taken };
  });
}
