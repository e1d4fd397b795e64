/** A row of the Super Order list to the observation of an entry with its levels. */
import type {
  ExitLeg,
  ExitLegStatus,
  ExitLevel,
  ExitLevels,
  OrderObservation,
} from "../../core/model/order.ts";
import { UnknownOrderStatus, WireFault } from "../errors.ts";
import type { SuperLegDetail, SuperOrderRow } from "../wire/super-order.ts";
import { legOfName } from "./classify.ts";
import { priceFromRupees } from "./money.ts";
import { type ObservationContext, observationOfRow } from "./order-row.ts";
import { normalised } from "./status.ts";
import { toUnits } from "./words.ts";

/** Throws WireFault, or its UnknownOrderStatus, on a row or leg that cannot be trusted. */
export function observationOfSuperRow(
  row: SuperOrderRow,
  context: ObservationContext,
): OrderObservation {
  const name = legOfName(row.legName);
  if (name === "stop" || name === "target") {
    throw new WireFault(`a ${name} leg in place of an entry, on order ${row.orderId}`);
  }
  const entry = observationOfRow({ ...row, ...UNSAID }, context);
  return { ...entry, family: "super-entry", levels: levelsOf(row, entry.filledQuantity) };
}

/** Fields of the order book that the list does not have; its leg name says nothing new. */
const UNSAID = {
  disclosedQuantity: 0,
  triggerPrice: 0,
  boProfitValue: 0,
  boStopLossValue: 0,
  drvExpiryDate: "",
  drvOptionType: "",
  drvStrikePrice: 0,
  omsErrorCode: "",
  legName: "ENTRY_LEG",
} as const;

function levelsOf(row: SuperOrderRow, entryFilled: number): ExitLevels {
  const levels: { -readonly [Leg in ExitLeg]?: ExitLevel } = {};
  for (const detail of row.legDetails ?? []) {
    const leg = legOfName(detail.legName);
    if (leg !== "stop" && leg !== "target") {
      throw new WireFault(`leg name "${detail.legName}" of a leg of order ${row.orderId}`);
    }
    if (levels[leg] !== undefined) throw new WireFault(`two ${leg} legs on order ${row.orderId}`);
    const level = levelOf(detail, entryFilled);
    if (level !== undefined) levels[leg] = level;
  }
  return levels;
}

/** Undefined without a price: such a leg was never part of the group. */
function levelOf(detail: SuperLegDetail, entryFilled: number): ExitLevel | undefined {
  const price = priceFromRupees(detail.price);
  if (price === undefined) return undefined;
  // A leg is of what the entry has filled; the server's schema leaves its total out.
  const total = toUnits(detail.totalQuatity ?? entryFilled, "a leg's quantity");
  const remaining = toUnits(detail.remainingQuantity, "a leg's remaining quantity");
  const trail = priceFromRupees(detail.trailingJump);
  return {
    price,
    ...(trail === undefined ? {} : { trail }),
    ...standingOf(detail, total, remaining),
  };
}

function standingOf(
  detail: SuperLegDetail,
  total: number,
  remaining: number,
): { status: ExitLegStatus; filledQuantity: number } {
  const filledQuantity = Math.max(0, total - remaining);
  switch (normalised(detail.orderStatus)) {
    case "TRANSIT":
      return { status: "waiting", filledQuantity: 0 };
    case "PENDING":
      return { status: total === 0 ? "waiting" : "working", filledQuantity: 0 };
    case "PART_TRADED":
      return { status: "working", filledQuantity };
    case "TRIGGERED":
      return { status: remaining > 0 ? "triggered" : "filled", filledQuantity };
    case "TRADED":
      return { status: "filled", filledQuantity };
    // However it ended, it protects nothing any more.
    case "CANCELLED":
    case "EXPIRED":
    case "REJECTED":
      return { status: "cancelled", filledQuantity: 0 };
    default:
      throw new UnknownOrderStatus(detail.orderStatus, `${detail.orderId} ${detail.legName}`);
  }
}
