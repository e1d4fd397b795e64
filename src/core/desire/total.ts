/**
 * How many units each leg of a copy should come to, filled ones included, from levels alone: the
 * leader's order as it is, what was copied, and what the account really holds.
 */
import type { Instrument } from "../model/instrument.ts";
import { isTerminal } from "../model/order.ts";
import type { BookOrder } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import { entryUnits } from "./entry-size.ts";
import { exitUnits, roundToLotDown } from "./quantity.ts";
import { filledParts } from "./split.ts";

/**
 * An order that ended short stands for what it had filled: also one that its owner has shrunk to what
 * had filled, which reads as filled and never as a smaller order that works. (A trigger that has fired
 * reads as filled and fills nothing itself.)
 */
function endedShort({ status, family, terms }: BookOrder, { split }: Copy): boolean {
  if (!isTerminal(status)) return false;
  if (status !== "filled") return true;
  return family !== "forever" && terms.quantity < split.leaderQuantity;
}

/**
 * Total of the entry: what the rule gave; when the leader's order ended short, the same rule over
 * what he filled of the opening part; nothing where it could not be sized, nor once it was withdrawn.
 */
export function entryTotal(copy: Copy, order: BookOrder, lot: number): number {
  if (copy.withdrawn !== undefined || copy.entryQuantity === 0) return 0;
  if (!endedShort(order, copy) && !copy.byFills) return copy.entryQuantity;
  const filled = filledParts(copy.split, order.filledQuantity).open;
  const { sizing, basis = {} } = copy;
  const units = entryUnits({ units: filled, of: copy.split.open }, { sizing, basis, lot });
  return Math.min(copy.entryQuantity, units);
}

export interface ExitQuestion {
  readonly copy: Copy;
  readonly order: BookOrder;
  readonly instrument: Pick<Instrument, "lotSize">;
  /** Copied units that this exit is a share of. */
  readonly basisUnits: number;
  /** Units that the exit's own children have filled. */
  readonly ownFilled: number;
  /** Copied units still there on the side to be exited. */
  readonly copiedLeft: number;
  /** Those that nothing else will exit although the leader is out; 0 or absent while he is in. */
  readonly restLeft?: number;
  /** No group and no trigger of the position may take that rest by itself. */
  readonly isRestFree?: boolean;
  /** What the account really holds for this link on that side. */
  readonly heldLeft: number;
}

/**
 * Total of the exit: the leader's share of what was copied, never more than is left of the copied
 * position, and never more than the account holds.
 */
export function exitTotal(question: ExitQuestion): { total: number; isCappedByAccount: boolean } {
  const { copy, order, basisUnits, ownFilled, copiedLeft, restLeft = 0, heldLeft } = question;
  const lot = question.instrument.lotSize;
  const reduced =
    endedShort(order, copy) || copy.byFills
      ? filledParts(copy.split, order.filledQuantity).reduce
      : copy.split.reduce;
  const basis = { copiedUnits: basisUnits, takesRest: copy.exit?.takesRest };
  const share = exitUnits(basis, { ...copy.split, reduce: reduced }, lot);
  // Several exits at once may each have lost a part of a lot to rounding, and none was a share of what
  // came in later. Where legs or triggers may take the rest themselves its own part goes first.
  const takesRest = question.isRestFree === true || ownFilled >= share;
  const whole = takesRest ? Math.max(share, ownFilled + restLeft) : share;
  const ofCopied = Math.min(whole, ownFilled + copiedLeft);
  const held = ownFilled + heldLeft;
  if (ofCopied <= held) return { total: ofCopied, isCappedByAccount: false };
  return { total: ownFilled + roundToLotDown(heldLeft, lot), isCappedByAccount: true };
}
