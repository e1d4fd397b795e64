/** `GET /super/orders`: each entry with its legs under the entry's own id (official docs' sample). */
import type { SimAccount } from "../account.ts";
import { isInBook } from "../listed.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import { ok, type Reply } from "../replies.ts";
import { orderRow, rupees } from "../rows.ts";
import type { Venue } from "../venue.ts";
import { exitState, exitsOf, isClosed } from "./group.ts";
import type { ExitState } from "./group-moment.ts";

export function listSuperOrders(venue: Venue, account: SimAccount): Reply {
  const rows = [];
  for (const group of account.groups.values()) {
    if (group.kind === "super" && isInBook(venue, group.entry)) rows.push(superRow(group));
  }
  return ok(rows);
}

function superRow(group: SimGroup) {
  const { entry } = group;
  const row = orderRow(entry);
  return {
    dhanClientId: row.dhanClientId,
    orderId: row.orderId,
    exchangeOrderId: row.exchangeOrderId,
    correlationId: row.correlationId,
    orderStatus: isClosed(group) ? "CLOSED" : row.orderStatus,
    transactionType: row.transactionType,
    exchangeSegment: row.exchangeSegment,
    productType: row.productType,
    orderType: row.orderType,
    validity: row.validity,
    tradingSymbol: row.tradingSymbol,
    securityId: row.securityId,
    quantity: row.quantity,
    remainingQuantity: row.remainingQuantity,
    ltp: rupees(entry.instrument.lastE4),
    price: row.price,
    afterMarketOrder: row.afterMarketOrder,
    legName: "ENTRY_LEG",
    createTime: row.createTime,
    updateTime: row.updateTime,
    exchangeTime: row.exchangeTime,
    omsErrorDescription: row.omsErrorDescription,
    algoId: row.algoId,
    averageTradedPrice: row.averageTradedPrice,
    filledQty: row.filledQty,
    legDetails: exitsOf(group).map((exit) => legRow(entry, exit)),
  };
}

const LEG_STATUS: Readonly<Record<ExitState, string>> = {
  waiting: "PENDING",
  working: "PENDING",
  triggered: "TRIGGERED",
  filled: "TRIGGERED",
  cancelled: "CANCELLED",
  expired: "EXPIRED",
};

/** `totalQuatity` is the wire's spelling: what the leg is for, nothing before the first fill. */
function legRow(entry: SimOrder, exit: SimExit) {
  const { order } = exit;
  const state = exitState(exit);
  const total = order?.terms.quantity ?? 0;
  const filled = order?.filled ?? 0;
  const isOver = state === "cancelled" || state === "expired";
  const isPart = state === "working" && filled > 0;
  return {
    orderId: entry.orderId,
    legName: exit.leg === "stop" ? "STOP_LOSS_LEG" : "TARGET_LEG",
    transactionType: entry.side === "BUY" ? "SELL" : "BUY",
    totalQuatity: total,
    remainingQuantity: isOver ? 0 : total - filled,
    triggeredQuantity: state === "triggered" ? total : filled,
    price: rupees(exit.levelE4),
    orderStatus: isPart ? "PART_TRADED" : LEG_STATUS[state],
    trailingJump: rupees(exit.trailE4),
  };
}
