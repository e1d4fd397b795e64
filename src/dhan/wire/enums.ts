/**
 * Words of the wire. Requests are built from these alone; replies are read as open strings, because
 * the published lists have changed without notice (official docs and server schema disagree).
 */
export const TRANSACTION_TYPES = ["BUY", "SELL"] as const;
export type TransactionType = (typeof TRANSACTION_TYPES)[number];

/** Segments that orders can name. NSE_COMM has no feed code; the currency ones are withdrawn. */
export const EXCHANGE_SEGMENTS = [
  "NSE_EQ",
  "NSE_FNO",
  "NSE_CURRENCY",
  "NSE_COMM",
  "BSE_EQ",
  "BSE_FNO",
  "BSE_CURRENCY",
  "MCX_COMM",
  "IDX_I",
] as const;
export type ExchangeSegment = (typeof EXCHANGE_SEGMENTS)[number];

export const PRODUCT_TYPES = ["CNC", "INTRADAY", "MARGIN", "MTF", "CO", "BO"] as const;
export type ProductType = (typeof PRODUCT_TYPES)[number];

export const ORDER_TYPES = ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_MARKET"] as const;
export type WireOrderType = (typeof ORDER_TYPES)[number];

export const VALIDITIES = ["DAY", "IOC"] as const;
export type WireValidity = (typeof VALIDITIES)[number];

export const AMO_TIMES = ["PRE_OPEN", "OPEN", "OPEN_30", "OPEN_60"] as const;
export type AmoTime = (typeof AMO_TIMES)[number];

export const LEG_NAMES = ["ENTRY_LEG", "TARGET_LEG", "STOP_LOSS_LEG", "NA"] as const;
export type LegName = (typeof LEG_NAMES)[number];

/** Statuses of the REST books (official docs; PART_TRADED and EXPIRED captured in production). */
export const ORDER_STATUSES = [
  "TRANSIT",
  "PENDING",
  "REJECTED",
  "CANCELLED",
  "PART_TRADED",
  "TRADED",
  "EXPIRED",
] as const;
export type WireOrderStatus = (typeof ORDER_STATUSES)[number];

export const POSITION_TYPES = ["LONG", "SHORT", "CLOSED"] as const;
export type PositionType = (typeof POSITION_TYPES)[number];

/** The order socket's letter of a product (official docs). */
export const PRODUCT_LETTERS = {
  C: "CNC",
  I: "INTRADAY",
  M: "MARGIN",
  F: "MTF",
  V: "CO",
  B: "BO",
} as const satisfies Record<string, ProductType>;

/** The order socket's short words of an order type (official docs). */
export const ORDER_TYPE_LETTERS = {
  LMT: "LIMIT",
  MKT: "MARKET",
  SL: "STOP_LOSS",
  SLM: "STOP_LOSS_MARKET",
} as const satisfies Record<string, WireOrderType>;

/** The order socket's letters of a side (official docs). */
export const SIDE_LETTERS = { B: "BUY", S: "SELL" } as const satisfies Record<
  string,
  TransactionType
>;

/** Exchange and segment letter, as in sockets and in the instrument file, to the order segment. */
export const SEGMENT_OF_LETTERS = {
  "NSE:E": "NSE_EQ",
  "NSE:D": "NSE_FNO",
  "NSE:C": "NSE_CURRENCY",
  "NSE:M": "NSE_COMM",
  "NSE:I": "IDX_I",
  "BSE:E": "BSE_EQ",
  "BSE:D": "BSE_FNO",
  "BSE:C": "BSE_CURRENCY",
  "BSE:I": "IDX_I",
  "MCX:M": "MCX_COMM",
} as const satisfies Record<string, ExchangeSegment>;

/** Markers that stand for "nothing here". */
export const ABSENT_MARKERS: readonly string[] = ["", "NA", "NR", "XX", "0"];

/** "Never", as the broker writes a time. */
export const TIME_SENTINEL = "0001-01-01 00:00:00";
/** "Never", as the broker writes a date. */
export const DATE_SENTINEL = "0001-01-01";

/** Longest correlation id that is accepted: 25 was measured, the docs say 30. */
export const CORRELATION_ID_MAX_LENGTH = 25;
