/** What a group needs next, from how it stands: the state machine, without time and without prices. */
import type { ExitLeg } from "../../../core/model/order.ts";
import type { ExitState } from "./group-moment.ts";

export interface ExitView {
  readonly state: ExitState;
  /** Units that the leg's order is for; 0 while it waits. */
  readonly quantity: number;
  readonly filled: number;
  /** It has touched its trigger, or some of it has traded. */
  readonly hasFired: boolean;
}

export interface GroupView {
  readonly entryIsOpen: boolean;
  readonly entryExpired: boolean;
  readonly entryFilled: number;
  readonly target?: ExitView;
  readonly stop?: ExitView;
}

export type GroupStep =
  /** The unfilled rest of the entry is taken back: its exit has begun. */
  | { readonly kind: "end-entry" }
  /** The leg goes to the exchange. */
  | { readonly kind: "arm"; readonly leg: ExitLeg; readonly quantity: number }
  | { readonly kind: "grow"; readonly leg: ExitLeg; readonly quantity: number }
  /** The sibling has taken units out. */
  | { readonly kind: "shrink"; readonly leg: ExitLeg; readonly quantity: number }
  /** The sibling has taken all that this one was for. */
  | { readonly kind: "end-leg"; readonly leg: ExitLeg }
  /** The entry ended without a fill: the leg will never be needed. */
  | { readonly kind: "drop-leg"; readonly leg: ExitLeg; readonly as: "cancelled" | "expired" };

/**
 * Steps in the order in which they are to be taken; none when all is as it should be. A step's own
 * effect may ask for more: the caller plans again until nothing is left.
 */
export function planGroup(view: GroupView): GroupStep[] {
  const steps: GroupStep[] = [];
  const { target, stop } = view;
  const firing = target?.hasFired === true || stop?.hasFired === true;
  if (view.entryIsOpen && firing) steps.push({ kind: "end-entry" });
  steps.push(...planLeg(view, "stop", target?.filled ?? 0));
  steps.push(...planLeg(view, "target", stop?.filled ?? 0));
  return steps;
}

function planLeg(view: GroupView, leg: ExitLeg, takenBySibling: number): GroupStep[] {
  const exit = view[leg];
  if (exit === undefined) return [];
  const wanted = view.entryFilled - takenBySibling;
  switch (exit.state) {
    case "waiting":
      if (wanted > 0) return [{ kind: "arm", leg, quantity: wanted }];
      if (view.entryIsOpen) return [];
      return [{ kind: "drop-leg", leg, as: view.entryExpired ? "expired" : "cancelled" }];
    case "working":
    case "triggered":
      if (wanted <= exit.filled) return [{ kind: "end-leg", leg }];
      if (wanted > exit.quantity) return [{ kind: "grow", leg, quantity: wanted }];
      if (wanted < exit.quantity) return [{ kind: "shrink", leg, quantity: wanted }];
      return [];
    default:
      return [];
  }
}
