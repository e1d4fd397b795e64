/** The copy of one leader order under one link, and how the facts about it alone change it. */
import { unreachable } from "../../platform/assert.ts";
import type { CopyOpened, FollowerFact, Grace } from "../model/fact.ts";
import type { CorrelationId } from "../model/ids.ts";
import type { PriceE4 } from "../model/money.ts";
import type { AlarmCode, HoldCode, SkipCode } from "../model/reason.ts";
import type { Leg } from "./correlation-id.ts";

export interface Copy extends Omit<CopyOpened, "kind"> {
  readonly children: Readonly<Record<Leg, readonly CorrelationId[]>>;
  readonly skips: Readonly<Partial<Record<Leg | "all", SkipCode>>>;
  /** Slices that were refused for good while others of their leg were not: "entry/2". */
  readonly skippedSlices: readonly string[];
  /** Since when something stands that must not last. */
  readonly graces: Readonly<Partial<Record<Grace, number>>>;
  /** What a person has been told of it while its cause stands. */
  readonly alarmed: readonly AlarmCode[];
  readonly holds: Readonly<Partial<Record<Leg, HoldCode>>>;
  readonly reference?: PriceE4;
  readonly withdrawn?: "leader-rejected" | "leader-flat";
  readonly isClosed: boolean;
  /** What the leader's order had filled when the copy was closed. */
  readonly leaderFilled: number;
  readonly openedAtMs: number;
}

/** An alarm may be raised anew once what it was about has ended. */
const GRACE_ALARMS: Readonly<Partial<Record<Grace, AlarmCode>>> = {
  unprotected: "unprotected",
  "leader-out": "still-in",
  "double-exit": "double-exit",
};

/** Facts that change nothing but the copy they are about. */
export type CopyFact = Extract<
  FollowerFact,
  {
    kind:
      | "copyResized"
      | "skipped"
      | "held"
      | "graceBegan"
      | "graceEnded"
      | "referenceFixed"
      | "entryWithdrawn";
  }
>;

export function newCopy({ kind: _kind, ...opened }: CopyOpened, atMs: number): Copy {
  return {
    ...opened,
    children: { entry: [], exit: [], stop: [], repair: [] },
    skips: {},
    holds: {},
    skippedSlices: [],
    graces: {},
    alarmed: [],
    isClosed: false,
    leaderFilled: 0,
    openedAtMs: atMs,
  };
}

/** The copy after a fact about it. */
export function changedCopy(copy: Copy, fact: CopyFact, atMs: number): Copy {
  switch (fact.kind) {
    case "copyResized":
      return resized(copy, fact);
    case "skipped":
      return withSkip(copy, fact);
    case "held": {
      const { [fact.leg]: _ended, ...others } = copy.holds;
      return { ...copy, holds: fact.code ? { ...others, [fact.leg]: fact.code } : others };
    }
    case "graceBegan":
      return { ...copy, graces: { ...copy.graces, [fact.grace]: atMs } };
    case "graceEnded": {
      const { [fact.grace]: _ended, ...graces } = copy.graces;
      const alarm = GRACE_ALARMS[fact.grace];
      return { ...copy, graces, alarmed: copy.alarmed.filter((code) => code !== alarm) };
    }
    case "referenceFixed":
      return { ...copy, reference: fact.price };
    case "entryWithdrawn":
      return { ...copy, withdrawn: fact.code };
    default:
      return unreachable(fact);
  }
}

function resized(
  { exit: _exit, ...copy }: Copy,
  fact: Extract<CopyFact, { kind: "copyResized" }>,
): Copy {
  return {
    ...copy,
    split: fact.split,
    entryQuantity: fact.entryQuantity,
    ...(fact.basis && { basis: fact.basis }),
    skips: {},
    skippedSlices: [],
    ...(fact.exit === undefined ? {} : { exit: fact.exit }),
  };
}

/** What was placed as the entry stands for the exit, but for what came to nothing before. */
export function turned({ children, ...copy }: Copy, isOver: (id: CorrelationId) => boolean): Copy {
  const entry = children.entry.filter(isOver);
  const exit = [...children.exit, ...children.entry.filter((id) => !isOver(id))];
  return { ...copy, children: { ...children, entry, exit } };
}

function withSkip(copy: Copy, { leg, slice, code }: Extract<CopyFact, { kind: "skipped" }>): Copy {
  if (slice === undefined) return { ...copy, skips: { ...copy.skips, [leg]: code } };
  return { ...copy, skippedSlices: [...copy.skippedSlices, sliceKey(leg, slice)] };
}

export function sliceKey(leg: Leg | "all", slice: number): string {
  return `${leg}/${slice}`;
}

/** A person has been told. */
export function withAlarm(copy: Copy, code: AlarmCode): Copy {
  return copy.alarmed.includes(code) ? copy : { ...copy, alarmed: [...copy.alarmed, code] };
}
