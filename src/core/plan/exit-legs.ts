/** Commands to one exit leg of a follower's group: to move it, or to end it. */
import type { ModifyCommand, Protection } from "../model/command.ts";
import type { BrokerOrderId } from "../model/ids.ts";
import type { ExitLeg } from "../model/order.ts";
import type { Child } from "../order/child.ts";
import { isAlive } from "../order/group.ts";
import { approveReducing } from "../risk/approve.ts";
import type { Draft } from "./draft.ts";
import { EXIT_LEGS, type GroupPlan, type Held } from "./standing.ts";
import { alarmOnce } from "./watch.ts";

/** One after the other: the broker is asked one thing of an order at a time. */
export function endLegs(plan: GroupPlan, held: Held): void {
  for (const leg of EXIT_LEGS) if (isAlive(held.levels[leg])) cancelLeg(plan, held.child, leg);
}

export function modifyLeg(
  { draft, copy, isBlocked }: GroupPlan,
  child: Child,
  leg: ExitLeg,
  protection: Protection,
): void {
  const { correlationId, brokerOrderId, terms, vehicle } = child;
  const now = draft.state.children.get(correlationId);
  if (brokerOrderId === undefined || now?.pending !== undefined || isBlocked) return;
  if (draft.state.suspended !== undefined || vehicle === undefined) return;
  if (isRefused(child, protection)) return;
  const { maxModifications } = draft.context.limits;
  if (child.modifications >= maxModifications) {
    alarmOnce(draft, copy.copyId, "change-refused", { modifications: child.modifications });
    return;
  }
  const command: ModifyCommand = {
    kind: "modify",
    correlationId,
    brokerOrderId,
    terms,
    vehicle,
    leg,
    protection,
  };
  draft.record({ kind: "modifyIntended", command });
  draft.act({ kind: "send", approved: approveReducing("exit", command) });
}

function isRefused({ refusedProtection }: Child, { target, stop, trail }: Protection): boolean {
  if (refusedProtection === undefined) return false;
  return (
    refusedProtection.target === target &&
    refusedProtection.stop === stop &&
    refusedProtection.trail === trail
  );
}

/** A leg that has been triggered may refuse to end: after so many tries a person hears of it. */
const CANCELS_UNTOLD = 3;

export function cancelLeg({ draft, copy }: GroupPlan, child: Child, leg: ExitLeg): void {
  const now = draft.state.children.get(child.correlationId);
  const { brokerOrderId, vehicle, correlationId } = child;
  if (now?.pending !== undefined || brokerOrderId === undefined || vehicle === undefined) return;
  if (draft.state.suspended !== undefined) return;
  if (child.cancels >= CANCELS_UNTOLD) {
    alarmOnce(draft, copy.copyId, "change-refused", { cancels: child.cancels });
  }
  if (child.cancels >= draft.context.limits.maxCancels) return;
  const id = vehicle === "super" ? brokerOrderId : ownLegId(draft, brokerOrderId, leg);
  if (id === undefined) return;
  const command = { kind: "cancel", correlationId, brokerOrderId: id, vehicle, leg } as const;
  draft.record({ kind: "cancelIntended", command, isReplacing: false });
  draft.act({ kind: "send", approved: approveReducing("cancel", command) });
}

/** A leg of a BO or CO is cancelled by its own number; by the entry's the entry would be. */
function ownLegId(draft: Draft, entryId: BrokerOrderId, leg: ExitLeg): BrokerOrderId | undefined {
  const { book } = draft.state;
  return book.byParent.get(entryId)?.findLast((id) => book.orders.get(id)?.leg === leg);
}
