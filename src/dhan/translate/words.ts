/** Words and letters of the wire to the trade's words, and checks that both witnesses share. */
import { asCorrelationId, type CorrelationId } from "../../core/model/ids.ts";
import type { OrderStatus, OrderType, Product, Side, Validity } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";
import {
  EXCHANGE_SEGMENTS,
  type ExchangeSegment,
  ORDER_TYPE_LETTERS,
  ORDER_TYPES,
  PRODUCT_LETTERS,
  PRODUCT_TYPES,
  SIDE_LETTERS,
  TRANSACTION_TYPES,
  VALIDITIES,
} from "../wire/enums.ts";

/** One dictionary a notion, in which books (whole words) and the socket (letters) both look up. */
function dictionary<T extends string>(
  notion: string,
  words: readonly T[],
  letters: Readonly<Record<string, T>>,
): (word: string) => T {
  const meanings = new Map<string, T>([
    ...words.map((word) => [word, word] as const),
    ...Object.entries(letters),
  ]);
  return (word) => {
    const meaning = meanings.get(word.trim().toUpperCase());
    if (meaning === undefined) throw new WireFault(`unknown ${notion} "${word}"`);
    return meaning;
  };
}

/** "BUY" or "B". Throws WireFault on any other word, like all the others. */
export const toSide: (word: string) => Side = dictionary("side", TRANSACTION_TYPES, SIDE_LETTERS);

/** "INTRADAY" or "I". */
export const toProduct: (word: string) => Product = dictionary(
  "product",
  PRODUCT_TYPES,
  PRODUCT_LETTERS,
);

/** "LIMIT" or "LMT". */
export const toOrderType: (word: string) => OrderType = dictionary(
  "order type",
  ORDER_TYPES,
  ORDER_TYPE_LETTERS,
);

/**
 * DAY or IOC, and DAY where nothing is said. A word of no list is refused: to read "GTC" as DAY would
 * let a copy die in the evening of an order that lives on.
 */
export const toValidity: (word: string) => Validity = dictionary("validity", VALIDITIES, {
  "": "DAY",
  NA: "DAY",
});

/** "NSE_EQ". */
export const toSegment: (word: string) => ExchangeSegment = dictionary(
  "segment",
  EXCHANGE_SEGMENTS,
  {},
);

/** Units: a non-negative whole number. Throws WireFault. */
export function toUnits(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new WireFault(`${what} is ${value}`);
  return value;
}

/** Only ids of ours travel on: those that the broker makes contain the client id. */
export function ownCorrelationId(text: string): { correlationId?: CorrelationId } {
  const correlationId = asCorrelationId(text);
  return correlationId === undefined ? {} : { correlationId };
}

/** Exits of a Super Order that the broker makes carry this in their correlation id (captured). */
export function isSquareOff(correlationId: string): boolean {
  return correlationId.toUpperCase().includes("SQROFF");
}

const NOT_A_REASON: ReadonlySet<string> = new Set(["", "NA", "NR", "CONFIRMED", "TRADE CONFIRMED"]);

/**
 * The description is a reason only on an order that ended without filling; on others it says
 * "CONFIRMED" and the like.
 */
export function reasonOf(status: OrderStatus, description: string): string {
  const isReason = status === "rejected" || status === "cancelled" || status === "expired";
  const trimmed = description.trim();
  return isReason && !NOT_A_REASON.has(trimmed.toUpperCase()) ? trimmed : "";
}
