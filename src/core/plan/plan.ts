/**
 * All open copies of one instrument and product of one follower, brought towards what they should
 * be. It works on levels: run it again with nothing new and it does nothing.
 */
import { basisUnits } from "../desire/quantity.ts";
import { entryTotal, exitTotal } from "../desire/total.ts";
import type { CopyId } from "../model/fact.ts";
import type { LinkId } from "../model/ids.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import { toPriceE4 } from "../model/money.ts";
import { isTerminal, signOf } from "../model/order.ts";
import { type BookOrder, netUnits, type PositionKey } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import { type Copy, type FollowerState, toCopiedKey } from "../order/follower.ts";
import type { LeaderState } from "../order/leader.ts";
import { exitableUnits, legFilled } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { hold, type LegPlan, planLeg } from "./leg.ts";

/** An exit must be possible although the instrument file does not know the contract (any more). */
const STAND_IN: Pick<Instrument, "kind" | "lotSize" | "tick"> = {
  kind: "option",
  lotSize: 1,
  tick: toPriceE4(500),
};

/** Plans every open copy of this position. */
export function planPosition(draft: Draft, key: PositionKey): void {
  const ids = draft.state.openCopies.get(key) ?? [];
  for (const id of ids) planCopy(draft, key, id);
}

function planCopy(draft: Draft, key: PositionKey, id: CopyId): void {
  const before = draft.state.copies.get(id);
  if (before === undefined) return;
  const leader = draft.context.leader(before.leader);
  const order = leader?.book.orders.get(before.leaderOrderId);
  const link = draft.context.link(before.linkId);
  if (leader === undefined || order === undefined || link === undefined) return;
  withdrawEntry(draft, key, before, leader, order);
  const copy = draft.state.copies.get(id) ?? before;
  const isExitDone = planExit(draft, key, copy, order, link);
  const isEntryDone = planEntry(draft, key, copy, order, link, isExitDone);
  if (isExitDone && isEntryDone && isTerminal(order.status)) {
    draft.record({ kind: "copyClosed", copyId: id });
  }
}

/** An entry takes no more exposure when its leader's order was rejected or he has left again. */
function withdrawEntry(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
): void {
  if (copy.withdrawn !== undefined || copy.split.open === 0) return;
  const { copyId } = copy;
  if (order.status === "rejected" && order.filledQuantity === 0) {
    draft.record({ kind: "entryWithdrawn", copyId, code: "leader-rejected" });
    alarmWhenFilled(draft, copy);
    return;
  }
  const opened = order.filledQuantity > copy.split.reduce;
  const net = netUnits(leader.book, key) * signOf(order.side);
  if (isTerminal(order.status) && opened && net <= 0) {
    draft.record({ kind: "entryWithdrawn", copyId, code: "leader-flat" });
  }
}

function alarmWhenFilled(draft: Draft, copy: Copy): void {
  const filled = legFilled(draft.state, copy, "entry");
  if (filled === 0) return;
  draft.record({
    kind: "alarmed",
    code: "withdrawn-after-fill",
    copyId: copy.copyId,
    inputs: { filled },
  });
}

function planExit(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  order: BookOrder,
  link: Link,
): boolean {
  if (copy.exit === undefined || isSkipped(copy, "exit")) return true;
  const instrument = draft.context.instrument(copy.instrument) ?? {
    ...STAND_IN,
    key: copy.instrument,
    symbol: copy.instrument,
  };
  const { basis, canGrow } = basisNow(draft.state, copy);
  const ownFilled = legFilled(draft.state, copy, "exit");
  const { total, isCappedByAccount } = exitTotal({
    copy,
    order,
    instrument,
    basisUnits: basis,
    ownFilled,
    copiedLeft: exitableUnits(draft.state, copy, key),
    heldLeft: heldShare(draft.state, copy, key),
  });
  const plan: LegPlan = {
    draft,
    copy,
    leg: "exit",
    link,
    order,
    instrument,
    total,
    isBlocked: hasUnknown(draft.state, key),
  };
  if (!draft.state.book.hasPositions) {
    hold(plan, "positions-unknown");
    return false;
  }
  const isDone = planLeg(plan);
  if (!isDone) return false;
  if (isCappedByAccount) {
    hold(plan, "account-holds-less", { exit: total, basis });
    return isTerminal(order.status);
  }
  if (canGrow) {
    hold(plan, "awaiting-entry-fill");
    return false;
  }
  if (copy.children.exit.length === 0 && total === 0 && !isSkipped(copy, "exit")) {
    hold(plan, undefined);
    draft.record({
      kind: "skipped",
      copyId: copy.copyId,
      leg: "exit",
      code: basis === 0 ? "nothing-to-exit" : "below-one-lot",
      inputs: {
        copied: basis,
        leaderReduces: copy.split.reduce,
        leaderHad: Math.abs(copy.split.leaderNet),
      },
    });
  }
  return true;
}

function isSkipped(copy: Copy, leg: "entry" | "exit"): boolean {
  return copy.skips.all !== undefined || copy.skips[leg] !== undefined;
}

function basisNow(state: FollowerState, copy: Copy): { basis: number; canGrow: boolean } {
  if (copy.exit === undefined) return { basis: 0, canGrow: false };
  const children = (copy.exit.openEntries ?? []).map((entry) =>
    state.children.get(entry.correlationId),
  );
  const basis = basisUnits(
    copy.exit,
    (entry) => state.children.get(entry.correlationId)?.filled ?? entry.filled,
  );
  return { basis, canGrow: children.some((child) => child !== undefined && isOpen(child.state)) };
}

/**
 * What the account holds on the side to be exited, as far as this link may use it: links into one
 * account are served in the order of their names, each up to what it has copied.
 */
function heldShare(state: FollowerState, copy: Copy, key: PositionKey): number {
  const sign = -signOf(copy.side);
  let left = Math.max(0, sign * netUnits(state.book, key));
  const links: LinkId[] = [...state.links.entries()].map(([id]) => id).sort();
  for (const id of links) {
    const copied = Math.max(0, sign * (state.copied.get(toCopiedKey(id, key)) ?? 0));
    const share = Math.min(copied, left);
    if (id === copy.linkId) return share;
    left -= share;
  }
  return left;
}

function hasUnknown(state: FollowerState, key: PositionKey): boolean {
  for (const id of state.openCopies.get(key) ?? []) {
    const copy = state.copies.get(id);
    for (const child of [...(copy?.children.entry ?? []), ...(copy?.children.exit ?? [])]) {
      if (state.children.get(child)?.state === "unknown") return true;
    }
  }
  return false;
}

function planEntry(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  order: BookOrder,
  link: Link,
  isExitDone: boolean,
): boolean {
  if (copy.split.open === 0) return true;
  const known = draft.context.instrument(copy.instrument);
  const hasChildren = copy.children.entry.length > 0;
  if ((isSkipped(copy, "entry") || known === undefined) && !hasChildren) return true;
  const instrument = known ?? { ...STAND_IN, key: copy.instrument, symbol: copy.instrument };
  const filled = legFilled(draft.state, copy, "entry");
  const wanted = isSkipped(copy, "entry") ? 0 : entryTotal(copy, order, instrument.lotSize);
  const plan: LegPlan = {
    draft,
    copy,
    leg: "entry",
    link,
    order,
    instrument,
    total: Math.max(wanted, filled),
    isBlocked: hasUnknown(draft.state, key),
  };
  const mustWait = !isClosingPartDone(draft.state, copy, key, isExitDone) && !hasChildren;
  if (mustWait && plan.total > 0) {
    hold(plan, "closing-part-first");
    return false;
  }
  return planLeg(plan);
}

/** The opening part of an order that crosses zero goes only after the closing part has filled. */
function isClosingPartDone(
  state: FollowerState,
  copy: Copy,
  key: PositionKey,
  isExitDone: boolean,
): boolean {
  if (copy.split.reduce === 0) return true;
  return isExitDone && exitableUnits(state, copy, key) === 0;
}
