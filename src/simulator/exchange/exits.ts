/** Converting and squaring off positions (official docs, section "Portfolio"). */
import type { Product } from "../../core/model/order.ts";
import type { SimAccount, SimPosition } from "./account.ts";
import { isQueued } from "./after-market.ts";
import { exitGroup } from "./group/exit-group.ts";
import { bookFill, positionOf } from "./ledger.ts";
import { isIntraday, netOf, positionKey } from "./margin.ts";
import { isOpen, isWorking, leaves } from "./order.ts";
import type { SimOrder } from "./order-records.ts";
import { closeOrder } from "./place.ts";
import { inputRefusal, ok, type Reply, refusal, TEXT } from "./replies.ts";
import { isMarketOpen } from "./session-clock.ts";
import { placeSlices } from "./slicing.ts";
import type { Venue } from "./venue.ts";

const PRODUCTS: readonly Product[] = ["CNC", "INTRADAY", "MARGIN", "MTF"];

/** Moves open units from one product to another at their cost. 202 with an empty body. */
export function convertPosition(venue: Venue, account: SimAccount, body: unknown): Reply {
  if (typeof body !== "object" || body === null) return inputRefusal();
  const asked = body as Record<string, unknown>;
  const from = PRODUCTS.find((word) => word === asked.fromProductType);
  const to = PRODUCTS.find((word) => word === asked.toProductType);
  const quantity = Number(asked.convertQty);
  const instrument = venue.instruments.get(`${asked.exchangeSegment}:${asked.securityId}`);
  if (from === undefined || to === undefined || instrument === undefined) return inputRefusal();
  const position = account.positions.get(positionKey(instrument, from));
  const net = position === undefined ? 0 : netOf(position);
  if (position === undefined || !(quantity > 0) || quantity > Math.abs(net)) {
    return refusal(400, "CONVERT_POSITION_ERROR", "DH-906", TEXT.generic);
  }
  const priceE4 = Math.round(position.costE4);
  const side = net > 0 ? ("BUY" as const) : ("SELL" as const);
  const opposite = net > 0 ? ("SELL" as const) : ("BUY" as const);
  bookFill(account, { instrument, product: from, side: opposite, quantity, priceE4 });
  positionOf(account, instrument, to);
  bookFill(account, { instrument, product: to, side, quantity, priceE4 });
  return ok(undefined, 202);
}

/** Cancels every working order and sends a market order against every open position. */
export function exitAll(venue: Venue, account: SimAccount): Reply {
  const working = [...account.orders.values()].filter(isOpen);
  return exitThese(venue, account, working, [...account.positions.values()]);
}

/**
 * What the broker's risk desk does some minutes before the close: the same for the products that may
 * not be held overnight. Its orders look like those of an exit of everything; nobody has shown how the
 * broker's own are marked.
 */
export function squareOffIntraday(venue: Venue, account: SimAccount): Reply {
  const working = [...account.orders.values()].filter((order) => {
    return isOpen(order) && isIntraday(order.product) && !isQueued(order);
  });
  const positions = [...account.positions.values()];
  return exitThese(
    venue,
    account,
    working,
    positions.filter(({ product }) => isIntraday(product)),
  );
}

function exitThese(
  venue: Venue,
  account: SimAccount,
  working: readonly SimOrder[],
  positions: readonly SimPosition[],
): Reply {
  const open = positions.filter((position) => netOf(position) !== 0);
  if (open.length === 0 && working.length === 0) {
    return refusal(400, "Data_Error", "DH-907", TEXT.nothingToExit);
  }
  const isMarket = isMarketOpen(venue);
  const underWay = isMarket ? exitBrackets(venue, account) : [];
  for (const order of working) {
    if (isWorking(order) && !underWay.includes(order)) closeOrder(venue, order, "CANCELLED");
  }
  if (isMarket) for (const position of open) squareOff(venue, account, position, underWay);
  return ok({ status: "SUCCESS", message: "All orders and positions exited successfully" });
}

/** A BO or CO leaves through its own leg: the orders that are now on their way out. */
function exitBrackets(venue: Venue, account: SimAccount): SimOrder[] {
  return [...account.groups.values()].flatMap((group) =>
    group.kind === "super" ? [] : (exitGroup(venue, group) ?? []),
  );
}

function squareOff(
  venue: Venue,
  account: SimAccount,
  position: SimPosition,
  underWay: readonly SimOrder[],
): void {
  const { instrument, product } = position;
  const net = netOf(position);
  const own = underWay.filter(
    (order) => positionOf(account, order.instrument, order.product) === position,
  );
  const quantity = Math.abs(net) - own.reduce((sum, order) => sum + leaves(order), 0);
  if (quantity <= 0) return;
  placeSlices(
    venue,
    account,
    {
      side: net > 0 ? "SELL" : "BUY",
      segment: instrument.segment,
      product,
      type: "MARKET",
      validity: "DAY",
      securityId: instrument.securityId,
      quantity,
      disclosedQuantity: 0,
      priceE4: 0,
      triggerE4: 0,
      afterMarket: false,
    },
    { source: "P" },
  );
}
