/** Everything that reads books, positions and money. */
import type { SimAccount } from "./account.ts";
import { istProfileTime } from "./ist.ts";
import { isInBook } from "./listed.ts";
import { availableE4, netOf, openingMarginE4, positionKey } from "./margin.ts";
import { inputRefusal, ok, orderRefusal, type Reply, refusal, TEXT } from "./replies.ts";
import { fundsRow, holdingRow, orderRow, positionRow, rupees, tradeRow } from "./rows.ts";
import { isEquitySegment } from "./segment.ts";
import type { Venue } from "./venue.ts";

export function listOrders(venue: Venue, account: SimAccount): Reply {
  const rows = [];
  for (const order of account.orders.values())
    if (isInBook(venue, order)) rows.push(orderRow(order));
  return ok(rows);
}

/** A one-element array where the docs promise an object; an unknown id is an empty one (captured). */
export function orderById(venue: Venue, account: SimAccount, orderId: string): Reply {
  const order = account.orders.get(orderId);
  if (order === undefined || !isInBook(venue, order)) return ok([]);
  return ok(venue.switches.byId === "array" ? [orderRow(order)] : orderRow(order));
}

/** Does not see orders in TRANSIT: they are answered like absent ones (measured). */
export function orderByCorrelation(venue: Venue, account: SimAccount, id: string): Reply {
  const { transitBlindLookup, duplicateLookup, byCorrelation } = venue.switches;
  const nowMs = venue.agenda.monotonicMs();
  const visible = (account.byCorrelation.get(id) ?? []).filter((order) => {
    if (transitBlindLookup && order.status === "TRANSIT") return false;
    return nowMs >= order.blindUntilMonotonicMs;
  });
  const found = duplicateLookup === "latest" ? visible.at(-1) : visible[0];
  if (found === undefined) return orderRefusal(TEXT.generic, 404);
  return ok(byCorrelation === "array" ? [orderRow(found)] : orderRow(found));
}

/** One row for each fill, of all orders or of one. */
export function listTrades(account: SimAccount, orderId?: string): Reply {
  const rows = [];
  for (const order of account.orders.values()) {
    if (orderId !== undefined && (order.shownId ?? order.orderId) !== orderId) continue;
    for (const fill of order.fills) rows.push(tradeRow(order, fill));
  }
  return ok(rows);
}

export function listPositions(account: SimAccount): Reply {
  const rows = [...account.positions.values()].map((position) =>
    positionRow(account.clientId, position),
  );
  return ok(rows);
}

/** An empty portfolio is a 500 (captured in production), unless the switch says otherwise. */
export function listHoldings(venue: Venue, account: SimAccount): Reply {
  const rows = [...account.holdings.values()].map((holding) => {
    const position = account.positions.get(positionKey(holding.instrument, "CNC"));
    const net = position === undefined ? 0 : netOf(position);
    return holdingRow(holding, Math.max(0, -net));
  });
  if (rows.length > 0 || venue.switches.emptyHoldings === "empty") return ok(rows);
  return refusal(500, "HOLDING_ERROR", "DH-1111", TEXT.noHoldings);
}

export function funds(account: SimAccount): Reply {
  return ok(fundsRow(account));
}

export function profile(account: SimAccount): Reply {
  return ok({
    dhanClientId: account.clientId,
    tokenValidity: istProfileTime(account.token.expiresAtMs),
    activeSegment: "E, D, C, M, ",
    ddpi: "Active",
    mtf: "Deactive",
    dataPlan: "Active",
    dataValidity: "2099-12-31 00:00:00.0",
  });
}

interface MarginAsked {
  readonly totalE4: number;
  readonly valueE4: number;
}

function marginAsked(venue: Venue, body: unknown): MarginAsked | Reply {
  if (typeof body !== "object" || body === null) return inputRefusal();
  const asked = body as Record<string, unknown>;
  const quantity = Number(asked.quantity);
  const price = Number(asked.price);
  const side = asked.transactionType;
  const product = asked.productType;
  const known = ["CNC", "INTRADAY", "MARGIN", "MTF"] as const;
  const productType = known.find((word) => word === product);
  const sane = Number.isInteger(quantity) && quantity > 0 && price >= 0;
  if (!sane || (side !== "BUY" && side !== "SELL") || productType === undefined) {
    return inputRefusal();
  }
  const instrument = venue.instruments.get(`${asked.exchangeSegment}:${asked.securityId}`);
  if (instrument === undefined) return inputRefusal(TEXT.badInstrument);
  const priceE4 = Math.round(price * 10_000) || instrument.lastE4;
  const question = { instrument, side, product: productType, quantity, priceE4 } as const;
  return { totalE4: openingMarginE4(question), valueE4: quantity * priceE4 };
}

/** Leverage is written "5X" on the wire. */
export function marginFor(venue: Venue, account: SimAccount, body: unknown): Reply {
  const margin = marginAsked(venue, body);
  if ("status" in margin) return margin;
  const available = availableE4(account);
  return ok({
    totalMargin: rupees(margin.totalE4),
    spanMargin: 0,
    exposureMargin: 0,
    availableBalance: rupees(available),
    variableMargin: rupees(margin.totalE4),
    insufficientBalance: rupees(Math.max(0, margin.totalE4 - available)),
    brokerage: 0,
    leverage: `${margin.totalE4 === 0 ? 1 : Math.max(1, Math.round(margin.valueE4 / margin.totalE4))}X`,
  });
}

/** Adds the margins up; no benefit for hedges. Names as the server's own schema has them. */
export function marginForMany(venue: Venue, account: SimAccount, body: unknown): Reply {
  const list = (body as { scripList?: unknown } | null)?.scripList;
  if (!Array.isArray(list) || list.length === 0) return inputRefusal();
  let equityE4 = 0;
  let derivativesE4 = 0;
  for (const item of list) {
    const margin = marginAsked(venue, item);
    if ("status" in margin) return margin;
    const { exchangeSegment } = item as { exchangeSegment?: unknown };
    if (isEquitySegment(String(exchangeSegment))) equityE4 += margin.totalE4;
    else derivativesE4 += margin.totalE4;
  }
  return ok({
    clientId: account.clientId,
    totalMargin: rupees(equityE4 + derivativesE4),
    spanMargin: 0,
    exposure: 0,
    equityMargin: rupees(equityE4),
    foMargin: rupees(derivativesE4),
    commodity: 0,
    currency: 0,
  });
}
