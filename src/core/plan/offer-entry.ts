/**
 * A repair towards more: what was missed or rejected is entered late, because a person says so.
 *
 * Keeps: whole lots, never more than is missing less what may still come in, at a limit, and only with
 * the consent of every guard that an entry needs.
 */
import { protectedLimit } from "../desire/price.ts";
import { roundToLotDown } from "../desire/quantity.ts";
import type { Drift, DriftCause, DriftPart } from "../model/drift.ts";
import { type CopyId, toCopyId } from "../model/fact.ts";
import { toBrokerOrderId } from "../model/ids.ts";
import type { Link } from "../model/link.ts";
import type { Side } from "../model/order.ts";
import type { RepairOrder, RepairRefused } from "../model/repair.ts";
import { isGroupEntry, toPositionKey } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import { newCopy } from "../order/copy.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { childrenNamed, openCopiesOf } from "../order/named.ts";
import { stopCause, stopInputs } from "../order/stops.ts";
import { isApproved } from "../risk/approve.ts";
import { filterRefusal } from "../risk/filters.ts";
import { brokerNowMs, type Draft } from "./draft.ts";
import { approveNew } from "./entry-limits.ts";
import { type Refusal, type RepairMeans, refusedBy, repairCopy } from "./repair-order.ts";
import { orderForRepair, termsOfRepair } from "./repair-terms.ts";
import { isStillComing } from "./still-coming.ts";

/** Whoever plans for a link has both. */
export interface RepairSides {
  readonly link: Link;
  readonly leader: LeaderState;
}

const WANTED: ReadonlySet<DriftCause> = new Set(["rejected", "missed", "late-fill", "rounding"]);

/** Why a part is not brought in; what a person should hear first stands first. */
const UNWANTED: readonly (readonly [DriftCause, RepairRefused["code"]])[] = [
  ["manual", "done-by-hand"],
  ["square-off", "closed-elsewhere"],
  ["unknown", "unexplained"],
  ["skipped-by-rule", "by-rule"],
];

export function entryOffer(draft: Draft, drift: Drift, sides: RepairSides): RepairMeans {
  const side = drift.target > 0 ? "BUY" : "SELL";
  const isBare = (part: DriftPart) => isOfGroup(sides.leader, part);
  const coming = { state: draft.state, leader: sides.leader, drift };
  const missing = drift.parts
    .filter((part) => WANTED.has(part.cause) && !isBare(part) && !isStillComing(coming, part))
    .reduce((sum, { units }) => sum + units, 0);
  if (missing === 0) return whyNone(drift, isBare);
  const room = Math.abs(drift.difference) - openEntryUnits(draft.state, drift, side);
  if (room <= 0) return refusedBy("waiting-for-fill");
  const instrument = draft.context.instrument(drift.instrument);
  if (instrument === undefined) {
    return refusedBy("unknown-instrument", { instrument: drift.instrument });
  }
  const units = Math.min(missing, room);
  const quantity = roundToLotDown(units, instrument.lotSize);
  if (quantity === 0) return refusedBy("below-one-lot", { units, lot: instrument.lotSize });
  const asked: RepairOrder = { leg: "entry", side, quantity };
  const guarded = withGuards(draft, { drift, asked, ...sides });
  if (guarded.order === undefined || quantity === Math.abs(drift.difference)) return guarded;
  return { ...guarded, ...whyNoMore(drift, { missing, units, quantity, isBare }) };
}

interface Part {
  readonly missing: number;
  readonly units: number;
  readonly quantity: number;
  readonly isBare: (part: DriftPart) => boolean;
}

function whyNoMore(drift: Drift, { missing, units, quantity, isBare }: Part): Refusal {
  if (units < missing) return refusedBy("waiting-for-fill");
  if (missing < Math.abs(drift.difference)) return whyNone(drift, isBare);
  return refusedBy("below-one-lot", { units: units - quantity });
}

/** It would have come in with exits of its own. */
function isOfGroup({ book }: LeaderState, { leaderOrderId, leg }: DriftPart): boolean {
  if (leaderOrderId === undefined || leg !== "entry") return false;
  const order = book.orders.get(leaderOrderId);
  return order !== undefined && isGroupEntry(order.family);
}

function whyNone({ parts }: Drift, isBare: (part: DriftPart) => boolean): Refusal {
  if (parts.some((part) => WANTED.has(part.cause) && isBare(part))) {
    return refusedBy("needs-its-stop");
  }
  for (const [cause, code] of UNWANTED) {
    const part = parts.find((one) => one.cause === cause);
    if (part !== undefined) return refusedBy(code, part.code === "" ? {} : { cause: part.code });
  }
  return refusedBy("waiting-for-fill");
}

interface Question extends RepairSides {
  readonly drift: Drift;
  readonly asked: RepairOrder;
}

const UNNAMED = toBrokerOrderId("RP");

/** The order with its limit, or the no of the first guard. */
function withGuards(draft: Draft, { drift, asked, link, leader }: Question): RepairMeans {
  const { stops } = draft.state;
  if (stopCause(stops) !== undefined) return refusedBy("entries-stopped", stopInputs(stops));
  if (link.mode !== "active")
    return refusedBy(link.mode === "paused" ? "link-paused" : "close-only");
  const { linkId, instrument: key, product } = drift;
  const named = { copyId: unnamed(linkId), leaderOrderId: UNNAMED, leader: link.leader };
  const actual = drift.target + drift.difference;
  const bare = repairCopy({ drift, actual, order: asked }, named, { by: "" });
  const order = orderForRepair(draft, bare, leader);
  const reference = order.lastPrice ?? order.averagePrice;
  const instrument = draft.context.instrument(key);
  if (reference === undefined || instrument === undefined) return refusedBy("no-reference-price");
  const nowMs = brokerNowMs(draft.context, link.leader, order);
  const filtered = filterRefusal(link.guards, { order, instrument, nowMs });
  if (filtered !== undefined) return { refused: filtered };
  const price = protectedLimit(asked.side, reference, instrument);
  const priced: RepairOrder = { ...asked, price };
  const copy = newCopy(repairCopy({ drift, actual, order: priced }, named, { by: "" }), nowMs);
  const plan = { draft, copy, leg: "entry", link, order, instrument, total: 0, isBlocked: false };
  const approved = approveNew(
    { ...plan, leg: "entry" },
    {
      kind: "place",
      correlationId: "" as never,
      instrument: key,
      side: asked.side,
      product,
      terms: termsOfRepair(copy)(asked.quantity),
    },
  );
  return isApproved(approved) ? { order: priced } : { refused: approved };
}

function unnamed(linkId: Link["id"]): CopyId {
  return toCopyId(linkId, UNNAMED);
}

/** Units that entries of the position which are at the broker, or on the way, may still bring in. */
function openEntryUnits(state: FollowerState, drift: Drift, side: Side): number {
  const name = copiedKeyOf(drift);
  return openCopiesOf(state, toPositionKey(drift.instrument, drift.product))
    .filter((copy) => copiedKeyOf(copy) === name)
    .flatMap((copy) => childrenNamed(state, copy.children.entry))
    .filter((child) => child.side === side && isOpen(child.state))
    .reduce((sum, { terms, pending, filled }) => {
      return sum + Math.max(terms.quantity, pending?.terms?.quantity ?? 0) - filled;
    }, 0);
}
