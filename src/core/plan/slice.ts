/**
 * The orders that a leg is cut into where the exchange does not take its total as one.
 *
 * Keeps: together they never stand for more than the leg's total, whichever of them fills first.
 */
import type { Protection } from "../model/command.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import type { OrderTerms, Side } from "../model/order.ts";
import type { HoldCode, Inputs } from "../model/reason.ts";
import type { BookOrder } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { childrenNamed } from "../order/named.ts";
import type { Draft } from "./draft.ts";

export interface LegPlan {
  readonly draft: Draft;
  readonly copy: Copy;
  readonly leg: Leg;
  readonly link: Link;
  readonly order: BookOrder;
  readonly instrument: Instrument;
  /** Units that the leg should come to, filled ones included. */
  readonly total: number;
  /** Against the copy's side, for what gets a group out again. */
  readonly side?: Side;
  /** Of a group's entry: its exit levels as they should be. */
  readonly protection?: Protection;
  /** In place of terms made after the leader's order. */
  readonly terms?: (quantity: number) => OrderTerms | undefined;
  /** An order of this instrument has an unknown outcome. */
  readonly isBlocked: boolean;
  /** What the leg waits for when it has all that it can have by now. */
  readonly awaits?: { readonly code: HoldCode; readonly inputs: Inputs };
}

/** One of the orders that a leg is cut into where the exchange does not take it as one. */
export interface SlicePlan extends LegPlan {
  readonly slice: number;
  readonly isCut: boolean;
}

/** The leg's total, cut by the freeze quantity of its contract. */
export function slicesOf(plan: LegPlan): readonly SlicePlan[] {
  const most = plan.instrument.freeze?.units ?? Number.POSITIVE_INFINITY;
  const used = childrenNamed(plan.draft.state, plan.copy.children[plan.leg]);
  const last = used.map(({ identity }) => identity.slice + 1);
  const count = Math.max(1, Math.ceil(plan.total / most), ...last);
  const slices = Array.from({ length: count }, (_, slice): SlicePlan => {
    const total = Math.min(most, Math.max(0, plan.total - (slice === 0 ? 0 : slice * most)));
    return { ...plan, slice, total, isCut: count > 1 };
  });
  return count === 1 ? slices : withoutExcess(plan, slices);
}

/**
 * The exchange fills slices in any order. What one has filled beyond its part is taken off the others,
 * the last first, or together they would fill more than the leg's total.
 */
function withoutExcess({ total }: LegPlan, slices: readonly SlicePlan[]): readonly SlicePlan[] {
  const parts = slices.map((slice) => {
    const filled = childrenOf(slice).reduce((sum, child) => sum + child.filled, 0);
    return { slice, filled, units: Math.max(slice.total, filled) };
  });
  let excess = parts.reduce((sum, { units }) => sum + units, 0) - total;
  return parts
    .toReversed()
    .map(({ slice, filled, units }) => {
      const less = Math.max(0, Math.min(excess, units - filled));
      excess -= less;
      return { ...slice, total: units - less };
    })
    .toReversed();
}

/** The orders of one slice, oldest first. */
export function childrenOf({ copy, draft, leg, slice }: SlicePlan): Child[] {
  return childrenNamed(draft.state, copy.children[leg]).filter(
    (child) => child.identity.slice === slice,
  );
}
