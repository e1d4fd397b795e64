/** Today's fills. */
import { z } from "zod";
import { oneOrMany } from "../wire/scalars.ts";
import { type TradeRow, tradeRow } from "../wire/trade.ts";
import type { Calls } from "./calls.ts";

const rows = z.array(tradeRow);
const oneOrManyRows = oneOrMany(tradeRow);

/** `GET /trades`: one row a fill. */
export function listTrades(calls: Calls): Promise<TradeRow[]> {
  return calls.read({ what: "trade book", method: "GET", path: "/trades" }, rows);
}

/** `GET /trades/{order id}`: an array (server schema) or one object (official docs). */
export function tradesOfOrder(calls: Calls, orderId: string): Promise<TradeRow[]> {
  const path = `/trades/${encodeURIComponent(orderId)}`;
  return calls.read({ what: "trades of an order", method: "GET", path }, oneOrManyRows);
}
