/**
 * What an order of the leader's is to a link: something to copy and through which door, something to
 * wait for, or something that must not be copied.
 *
 * Keeps: a leg and a trigger's child are never copied where the follower holds his own; a group is
 * never copied without its stop. Does not: size or send.
 */
import { unreachable } from "../../platform/assert.ts";
import { leaderExits } from "../desire/protection.ts";
import type { Vehicle } from "../model/command.ts";
import { toCopyId } from "../model/fact.ts";
import type { InstrumentKey } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import { type ExitLevels, isTerminal, type Product } from "../model/order.ts";
import type { AlarmCode, Inputs, SkipCode } from "../model/reason.ts";
import {
  type BookOrder,
  isGroupEntry,
  type PositionKey,
  parentIdOf,
  toPositionKey,
} from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import type { FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, copyNamed, openCopiesOf } from "../order/named.ts";
import type { Draft } from "./draft.ts";

export type Treatment =
  | { readonly kind: "copy"; readonly vehicle?: Vehicle; readonly byFills?: true }
  /** Nothing can be decided before more of it is known. */
  | { readonly kind: "wait" }
  | {
      readonly kind: "refuse";
      readonly code: SkipCode;
      readonly inputs: Inputs;
      /** A person must hear of it. */
      readonly alarm?: AlarmCode;
    };

const WAIT: Treatment = { kind: "wait" };

export function treatmentOf(
  draft: Draft,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): Treatment {
  switch (order.family) {
    case "plain":
      return isFiredUnnamed(draft.state, link, leader, order)
        ? { kind: "refuse", code: "own-trigger", inputs: { by: "its terms" } }
        : plainTreatment(link, order);
    case "after-market":
      return plainTreatment(link, order);
    case "trigger-child":
      return childTreatment(draft.state, link, order);
    case "super-entry":
    case "bracket":
    case "cover":
      return groupTreatment(draft, link, leader, order);
    case "super-leg":
    case "bracket-leg":
    case "cover-leg":
      return legTreatment(draft.state, link, leader, order);
    case "forever":
      return { kind: "copy", vehicle: "forever" };
    default:
      return unreachable(order.family);
  }
}

function plainTreatment(link: Link, order: BookOrder): Treatment {
  if (link.copy !== "fills") return { kind: "copy" };
  if (order.filledQuantity > 0) return { kind: "copy", byFills: true };
  return isTerminal(order.status) ? { kind: "copy" } : WAIT;
}

/** The follower's own trigger fires by itself: its child and the leader's are one thing. */
function childTreatment(state: FollowerState, link: Link, order: BookOrder): Treatment {
  const trigger = order.parentId && state.copies.get(toCopyId(link.id, order.parentId));
  if (!trigger || !isHeld(state, trigger)) return plainTreatment(link, order);
  return { kind: "refuse", code: "own-trigger", inputs: { trigger: trigger.leaderOrderId } };
}

/**
 * A row of the book does not say which trigger has fired it. The first order with the very terms of a
 * fired trigger that no other order is known to come from is taken for its own: copied, it would be
 * entered twice.
 */
function isFiredUnnamed(
  state: FollowerState,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): boolean {
  for (const trigger of leader.book.orders.values()) {
    if (trigger.family !== "forever" || trigger.status !== "filled") continue;
    const known = leader.book.byParent.get(trigger.brokerOrderId);
    if (known !== undefined) {
      if (known.includes(order.brokerOrderId)) return isHeldUnder(state, link, trigger);
      continue;
    }
    const copy = state.copies.get(toCopyId(link.id, trigger.brokerOrderId));
    if (copy === undefined || !isHeld(state, copy) || hasFiredFor(state, link, trigger)) continue;
    if (isOfTrigger(trigger, order)) return true;
  }
  return false;
}

function isHeldUnder(state: FollowerState, link: Link, trigger: BookOrder): boolean {
  const copy = state.copies.get(toCopyId(link.id, trigger.brokerOrderId));
  return copy !== undefined && isHeld(state, copy);
}

function isOfTrigger(trigger: BookOrder, order: BookOrder): boolean {
  if (trigger.instrument !== order.instrument || trigger.product !== order.product) return false;
  if (trigger.side !== order.side || order.firstSeq < trigger.firstSeq) return false;
  return [trigger.terms, trigger.second].some(
    (half) => half?.quantity === order.terms.quantity && half.price === order.terms.price,
  );
}

/** Another order was taken for the trigger's own already. */
function hasFiredFor(state: FollowerState, link: Link, trigger: BookOrder): boolean {
  return state.recent.some((id) => {
    const copy = copyNamed(state, id);
    if (copy.linkId !== link.id || copy.skips.all !== "own-trigger") return false;
    return copy.instrument === trigger.instrument && copy.side === trigger.side;
  });
}

/**
 * The follower's own trigger, for an order that the leader's has fired and that is to be copied because
 * nobody knew of it: the broker has it after all, or has not answered yet.
 */
export function triggerBeside(
  state: FollowerState,
  copy: Copy,
  { family, parentId }: BookOrder,
): "held" | "asked" | undefined {
  if (family !== "trigger-child" || isHeld(state, copy)) return undefined;
  const trigger = parentId && state.copies.get(toCopyId(copy.linkId, parentId));
  if (!trigger) return undefined;
  if (isHeld(state, trigger)) return "held";
  const children = childrenNamed(state, [...trigger.children.entry, ...trigger.children.exit]);
  return children.some((child) => child.state === "intended") ? "asked" : undefined;
}

/** An order of the copy was taken by the broker. */
export function isHeld(state: FollowerState, copy: Copy): boolean {
  return childrenNamed(state, [...copy.children.entry, ...copy.children.exit]).some(
    (child) => child.brokerOrderId !== undefined && child.state !== "rejected",
  );
}

function groupTreatment(
  draft: Draft,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): Treatment {
  const { family } = order;
  const isBracket = family === "bracket" || family === "cover";
  if (isBracket && link.brackets === "refuse") {
    return refused("brackets-refused", { family });
  }
  const vehicle = isBracket && link.brackets === "native" ? family : "super";
  const { type } = order.terms;
  if (vehicle === "super" && type !== "LIMIT" && type !== "MARKET" && family !== "cover") {
    return refused("entry-type-not-supported", { family, type });
  }
  const instrument = draft.context.instrument(order.instrument);
  if (instrument === undefined) return { kind: "copy", vehicle };
  const exits = leaderExits(leader.book, order, instrument);
  const isKnown = exits !== undefined && !areGone(exits.seen) && !exits.isStopSent;
  const known = isKnown ? exits.protection : undefined;
  const isComplete =
    family === "super-entry"
      ? known !== undefined
      : known?.stop !== undefined && (family === "cover" || known.target !== undefined);
  if (isComplete) return { kind: "copy", vehicle };
  if (order.firstSeq > leader.confirmedSeq) return WAIT;
  return refused("levels-not-found", {
    family,
    hasTarget: known?.target !== undefined,
    hasStop: known?.stop !== undefined,
  });
}

/** Both legs ended without a fill: somebody else has closed what they protected, or will have to. */
function areGone({ target, stop }: ExitLevels): boolean {
  const seen = [target, stop].filter((level) => level !== undefined);
  return (
    seen.length > 0 &&
    seen.every(({ status, filledQuantity }) => status === "cancelled" && filledQuantity === 0)
  );
}

function refused(code: SkipCode & AlarmCode, inputs: Inputs): Treatment {
  return { kind: "refuse", code, inputs, alarm: code };
}

/**
 * A leg stands for its group: where the follower has the group too, his own legs get him out, or the
 * group's plan does. Where he has not, what the leg fills is an exit like any other.
 */
function legTreatment(
  state: FollowerState,
  link: Link,
  leader: LeaderState,
  order: BookOrder,
): Treatment {
  const group = groupCopyOf(state, link, leader, order);
  if (group !== undefined && group.skips.all === undefined) {
    return { kind: "refuse", code: "own-legs", inputs: { group: group.leaderOrderId } };
  }
  if (group === undefined && isGroupAwaited(state, link, leader, order)) return WAIT;
  return order.filledQuantity > 0 ? { kind: "copy", byFills: true } : WAIT;
}

/** The group is younger than the link and not taken up yet: what it is decides what its leg is. */
function isGroupAwaited(
  state: FollowerState,
  link: Link,
  leader: LeaderState,
  leg: BookOrder,
): boolean {
  const parentId = parentIdOf(leader.book, leg);
  const entry = parentId && leader.book.orders.get(parentId);
  const opened = state.links.get(link.id);
  return entry !== undefined && opened !== undefined && entry.firstSeq > opened.leaderSeq;
}

/** The copy of the leg's group; of any group of its contract where the leg's own is not known. */
function groupCopyOf(
  state: FollowerState,
  link: Link,
  leader: LeaderState,
  leg: BookOrder,
): Copy | undefined {
  const parentId = parentIdOf(leader.book, leg);
  if (parentId !== undefined) return state.copies.get(toCopyId(link.id, parentId));
  const { instrument, product } = contractOf(link, leg);
  return openCopiesOf(state, toPositionKey(instrument, product)).find(
    (copy) => copy.linkId === link.id && copy.vehicle !== undefined,
  );
}

export interface Contract {
  readonly instrument: InstrumentKey;
  readonly product: Product;
}

/** What the follower trades for this order of the leader's. */
export function contractOf(link: Link, order: Contract): Contract {
  const instrument = link.substitutions?.get(order.instrument) ?? order.instrument;
  const isBracket = order.product === "BO" || order.product === "CO";
  const product = isBracket && link.brackets !== "native" ? "INTRADAY" : order.product;
  return { instrument, product };
}

/** The follower's contract, and the leader's where it is another. */
export function tradedFor(
  { instrument, product }: Contract,
  contract: Contract,
): Pick<Copy, "instrument" | "product" | "of"> {
  const isOther = contract.instrument !== instrument || contract.product !== product;
  return {
    instrument: contract.instrument,
    product: contract.product,
    ...(isOther ? { of: { instrument, product } } : {}),
  };
}

/** The leader's own position that a copy is measured by. */
export function leaderKeyOf(copy: Pick<Copy, "instrument" | "product" | "of">): PositionKey {
  const { instrument, product } = copy.of ?? copy;
  return toPositionKey(instrument, product);
}

/** A group's levels are told by the books alone: they are read as soon as it is seen. */
export function awaitsLevels(leader: LeaderState, order: BookOrder): boolean {
  if (!isGroupEntry(order.family) || isTerminal(order.status)) return false;
  return order.firstSeq > leader.confirmedSeq && order.levels === undefined;
}
