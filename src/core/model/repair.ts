/** Bringing a difference to zero: what a person asks for, what a link does by itself, and the answers. */
import type { DriftPosition } from "./drift.ts";
import type { BrokerOrderId } from "./ids.ts";
import type { PriceE4 } from "./money.ts";
import type { Side } from "./order.ts";
import type { HoldCode, Inputs, SkipCode } from "./reason.ts";

/** What a link does by itself about what is too much; what is missing is never entered by itself. */
export type RepairRule =
  | { readonly kind: "by-hand" }
  | { readonly kind: "towards-less"; readonly afterMs: number };

/** Why a position is not repaired, where no skip and no hold of a copy says it already. */
export const REPAIR_CODES = {
  "repair-stale": "the position has changed since it was shown",
  "nothing-differs": "the position is where the link's rule has it",
  "link-not-set": "the link is not in the settings",
  "books-not-read": "the books of both accounts have not been read yet",
  "repair-under-way": "a repair of it is under way",
  "waiting-for-fill": "an order for it is under way or rests",
  "done-by-hand": "somebody took it out by hand: it is his to bring back",
  "closed-elsewhere": "the broker or another program closed it: it is not opened again",
  "by-rule": "the link's own rule leaves it out",
  unexplained: "nothing explains what is missing, so nothing is bought for it",
  "needs-its-stop": "it was to come in with exits of its own, and would stand without them",
  "group-stands": "orders of a group stand for it, and its legs take it out",
  "other-side-first": "it is brought to flat first; a second repair may open the other side",
} as const;
export type RepairCode = keyof typeof REPAIR_CODES;

export interface RepairRefused {
  readonly code: RepairCode | SkipCode | HoldCode;
  readonly inputs: Inputs;
}

/** The order that a repair begins with. */
export interface RepairOrder {
  readonly leg: "entry" | "exit";
  readonly side: Side;
  readonly quantity: number;
  /** Absent: at the market. */
  readonly price?: PriceE4;
}

/** A position as a person saw it when he asked for its repair; signed units. */
export interface SeenPosition extends DriftPosition {
  readonly target: number;
  /** Copied and really held. */
  readonly actual: number;
  /** What he was told would be sent; absent: that nothing would be. */
  readonly order?: RepairOrder;
}

/** What became of the request for one position: a repair of this name, or why there is none. */
export type RepairAnswer = SeenPosition &
  (
    | {
        /** "RP12": what stands for the order of the leader's that there is none of. */
        readonly name: BrokerOrderId;
      }
    | { readonly refused: RepairRefused }
  );

/** What a repair stands for, fixed when it is begun. Signed units. */
export interface RepairAim {
  /** The person's request; absent where the link's rule has begun it. */
  readonly requestId?: string;
  readonly by: string;
  readonly target: number;
  readonly actual: number;
  /** Limit of its order; absent: at the market. */
  readonly price?: PriceE4;
}
