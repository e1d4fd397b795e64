/**
 * Exits of the leader's that rest side by side stand for the same units, as a target and a stop must.
 * When both fill before one could be shrunk, a follower is turned round: he is brought back to flat.
 */
import { protectedLimit } from "../desire/price.ts";
import { opposite, signOf } from "../model/order.ts";
import { netUnits } from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import { copiedUnits, type FollowerState } from "../order/follower-state.ts";
import { openCopiesOf, openIdsOf } from "../order/named.ts";
import { canEntryFill, hasOpenChild, isSameCopied, isSkipped, legFilled } from "./consider.ts";
import { leaderKeyOf } from "./family.ts";
import { planLeg } from "./leg.ts";
import type { GroupPlan } from "./standing.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/** True when nothing is to be brought back. Meant for the copy of an exit; others have none. */
export function planExitRepair(plan: GroupPlan): boolean {
  const { draft, copy, link, order, instrument, isBlocked } = plan;
  const { copyId } = copy;
  if (copy.exit === undefined || isGroup(copy)) return true;
  const over = overUnits(plan);
  if (over > 0) alarmOnce(draft, copyId, "double-exit", { over });
  // An entry may be told of later than what it has filled allowed to go out.
  const afterMs = draft.context.limits.repairMs;
  const isDue = hasLasted(draft, copyId, { grace: "double-exit", isSo: over > 0, afterMs });
  if (!isDue && copy.children.repair.length === 0) return over === 0;
  // A person has ended it, or has heard that it ended: the difference stays, and has its name.
  if (isSkipped(copy, "repair") && !hasOpenChild(draft.state, copy, "repair")) return true;
  const side = opposite(copy.side);
  const reference = order.lastPrice ?? order.averagePrice ?? order.terms.price;
  const price = reference && protectedLimit(side, reference, instrument);
  const repaired = legFilled(draft.state, copy, "repair");
  const isDone = planLeg({
    draft,
    copy,
    leg: "repair",
    side,
    link,
    order,
    instrument,
    total: repaired + (isDue ? over : 0),
    isBlocked,
    terms: (quantity) =>
      price && { type: "LIMIT", validity: "DAY", quantity, disclosedQuantity: 0, price },
  });
  // What was brought back before says nothing of what is over by now.
  return isDone && (isDue || over === 0);
}

/** Units beyond flat that no order of the leader's explains; of several exits the newest answers. */
function overUnits({ draft, key, copy, leader }: GroupPlan): number {
  const { state } = draft;
  const beyond = signOf(copy.side) * copiedUnits(state, copy);
  const isLeaderThere = signOf(copy.side) * netUnits(leader.book, leaderKeyOf(copy)) > 0;
  if (beyond <= 0 || isLeaderThere || legFilled(state, copy, "exit") === 0) return 0;
  const open = openIdsOf(state, key);
  const others = openCopiesOf(state, key).filter(
    (other) => other.copyId !== copy.copyId && isSameCopied(other, copy),
  );
  const isExplained =
    opensItself(state, copy) || others.some((other) => explains(state, other, copy));
  const hasNewer = others.some(
    (other) =>
      other.side === copy.side &&
      legFilled(state, other, "exit") > 0 &&
      open.indexOf(other.copyId) > open.indexOf(copy.copyId),
  );
  return isExplained || hasNewer ? 0 : beyond;
}

/** The order crosses zero, and its opening part is what is there. */
function opensItself(state: FollowerState, copy: Copy): boolean {
  return copy.split.open > 0 && (legFilled(state, copy, "entry") > 0 || canEntryFill(state, copy));
}

/** Another copy has opened the other side, or takes it out already. */
function explains(state: FollowerState, other: Copy, copy: Copy): boolean {
  if (isGroup(other)) return true;
  // What an entry may still fill explains nothing of what is there.
  if (other.side === copy.side) return other.split.open > 0 && legFilled(state, other, "entry") > 0;
  return other.exit !== undefined && !isSkipped(other, "exit");
}
