/** Numbers, times and orders as a trader says them. */
import { formatE4, type PriceE4 } from "../../core/model/money.ts";
import type { OrderObservation, OrderTerms, Side } from "../../core/model/order.ts";
import { type EpochMs, tradingDayOf } from "../../core/model/time.ts";
import { formatIstTime } from "../../platform/ist.ts";

const BPS_ONE = 10_000;

/** "10:00:00.123", or with its date when that is another than the one of `besideMs`. */
export function istTime(atMs: EpochMs, besideMs?: EpochMs): string {
  const day = tradingDayOf(atMs);
  const isSameDay = besideMs !== undefined && tradingDayOf(besideMs) === day;
  return isSameDay ? formatIstTime(atMs) : `${day} ${formatIstTime(atMs)}`;
}

/** What was told, each with its time, and with its date where that is another than of `besideMs`. */
export function linesOf(
  told: readonly { readonly atMs: EpochMs; readonly text: string }[],
  besideMs: EpochMs,
): readonly string[] {
  return told.map(({ atMs, text }) => `${istTime(atMs, besideMs)}  ${text}`);
}

/** "less than 1 ms", "12 ms", "1.5 s", "3 min", "2 h 5 min". */
export function duration(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Basis points as the factor that the operator wrote: 5000 is "0.5". */
export function factor(bps: number): string {
  return String(bps / BPS_ONE);
}

/** Basis points of a distance: 150 is "1.5 %". */
export function percent(bps: number): string {
  return `${bps / 100} %`;
}

/** A fraction in words where it has a common one: "half", "all", "a third", else "3/8". */
export function share(part: number, whole: number): string {
  if (part >= whole) return "all";
  if (part * 2 === whole) return "half";
  if (part * 3 === whole) return "a third";
  if (part * 4 === whole) return "a quarter";
  if (part * 3 === whole * 2) return "two thirds";
  if (part * 4 === whole * 3) return "three quarters";
  return `${part}/${whole}`;
}

/** "50 at 1650.00", "50 at 1650.00, trigger 1640.00", "50 at market". */
export function quantityAtPrice(terms: OrderTerms): string {
  const price = terms.price === undefined ? "market" : formatE4(terms.price);
  const trigger =
    terms.triggerPrice === undefined ? "" : `, trigger ${formatE4(terms.triggerPrice)}`;
  return `${terms.quantity} at ${price}${trigger}`;
}

export interface OrderWords {
  readonly side: Side;
  readonly terms: OrderTerms;
  readonly symbol: string;
  readonly product: string;
}

/** "BUY 50 HDFCBANK LIMIT 1650.00 INTRADAY DAY". */
export function orderWords({ side, terms, symbol, product }: OrderWords): string {
  const words = [side, String(terms.quantity), symbol, terms.type];
  if (terms.price !== undefined) words.push(formatE4(terms.price));
  if (terms.triggerPrice !== undefined) words.push(`trigger ${formatE4(terms.triggerPrice)}`);
  words.push(product, terms.validity);
  if (terms.disclosedQuantity > 0) words.push(`showing ${terms.disclosedQuantity}`);
  return words.join(" ");
}

/** The symbol, or the instrument's key where no witness has named it. */
export function symbolOf(order: Pick<OrderObservation, "symbol" | "instrument">): string {
  return order.symbol === "" ? order.instrument : order.symbol;
}

/** ` at 1650.25`, or nothing before the first fill. */
export function atAverage(average: PriceE4 | undefined): string {
  return average === undefined ? "" : ` at ${formatE4(average)}`;
}

/** What others said, on one line and of bounded length; their texts may hold anything. */
export function quoted(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  const short = line.length > QUOTE_MAX ? `${line.slice(0, QUOTE_MAX - 1)}…` : line;
  return short === "" ? "(no reason given)" : `"${short}"`;
}

const QUOTE_MAX = 300;
