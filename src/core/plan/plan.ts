/**
 * Open copies of one follower, brought towards what they should be. It works on levels: run it again
 * with nothing new and it does nothing.
 */
import { entryTotal, exitTotal } from "../desire/total.ts";
import { type CopyId, toCopyId } from "../model/fact.ts";
import type { Link } from "../model/link.ts";
import { isTerminal, opposite, signOf } from "../model/order.ts";
import type { HoldCode } from "../model/reason.ts";
import {
  type BookOrder,
  netUnits,
  type PositionKey,
  toPositionKey,
} from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { groupUnits } from "../order/group.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, copyNamed, hasUnknown, openIdsOf } from "../order/named.ts";
import { isSquaredOff } from "../order/stops.ts";
import { mustWaitForHedge, watchBasket } from "./basket.ts";
import {
  basisNow,
  canEntryFill,
  exitableUnits,
  hasOpenChild,
  isNewestExit,
  isRestClaimed,
  isSkipped,
  legFilled,
  owedToOlder,
  owedToOthers,
  resize,
  turnIntoExit,
} from "./consider.ts";
import type { Draft } from "./draft.ts";
import { leaderKeyOf } from "./family.ts";
import { asFired, planFired, watchTrigger } from "./fired.ts";
import { planGroup } from "./group.ts";
import { heldShare } from "./held.ts";
import { endStoppedEntries, hold, planLeg } from "./leg.ts";
import { planExitRepair } from "./repair.ts";
import { claimedByRepairs } from "./repair-claim.ts";
import { planRepairs } from "./repair-drift.ts";
import { termsAfterFilled } from "./resting.ts";
import type { Scope } from "./scope.ts";
import { openWayOutUnits } from "./share.ts";
import type { LegPlan } from "./slice.ts";
import { giveWay, mustGiveWay, squareOff } from "./square-off.ts";
import { refuseStopped, withdrawUnsent } from "./stopped.ts";
import { tradedBy } from "./traded.ts";
import { turnedExcess } from "./turned.ts";
import { alarmOnce, hasLasted } from "./watch.ts";

/** Facts of one copy that another copy of the same position may have waited for. */
const FELT_BY_OTHERS: ReadonlySet<string> = new Set([
  "skipped",
  "entryWithdrawn",
  "copyClosed",
  "copyReopened",
  "childAdopted",
]);
/** Each pass settles something for good, so this is never reached; it bounds what a bug could do. */
const PASSES_MAX = 8;

/** Plans the open copies of the scope, and all of a position once something of it has settled. */
export function planScope(draft: Draft, scope: Scope): void {
  for (const [key, wanted] of scope.positions()) {
    planCopies(draft, key, wanted === "all" ? openIdsOf(draft.state, key) : wanted);
    const before = draft.facts.length;
    squareOff(draft, key);
    // Exits that made way for what is closed by now go on at once.
    const isOver = draft.facts.slice(before).some(({ kind }) => kind === "copyClosed");
    if (isOver) planCopies(draft, key, openIdsOf(draft.state, key));
  }
}

function planCopies(draft: Draft, key: PositionKey, wanted: Iterable<CopyId>): void {
  let ids = wanted;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const before = draft.facts.length;
    for (const id of ids) {
      if (draft.state.copies.get(id)?.isClosed === false) planCopy(draft, key, id);
    }
    planRepairs(draft, key);
    if (!draft.facts.slice(before).some(({ kind }) => FELT_BY_OTHERS.has(kind))) break;
    ids = openIdsOf(draft.state, key);
  }
}

function planCopy(draft: Draft, key: PositionKey, id: CopyId): void {
  const before = copyNamed(draft.state, id);
  if (before.isSquareOff || before.repair !== undefined) return;
  const leader = draft.context.leader(before.leader);
  const order = leader?.book.orders.get(before.leaderOrderId);
  const link = draft.link(before.linkId);
  if (leader === undefined || order === undefined || link === undefined) {
    endStoppedEntries(draft, before);
    return;
  }
  turnIntoExit(draft, before, link, leader, order);
  takeRest(draft, before, link, leader, order);
  withdrawEntry(draft, copyNamed(draft.state, id), leader, order);
  refuseStopped(draft, copyNamed(draft.state, id));
  if (link.mode !== "active") withdrawUnsent(draft, copyNamed(draft.state, id));
  const copy = copyNamed(draft.state, id);
  watchTrigger(draft, copy, order);
  const isExitDone = planExit(draft, key, copy, leader, order, link);
  const isEntryDone = isGroup(copy)
    ? planGroup({
        draft,
        key,
        copy,
        leader,
        order,
        link,
        instrument: tradedBy(draft, copy),
        isBlocked: hasUnknown(draft.state, key),
      })
    : planEntry(draft, key, copy, order, link, isExitDone);
  const isRepaired = planExitRepair({
    draft,
    key,
    copy: copyNamed(draft.state, id),
    leader,
    order,
    link,
    instrument: tradedBy(draft, copy),
    isBlocked: hasUnknown(draft.state, key),
  });
  const isFiredDone = planFired(draft, copyNamed(draft.state, id), leader, order);
  watchBasket(draft, id);
  // A group stays open for as long as it is in: a person must not hear of it only then.
  if (isGroup(copy)) alarmBeyond(draft, copyNamed(draft.state, id), leader, order);
  const isDone = isExitDone && isEntryDone && isRepaired && isFiredDone;
  if (isDone && isTerminal(order.status)) {
    explainNothing(draft, id, order);
    explainLeftover(draft, id, order);
    if (isRejectedUnfilled(order)) alarmWhenFilled(draft, copy, "exit");
    alarmBeyond(draft, copy, leader, order);
    draft.record({ kind: "copyClosed", copyId: id, leaderFilled: order.filledQuantity });
  }
}

/** A copy that came to nothing before the leader's order was gone ends with its reason. */
function explainNothing(draft: Draft, id: CopyId, order: BookOrder): void {
  const copy = copyNamed(draft.state, id);
  if (order.status === "filled" || copy.withdrawn === "leader-flat") return;
  if (Object.keys(copy.skips).length > 0) return;
  const children = childrenNamed(draft.state, [...copy.children.entry, ...copy.children.exit]);
  if (!children.every(({ state }) => state === "notSent")) return;
  const code = order.status === "rejected" ? "leader-rejected" : "leader-cancelled";
  const inputs = { status: order.status, filled: order.filledQuantity, reason: order.reason };
  draft.record({ kind: "skipped", copyId: id, leg: "all", code, inputs });
}

/** The leader's exit filled when other exits had taken all that was copied: nothing was left for it. */
function explainLeftover(draft: Draft, copyId: CopyId, order: BookOrder): void {
  const copy = copyNamed(draft.state, copyId);
  if (copy.exit === undefined || order.filledQuantity === 0) return;
  if (Object.keys(copy.skips).length > 0 || legFilled(draft.state, copy, "exit") > 0) return;
  const code = isSquaredOff(draft.state.stops) ? "squared-off" : "nothing-to-exit";
  const inputs = { copied: 0, leaderReduces: copy.split.reduce };
  draft.record({ kind: "skipped", copyId, leg: "exit", code, inputs });
}

/** An entry takes no more exposure when its leader's order was rejected or he has left again. */
function withdrawEntry(draft: Draft, copy: Copy, leader: LeaderState, order: BookOrder): void {
  if (copy.withdrawn !== undefined || copy.split.open === 0) return;
  const { copyId } = copy;
  if (isRejectedUnfilled(order)) {
    draft.record({ kind: "entryWithdrawn", copyId, code: "leader-rejected" });
    alarmWhenFilled(draft, copy, "entry");
    return;
  }
  const opened = order.filledQuantity > copy.split.reduce;
  const key = leaderKeyOf(copy);
  const beside = isGroup(copy) ? groupUnits(leader.book, key, opposite(copy.side)) : 0;
  const net = netUnits(leader.book, key) * signOf(order.side) + beside;
  if (isTerminal(order.status) && opened && net <= 0) {
    draft.record({ kind: "entryWithdrawn", copyId, code: "leader-flat" });
  }
}

/** A fill won against our cancel: the follower has more of it than the leader. */
function alarmBeyond(draft: Draft, copy: Copy, leader: LeaderState, order: BookOrder): void {
  const { copyId } = copy;
  const lot = draft.context.instrument(copy.instrument)?.lotSize ?? 1;
  const turned = turnedExcess(draft.state, copy, lot);
  const filled = legFilled(draft.state, copy, "entry") + turned;
  // A group whose leader has left is brought out by its legs: what it had filled was meant.
  const { withdrawn, ...meant } = copy;
  const wanted = entryTotal(
    isGroup(copy) && withdrawn === "leader-flat" ? meant : copy,
    asFired(leader, order),
    lot,
  );
  const isKnown = withdrawn === "leader-rejected" || filled <= wanted;
  // What he filled of an order that opens nothing any more may have been an entry's before.
  const opens = copy.split.open > 0 || turned > 0 || order.filledQuantity === 0;
  if (isKnown || !opens || !isTerminal(order.status)) return;
  const inputs = { filled, wanted };
  if (isGroup(copy)) alarmOnce(draft, copyId, "filled-beyond-leader", inputs);
  else draft.record({ kind: "alarmed", code: "filled-beyond-leader", copyId, inputs });
}

function isRejectedUnfilled(order: BookOrder): boolean {
  return order.status === "rejected" && order.filledQuantity === 0;
}

/** The leader's order was rejected after ours had filled: one is in, the other is out. */
function alarmWhenFilled(draft: Draft, copy: Copy, leg: Leg): void {
  const filled = legFilled(draft.state, copy, leg);
  if (filled === 0) return;
  const { copyId } = copy;
  draft.record({ kind: "alarmed", code: "withdrawn-after-fill", copyId, inputs: { filled } });
}

function planExit(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
  link: Link,
): boolean {
  const isOver = copy.exit === undefined || isSkipped(copy, "exit");
  if (isOver && !hasOpenChild(draft.state, copy, "exit")) return true;
  const instrument = tradedBy(draft, copy);
  const isBlocked = hasUnknown(draft.state, key);
  const exit = { draft, copy, leg: "exit", link, order, instrument, isBlocked } as const;
  if (mustGiveWay(draft.state, copy, key)) return giveWay(exit);
  const basis = copy.exit === undefined ? 0 : basisNow(draft.state, copy.exit);
  const canGrow = canBasisGrow(draft.state, copy);
  const isClaimed = claimedByRepairs(draft.state, copy) > 0;
  const ownFilled = legFilled(draft.state, copy, "exit");
  const { total, isCappedByAccount } = exitTotal({
    copy,
    order,
    instrument,
    basisUnits: basis,
    ownFilled,
    copiedLeft: copiedShare(draft, key, copy, leader, order),
    ...restOf(draft, copy, leader, order),
    heldLeft: heldForExit(draft, key, copy, leader, order),
  });
  const terms = termsAfterFilled({ draft, copy, order, link, instrument }, "exit");
  const plan: LegPlan = {
    ...exit,
    total: isOver ? ownFilled : total,
    ...(terms && { terms }),
    ...(isClaimed
      ? { awaits: { code: whileRepaired(copy), inputs: {} } }
      : isCappedByAccount
        ? { awaits: { code: "account-holds-less", inputs: { exit: total, basis } } }
        : canGrow
          ? { awaits: { code: "awaiting-entry-fill", inputs: {} } }
          : awaitsFills(copy, order, total)),
  };
  if (!draft.state.book.hasPositions) {
    hold(plan, "positions-unknown");
    return false;
  }
  const isDone = planLeg(plan);
  // What a repair does not take out after all is for this exit again.
  if (!isDone || isClaimed) return false;
  if (isCappedByAccount) {
    if (!isTerminal(order.status)) return false;
    const { copyId } = copy;
    const inputs = { copied: basis, exited: total };
    draft.record({ kind: "alarmed", code: "account-holds-less", copyId, inputs });
    draft.record({ kind: "skipped", copyId, leg: "exit", code: "account-holds-less", inputs });
    return true;
  }
  if (canGrow) return false;
  // What he fills later may come to a lot.
  if (copy.byFills && basis > 0 && !isTerminal(order.status)) return false;
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

/** One that was rejected stays parked as such: it does not come by itself. */
function whileRepaired({ holds }: Copy): HoldCode {
  return holds.exit === "exit-rejected" ? "exit-rejected" : "repair-first";
}

/** Only what he fills is copied, and it comes to nothing yet. */
function awaitsFills({ byFills }: Copy, order: BookOrder, total: number): Pick<LegPlan, "awaits"> {
  const { filledQuantity: filled, status } = order;
  if (!byFills || total > 0 || filled === 0 || isTerminal(status)) return {};
  return { awaits: { code: "less-than-a-lot", inputs: { filled } } };
}

function canBasisGrow(state: FollowerState, copy: Copy): boolean {
  return (copy.exit?.openEntries ?? []).some(({ copyId, most = Number.POSITIVE_INFINITY }) => {
    const entry = copyNamed(state, copyId);
    return canEntryFill(state, entry) && legFilled(state, entry, "entry") < most;
  });
}

/**
 * What is left of the copied position for this exit. Exits that the leader has completed share it,
 * the oldest first; one that still rests (a stop beside a target) stands for all that is left.
 */
function copiedShare(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
): number {
  const { state } = draft;
  const isSent = hasOpenChild(state, copy, "exit");
  // What a group is being brought out by already is not for a new order to take out as well.
  const taken = openWayOutUnits(state, copy, key, isSent);
  const left = Math.max(0, exitableUnits(state, copy) - taken - claimedByRepairs(state, copy));
  if (!isCompleted(copy, order)) return left;
  return Math.max(0, left - owedToOlder(draft, leader, copy));
}

/** It fills no more at the leader, or it stands for what he has filled alone. */
function isCompleted({ byFills }: Copy, { status }: BookOrder): boolean {
  return isTerminal(status) || byFills === true;
}

/** What the account really holds for it: of exits that the leader has completed the oldest is served. */
function heldForExit(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  leader: LeaderState,
  order: BookOrder,
): number {
  const held = Math.max(0, heldShare(draft.state, copy, key) - claimedByRepairs(draft.state, copy));
  return isCompleted(copy, order) ? Math.max(0, held - owedToOlder(draft, leader, copy)) : held;
}

/** An order that is sent to trade at once is not changed while it may be doing so. */
const REST_MS = 2_000;

/** What is left for it, and whether it is to stand for that before its own part has filled. */
function restOf(draft: Draft, copy: Copy, leader: LeaderState, order: BookOrder) {
  const restLeft = restShare(draft, copy, leader, order);
  const isFree = restLeft > 0 && !isRestClaimed(draft.state, copy);
  const isSo = isFree && hasOpenChild(draft.state, copy, "exit");
  const hasRested = hasLasted(draft, copy.copyId, { grace: "rest-left", isSo, afterMs: REST_MS });
  return { restLeft, isRestFree: isFree && (hasRested || !isSo) };
}

/** What is left when the leader is out and no other exit is owed any of it: the newest takes it. */
function restShare(draft: Draft, copy: Copy, leader: LeaderState, order: BookOrder): number {
  if (copy.exit === undefined || order.status !== "filled") return 0;
  if (netUnits(leader.book, leaderKeyOf(copy)) !== 0) return 0;
  if (!isNewestExit(draft, leader, copy) || hasNewerToCome(draft, leader, copy, order)) return 0;
  const left = exitableUnits(draft.state, copy);
  const owed = owedToOthers(draft, leader, copy) + claimedByRepairs(draft.state, copy);
  return Math.max(0, left - owed);
}

/**
 * An exit that had nothing to take when the leader placed it has filled, and he is out: what was copied
 * since, and no other exit is owed, is its to take. (While he is in, his next exit takes it.)
 */
function takeRest(
  draft: Draft,
  copy: Copy,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): void {
  if (copy.skips.exit !== "nothing-to-exit" || isRestClaimed(draft.state, copy)) return;
  if (restShare(draft, copy, leader, order) > 0) resize(draft, copy, link, leader, order);
}

/** A newer exit of the leader's has filled and has no copy yet: it waits for a read of his books. */
function hasNewerToCome(
  draft: Draft,
  leader: LeaderState,
  copy: Copy,
  { firstSeq, side }: BookOrder,
): boolean {
  const key = leaderKeyOf(copy);
  return [...leader.book.orders.values()].some(
    (other) =>
      other.side === side &&
      other.firstSeq > firstSeq &&
      other.filledQuantity > 0 &&
      toPositionKey(other.instrument, other.product) === key &&
      !draft.state.copies.has(toCopyId(copy.linkId, other.brokerOrderId)),
  );
}

function planEntry(
  draft: Draft,
  key: PositionKey,
  copy: Copy,
  order: BookOrder,
  link: Link,
  isExitDone: boolean,
): boolean {
  if (copy.split.open === 0 && !hasOpenChild(draft.state, copy, "entry")) return true;
  const known = draft.context.instrument(copy.instrument);
  const hasChildren = copy.children.entry.length > 0;
  if ((isSkipped(copy, "entry") || known === undefined) && !hasChildren) return true;
  const instrument = tradedBy(draft, copy);
  const filled = legFilled(draft.state, copy, "entry");
  const terms = termsAfterFilled({ draft, copy, order, link, instrument }, "entry");
  const isOver = isSkipped(copyNamed(draft.state, copy.copyId), "entry");
  const opened = turnedExcess(draft.state, copy, instrument.lotSize);
  const wanted = isOver ? 0 : Math.max(0, entryTotal(copy, order, instrument.lotSize) - opened);
  const plan: LegPlan = {
    draft,
    copy,
    leg: "entry",
    link,
    order,
    instrument,
    total: Math.max(wanted, filled),
    isBlocked: hasUnknown(draft.state, key),
    ...(terms && { terms }),
    ...(!isOver && awaitsFills(copy, order, wanted)),
  };
  if (wanted > 0 && mustWaitForHedge(draft, copy, order)) {
    hold(plan, "hedge-first");
    return false;
  }
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
  _key: PositionKey,
  isExitDone: boolean,
): boolean {
  if (copy.split.reduce === 0) return true;
  return isExitDone && exitableUnits(state, copy) === 0;
}
