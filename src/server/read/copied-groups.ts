/** Entries of a follower that are in with exits of their own at the broker. */
import { formatE4, type PriceE4 } from "../../core/model/money.ts";
import type { ExitLeg, ExitLegStatus, ExitLevels, Side } from "../../core/model/order.ts";
import { type Child, isGroup } from "../../core/order/child.ts";
import { isOpen } from "../../core/order/child-state.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { exitLevelsOf } from "../../core/order/group.ts";

export interface GroupLeg {
  /** "1640.00", in rupees. */
  readonly price: string;
  /** "not seen": it was asked for, and the broker has not shown it yet. */
  readonly status: ExitLegStatus | "not seen";
  /** Units that it has taken out. */
  readonly filledUnits: number;
}

export interface CopiedGroup {
  readonly leaderOrderId: string;
  readonly symbol: string;
  readonly product: string;
  readonly side: Side;
  /** Units that have filled and that no exit leg has taken out. */
  readonly units: number;
  readonly stop?: GroupLeg;
  readonly target?: GroupLeg;
}

/** Groups that may still fill, or hold something. */
export function copiedGroups(
  follower: FollowerState,
  copies: readonly Copy[],
  symbols: ReadonlyMap<string, string>,
): readonly CopiedGroup[] {
  return copies.filter(isGroup).flatMap((copy) =>
    copy.children.entry
      .map((id) => follower.children.get(id))
      .filter((child) => child !== undefined)
      .filter((child) => child.filled > child.exited || isOpen(child.state))
      .map((child) => groupOf(follower, copy, child, symbols)),
  );
}

/** The exit levels that the broker has shown for the child; empty for one that is no group. */
export function levelsOfChild(follower: FollowerState, child: Child): ExitLevels {
  const { brokerOrderId } = child;
  if (brokerOrderId === undefined || !isGroup(child)) return {};
  return exitLevelsOf(follower.book, brokerOrderId);
}

function groupOf(
  follower: FollowerState,
  copy: Copy,
  child: Child,
  symbols: ReadonlyMap<string, string>,
): CopiedGroup {
  const levels = levelsOfChild(follower, child);
  const legOf = (leg: ExitLeg) => {
    const seen = levels[leg];
    if (seen === undefined) return askedLeg(child.protection?.[leg]);
    const { price, status, filledQuantity } = seen;
    return { price: formatE4(price), status, filledUnits: filledQuantity };
  };
  const [stop, target] = [legOf("stop"), legOf("target")];
  return {
    leaderOrderId: copy.leaderOrderId,
    symbol: symbols.get(child.instrument) ?? child.instrument,
    product: child.product,
    side: child.side,
    units: child.filled - child.exited,
    ...(stop === undefined ? {} : { stop }),
    ...(target === undefined ? {} : { target }),
  };
}

function askedLeg(price: PriceE4 | undefined): GroupLeg | undefined {
  return price === undefined
    ? undefined
    : { price: formatE4(price), status: "not seen", filledUnits: 0 };
}
