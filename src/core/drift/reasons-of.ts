/**
 * What each copy has come to against what it stands for, and why: candidates for the explanation of a
 * difference.
 */
import { exitUnits } from "../desire/quantity.ts";
import { filledParts } from "../desire/split.ts";
import type { DriftCause, DriftPart } from "../model/drift.ts";
import { isTerminal, signOf } from "../model/order.ts";
import type { AlarmCode, HoldCode, SkipCode } from "../model/reason.ts";
import type { BookOrder } from "../order/account-book.ts";
import { isGroup } from "../order/child.ts";
import type { Copy } from "../order/copy.ts";
import type { FollowerState } from "../order/follower-state.ts";
import { basisNow, hasOpenChild, legFilled } from "../plan/consider.ts";
import { isUnderWay } from "./under-way.ts";

/** Signed: a copy that has bought too little makes the copied position too small. */
export type Reason = Omit<DriftPart, "units"> & { readonly signedUnits: number };

export interface CopyQuestion {
  readonly follower: FollowerState;
  readonly copy: Copy;
  /** As the leader's book has it; absent where it was never seen. */
  readonly order: BookOrder | undefined;
  /** What its entry stands for by now. */
  readonly entryUnits: number;
  /** What its exit takes out by now of what should be copied, whatever was. */
  readonly exitUnits: number;
  /** Triggers of the same position that still rest at the follower's. */
  readonly hasTrigger: boolean;
  /** Signed units that were copied of the position. */
  readonly copied: number;
}

const SKIPS: Readonly<Record<SkipCode, DriftCause>> = {
  "brackets-refused": "skipped-by-rule",
  "levels-not-found": "missed",
  "entry-type-not-supported": "missed",
  "own-legs": "skipped-by-rule",
  "own-trigger": "missed",
  "trigger-fired": "missed",
  "leader-filled": "skipped-by-rule",
  "freeze-table-stale": "missed",
  "link-paused": "skipped-by-rule",
  "close-only": "skipped-by-rule",
  "leader-rejected": "skipped-by-rule",
  "leader-cancelled": "skipped-by-rule",
  "too-old": "missed",
  "below-one-lot": "rounding",
  "no-capital": "missed",
  "no-stop": "skipped-by-rule",
  "nothing-to-exit": "missed",
  "unknown-instrument": "missed",
  "no-reference-price": "missed",
  "side-not-allowed": "skipped-by-rule",
  "segment-not-allowed": "skipped-by-rule",
  "product-not-allowed": "skipped-by-rule",
  "order-type-not-allowed": "skipped-by-rule",
  "kind-not-allowed": "skipped-by-rule",
  "instrument-not-allowed": "skipped-by-rule",
  "underlying-not-allowed": "skipped-by-rule",
  "outside-window": "skipped-by-rule",
  "market-closed": "missed",
  "calendar-stale": "missed",
  "orders-above-limit": "skipped-by-rule",
  "quantity-above-limit": "skipped-by-rule",
  "positions-above-limit": "skipped-by-rule",
  "exposure-above-limit": "skipped-by-rule",
  "order-value-above-limit": "skipped-by-rule",
  "price-too-far": "skipped-by-rule",
  "account-suspended": "missed",
  "entries-stopped": "skipped-by-rule",
  "squared-off": "square-off",
  "child-rejected": "rejected",
  "cancelled-elsewhere": "manual",
  "ended-short": "missed",
  "account-holds-less": "manual",
  "gave-up": "missed",
  "repair-not-filled": "missed",
  "repair-over": "missed",
};

/** Loud ones alone: under the others the copy is under way. */
const HOLDS: Readonly<Partial<Record<HoldCode, DriftCause>>> = {
  "unknown-order": "catching-up",
  "other-part-first": "catching-up",
  "account-holds-less": "manual",
  "no-reference-price": "missed",
  "account-suspended": "missed",
  "entries-stopped": "skipped-by-rule",
  "square-off": "catching-up",
  "exit-rejected": "rejected",
  "change-above-limit": "skipped-by-rule",
  "change-refused": "rejected",
};

const LATE_FILLS: readonly AlarmCode[] = [
  "filled-beyond-leader",
  "withdrawn-after-fill",
  "filled-after-cancel",
  "order-rose-again",
];

/** Whatever of this copy may explain that more or less is copied than should be. */
export function reasonsOf(question: CopyQuestion): readonly Reason[] {
  if (question.copy.isSquareOff) return closed(question);
  return [
    ...entryReason(question),
    ...exitReason(question),
    ...lateFill(question),
    ...groupReason(question),
    ...doubleExit(question),
  ];
}

/** It follows no order of the leader's: what it has taken out is missing at the follower. */
function closed({ follower, copy }: CopyQuestion): readonly Reason[] {
  const signedUnits = signOf(copy.side) * legFilled(follower, copy, "exit");
  const { leaderOrderId } = copy;
  return [{ signedUnits, cause: "square-off", code: "squared-off", leg: "exit", leaderOrderId }];
}

function entryReason(question: CopyQuestion): readonly Reason[] {
  const { follower, copy, order, entryUnits } = question;
  if (copy.split.open === 0) return [];
  const short = entryUnits - legFilled(follower, copy, "entry");
  if (short > 0) return legReason(question, "entry", short);
  const isAhead = short < 0 && order !== undefined && !isTerminal(order.status);
  if (!isAhead) return [];
  return [{ ...about(question, "entry", short), cause: "catching-up", code: "" }];
}

/**
 * The leader's share of his own position was fixed when his exit was seen; his fills may have been told
 * in another order than they were made. What was too much or too little for that reason comes last.
 */
export function shareReason(question: CopyQuestion): readonly Reason[] {
  const share = exitShare(question);
  if (share === undefined || share === question.exitUnits) return [];
  return [{ ...about(question, "exit", question.exitUnits - share), cause: "late-fill", code: "" }];
}

/** Units of what was copied that the exit stands for by now; undefined where it is none. */
function exitShare({ follower, copy, order }: CopyQuestion): number | undefined {
  if (copy.exit === undefined) return undefined;
  const { reduce } = filledParts(copy.split, order?.filledQuantity ?? 0);
  const basis = { copiedUnits: basisNow(follower, copy.exit), takesRest: copy.exit.takesRest };
  return exitUnits(basis, { ...copy.split, reduce }, 1);
}

function exitReason(question: CopyQuestion): readonly Reason[] {
  const { follower, copy, order } = question;
  const share = exitShare(question);
  if (share === undefined) return [];
  const filled = legFilled(follower, copy, "exit");
  const wanted = Math.max(share, question.exitUnits);
  if (wanted > filled) return legReason(question, "exit", wanted - filled);
  if (share === filled) return [];
  const isAhead = order !== undefined && !isTerminal(order.status);
  const why = isAhead
    ? ({ cause: "catching-up", code: "" } as const)
    : ({ cause: "late-fill", code: lateCode(copy) } as const);
  return [{ ...about(question, "exit", share - filled), ...why }];
}

function about(
  { copy }: CopyQuestion,
  leg: "entry" | "exit",
  short: number,
): Pick<Reason, "signedUnits" | "leg" | "leaderOrderId"> {
  return { signedUnits: -signOf(copy.side) * short, leg, leaderOrderId: copy.leaderOrderId };
}

function legReason(
  question: CopyQuestion,
  leg: "entry" | "exit",
  short: number,
): readonly Reason[] {
  const why = whyShort(question, leg);
  return why === undefined ? [] : [{ ...about(question, leg, short), ...why }];
}

function whyShort(
  { follower, copy, hasTrigger }: CopyQuestion,
  leg: "entry" | "exit",
): Pick<Reason, "cause" | "code"> | undefined {
  const hold = copy.holds[leg];
  if (isUnderWay(follower, copy, leg)) {
    const isRefused = hold === "exit-rejected" || hold === "change-refused";
    return { cause: isRefused ? "rejected" : "catching-up", code: hold ?? "" };
  }
  const skip = copy.skips.all ?? copy.skips[leg];
  if (skip === "own-trigger" && hasTrigger) return { cause: "catching-up", code: skip };
  if (skip !== undefined) return { cause: SKIPS[skip], code: skip };
  if (copy.withdrawn !== undefined) return { cause: "skipped-by-rule", code: copy.withdrawn };
  const held = hold === undefined ? undefined : HOLDS[hold];
  if (hold !== undefined && held !== undefined) return { cause: held, code: hold };
  if (copy.skippedSlices.some((slice) => slice.startsWith(`${leg}/`))) {
    return { cause: "rejected", code: "child-rejected" };
  }
  return endedShort(follower, copy, leg);
}

/** Its last order has ended, and no other is wanted any more. */
function endedShort(
  follower: FollowerState,
  copy: Copy,
  leg: "entry" | "exit",
): Pick<Reason, "cause" | "code"> | undefined {
  const last = copy.children[leg].at(-1);
  const state = last && follower.children.get(last)?.state;
  if (state === undefined || state === "filled") return undefined;
  return { cause: state === "rejected" ? "rejected" : "missed", code: "" };
}

/** What filled although it was not wanted any more is the follower's until somebody sells it. */
function lateFill(question: CopyQuestion): readonly Reason[] {
  const { follower, copy, order, entryUnits } = question;
  const filled = legFilled(follower, copy, "entry");
  const isTold = LATE_FILLS.some((alarm) => copy.alarmed.includes(alarm));
  const isOver = order === undefined || isTerminal(order.status);
  const surplus = isTold ? filled : filled - entryUnits;
  if (surplus <= 0 || !(isTold || isOver)) return [];
  return [{ ...about(question, "entry", -surplus), cause: "late-fill", code: lateCode(copy) }];
}

function lateCode({ alarmed }: Copy): AlarmCode {
  return LATE_FILLS.find((alarm) => alarmed.includes(alarm)) ?? "filled-beyond-leader";
}

/** A group leaves by legs of its own, which neither follow the leader's nor wait for them. */
function groupReason(question: CopyQuestion): readonly Reason[] {
  const { follower, copy } = question;
  if (!isGroup(copy)) return [];
  const children = copy.children.entry
    .map((id) => follower.children.get(id))
    .filter((child) => child !== undefined);
  const exited =
    children.reduce((sum, child) => sum + child.exited, 0) + legFilled(follower, copy, "stop");
  const inside = children.reduce((sum, child) => sum + child.filled, 0) - exited;
  const left: Reason = {
    ...about(question, "entry", exited),
    cause: "skipped-by-rule",
    code: "own-legs",
  };
  return [...(inside > 0 ? stillIn(question, inside) : []), ...(exited > 0 ? [left] : [])];
}

function stillIn(question: CopyQuestion, inside: number): readonly Reason[] {
  const { follower, copy } = question;
  const reason = about(question, "entry", -inside);
  if (isUnderWay(follower, copy, "stop")) return [{ ...reason, cause: "catching-up", code: "" }];
  if (copy.alarmed.includes("still-in")) return [{ ...reason, cause: "missed", code: "still-in" }];
  const isLeaving = copy.graces["leader-out"] !== undefined;
  return isLeaving ? [{ ...reason, cause: "catching-up", code: "" }] : [];
}

/** More was exited than had been copied; a repair brings it back, or a person must (BO and CO). */
function doubleExit({ follower, copy, copied }: CopyQuestion): readonly Reason[] {
  const isAwaited = copy.graces["double-exit"] !== undefined;
  const isKnown = isAwaited || (isGroup(copy) && copy.alarmed.includes("double-exit"));
  if (copied === 0 || !isKnown) return [];
  const isRepairing =
    hasOpenChild(follower, copy, "repair") || !copy.alarmed.includes("double-exit");
  const cause = isRepairing ? "catching-up" : "late-fill";
  const { leaderOrderId } = copy;
  return [{ signedUnits: copied, cause, code: "double-exit", leaderOrderId }];
}
