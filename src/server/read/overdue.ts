/** What must not last and has lasted: a grace of a copy that an alarm was raised for. */
import type { Grace } from "../../core/model/fact.ts";
import type { AlarmCode } from "../../core/model/reason.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";

export type OverdueGrace = Extract<Grace, "unprotected" | "leader-out">;

export const OVERDUE_CODES: Readonly<Record<OverdueGrace, AlarmCode>> = {
  unprotected: "unprotected",
  "leader-out": "still-in",
};

/** The alarm was raised, and its cause still stands. */
export function isOverdue({ graces, alarmed }: Copy, grace: OverdueGrace): boolean {
  return graces[grace] !== undefined && alarmed.includes(OVERDUE_CODES[grace]);
}

/**
 * Units of a group that are in while none of its own stops is seen working for all of them, less what
 * a stop of ours stands for; 0 where it is protected.
 */
export function unprotectedUnits(follower: FollowerState, copy: Copy): number {
  if (copy.graces.unprotected === undefined) return 0;
  const childrenOf = (leg: "entry" | "stop") =>
    copy.children[leg]
      .map((id) => follower.children.get(id))
      .filter((child) => child !== undefined);
  const inside = childrenOf("entry").reduce((sum, child) => sum + child.filled - child.exited, 0);
  const ours = childrenOf("stop").reduce(
    (sum, child) => sum + (isOpen(child.state) ? child.terms.quantity : child.filled),
    0,
  );
  return Math.max(0, inside - ours);
}
