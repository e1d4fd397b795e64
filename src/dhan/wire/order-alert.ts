/**
 * One frame of the order-update socket: `{"Data":{…},"Type":"order_alert"}`.
 *
 * The docs print the inner keys in PascalCase, the wire sends them in camelCase with Title-case
 * statuses (captured in production); both are read, whatever their case.
 */
import { z } from "zod";
import { decimal, decimalOrZero, digitsOf, id, text, word } from "./scalars.ts";

/** The parent's order number: null on orders that stand alone, a JSON number on children. */
const parentOrderNo = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value): string | number | null => value ?? null);

/** The inner object, with the wire's camelCase names. Prices in rupees, quantities in units. */
export const orderAlertData = z.object({
  /** NSE, BSE, MCX. */
  exchange: word,
  /** E equity, D derivatives, C currency, M commodity. */
  segment: word,
  source: text,
  securityId: id,
  clientId: text,
  exchOrderNo: text,
  orderNo: id,
  /** C, I, M, F, V, B. */
  product: word,
  /** B, S. */
  txnType: word,
  /** LMT, MKT, SL, SLM. */
  orderType: word,
  validity: text,
  discQuantity: decimalOrZero,
  discQtyRem: decimalOrZero,
  remainingQuantity: decimalOrZero,
  quantity: decimal,
  /** Cumulative. */
  tradedQty: decimalOrZero,
  price: decimalOrZero,
  triggerPrice: decimalOrZero,
  /** Price of the last fill. */
  tradedPrice: decimalOrZero,
  avgTradedPrice: decimalOrZero,
  algoOrdNo: parentOrderNo,
  /** "1" on after-market orders. */
  offMktFlag: text,
  /** IST without zone. */
  orderDateTime: text,
  exchOrderTime: text,
  lastUpdatedTime: text,
  /** "NR", or "Super Order". */
  remarks: text,
  mktType: text,
  /** "CONFIRMED", or the reason of a rejection. */
  reasonDescription: text,
  /** 1 entry (and plain orders), 2 stop-loss, 3 target. */
  legNo: decimalOrZero,
  instrument: text,
  symbol: text,
  productName: text,
  status: word,
  lotSize: decimalOrZero,
  strikePrice: decimalOrZero,
  expiryDate: text,
  /** CE, PE, XX. */
  optType: text,
  displayName: text,
  isin: text,
  series: text,
  goodTillDaysDate: text,
  /** The instrument's last price; 0 when the frame has none. */
  refLtp: decimalOrZero,
  tickSize: decimalOrZero,
  algoId: text,
  multiplier: decimalOrZero,
  /** Ours, "NA" for orders from the app, "NR" on Forever children, "…SQROFF…" on super exits. */
  correlationId: text,
  /** API, FAST (the app), FOVR (Forever child), "VTT SL" (super stop). Undocumented. */
  orderPlatform: text,
});
export type OrderAlertData = z.infer<typeof orderAlertData>;

/** A whole frame as it is sent. */
export interface OrderAlertFrame {
  readonly Data: OrderAlertData;
  readonly Type: "order_alert";
}

const CAMEL_KEYS: ReadonlySet<string> = new Set(Object.keys(orderAlertData.shape));
const CAMEL_OF_LOWER: ReadonlyMap<string, string> = new Map(
  [...CAMEL_KEYS].map((key) => [key.toLowerCase(), key]),
);

/**
 * What a decoded JSON frame is. "alert" still has to say a known status to become an observation;
 * "other" is any frame of a type that is not ours; "unreadable" claims to be an alert and is not.
 */
export type OrderSocketFrame =
  | { readonly kind: "alert"; readonly data: OrderAlertData }
  | { readonly kind: "other"; readonly type: string }
  | { readonly kind: "unreadable"; readonly problem: string };

/** Reads a decoded frame. The wrapper's keys are read whatever their case, like the inner ones. */
export function readOrderSocketFrame(frame: unknown): OrderSocketFrame {
  if (!isRecord(frame)) return { kind: "unreadable", problem: "the frame is not an object" };
  const type = frame.Type ?? frame.type;
  if (type !== "order_alert") return { kind: "other", type: String(type) };
  const inner = frame.Data ?? frame.data;
  if (!isRecord(inner)) return { kind: "unreadable", problem: "the alert has no Data object" };
  const parsed = orderAlertData.safeParse(inCamelCase(inner));
  if (parsed.success) return { kind: "alert", data: parsed.data };
  const first = parsed.error.issues[0];
  const where = first?.path.join(".") ?? "";
  return { kind: "unreadable", problem: `alert field ${where}: ${first?.message ?? "invalid"}` };
}

/** The parent's order number as a string without exponent; undefined when it stands alone. */
export function parentOrderNoOf(data: Pick<OrderAlertData, "algoOrdNo">): string | undefined {
  const { algoOrdNo } = data;
  if (algoOrdNo === null) return undefined;
  const written = typeof algoOrdNo === "number" ? algoOrdNo : algoOrdNo.trim();
  if (written === "" || written === "NA" || written === "NR" || Number(written) === 0) {
    return undefined;
  }
  const asNumber = Number(written);
  return Number.isSafeInteger(asNumber) ? digitsOf(asNumber) : String(written);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The inner keys with the wire's spelling. Where a key comes in both cases (the docs' own sample does
 * that) the wire's spelling wins. A frame that is all camelCase is the rule and goes through as it is.
 */
function inCamelCase(inner: Record<string, unknown>): Record<string, unknown> {
  if (!Object.keys(inner).some(isForeignSpelling)) return inner;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(inner)) {
    const camel = CAMEL_OF_LOWER.get(key.toLowerCase());
    if (camel === undefined || value === undefined) continue;
    if (key === camel || result[camel] === undefined) result[camel] = value;
  }
  return result;
}

/** A key of ours in another case; keys that nobody knows are none of our business. */
function isForeignSpelling(key: string): boolean {
  return !CAMEL_KEYS.has(key) && CAMEL_OF_LOWER.has(key.toLowerCase());
}
