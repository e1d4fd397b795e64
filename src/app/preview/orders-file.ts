/**
 * A list of a leader's orders, as somebody wrote it down to see what would be copied. Every problem is
 * named by its field, all of them together.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { InstrumentKey } from "../../core/model/ids.ts";
import { type MoneyE4, type PriceE4, toPriceE4 } from "../../core/model/money.ts";
import type { OrderTerms, Product, Side } from "../../core/model/order.ts";
import { ORDER_TYPES } from "../../dhan/wire/enums.ts";
import { AppError } from "../../platform/fault.ts";
import { moneyFrom, rupees, UNITS_MAX, units } from "../config/amounts.ts";
import { contract } from "../config/contract.ts";
import { choice, expected, whole } from "../config/fields.ts";
import { minuteOfDay } from "../config/guards.ts";
import { readSmallYaml } from "../small-yaml.ts";

/** In our own units. */
export interface PreviewOrder {
  readonly leader?: string;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly product: Product;
  readonly terms: OrderTerms;
  /** Of a market order: what it trades at. */
  readonly lastPrice?: OrderTerms["price"];
  /** A Super Order's exits. */
  readonly stop?: OrderTerms["price"];
  readonly target?: OrderTerms["price"];
  /** How much of it fills. */
  readonly filled: number;
}

export interface OrdersFile {
  /** The minute of the Indian day at which all of them come. */
  readonly atMinute: number;
  /** What accounts have at the start of the day, by their ids. */
  readonly capital: ReadonlyMap<string, MoneyE4>;
  readonly orders: readonly PreviewOrder[];
}

const ORDERS_MAX = 1_000;

const order = z
  .strictObject(
    {
      leader: z.string(expected("the id of an account")).optional(),
      side: z.enum(["BUY", "SELL"], expected("BUY or SELL")),
      quantity: units,
      instrument: contract,
      product: z
        .enum(["CNC", "INTRADAY", "MARGIN", "MTF"], expected("CNC, INTRADAY, MARGIN or MTF"))
        .default("INTRADAY"),
      type: choice(ORDER_TYPES).default("LIMIT"),
      price: rupees,
      triggerPrice: rupees.optional(),
      stop: rupees.optional(),
      target: rupees.optional(),
      filled: whole("whole units, 0 to the quantity", { min: 0, max: UNITS_MAX }).optional(),
    },
    expected("an order: a map with side, quantity, instrument and price"),
  )
  .refine(({ filled, quantity }) => filled === undefined || filled <= quantity, {
    path: ["filled"],
    error: expected("whole units, 0 to the quantity"),
  })
  .refine(({ type, triggerPrice }) => type.startsWith("STOP") === (triggerPrice !== undefined), {
    path: ["triggerPrice"],
    error: expected("a price with STOP_LOSS and STOP_LOSS_MARKET, and none without"),
  });

const file = z.strictObject(
  {
    at: minuteOfDay.prefault("10:00"),
    capital: z.record(z.string(), rupees, expected("a map of accounts to rupees")).default({}),
    orders: z
      .array(order, expected("a list of orders"))
      .min(1, expected("one order or more"))
      .max(ORDERS_MAX, expected(`${ORDERS_MAX} orders at most`)),
  },
  expected("a map with orders"),
);

/** Throws an AppError that lists every problem by its field. */
export function readOrdersFile(text: string, origin: string): OrdersFile {
  const read = readSmallYaml(text, { schema: file, origin, what: "list of orders", unusable });
  const { at, capital, orders } = read;
  return {
    atMinute: at,
    capital: new Map(Object.entries(capital).map(([id, value]) => [id, moneyFrom(value)])),
    orders: orders.map(orderOf),
  };
}

/** The file itself. Throws an AppError as well when it cannot be read. */
export function loadOrdersFile(path: string): OrdersFile {
  try {
    return readOrdersFile(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable(`cannot read ${path}: ${error instanceof Error ? error.message : error}`, error);
  }
}

function orderOf(row: z.output<typeof order>): PreviewOrder {
  const { leader, instrument, side, product, type, quantity } = row;
  const isAtMarket = type === "MARKET" || type === "STOP_LOSS_MARKET";
  const price = priceFrom(row.price);
  return {
    ...(leader !== undefined && { leader }),
    instrument,
    side,
    product,
    terms: {
      type,
      validity: "DAY",
      quantity,
      disclosedQuantity: 0,
      ...(isAtMarket ? {} : { price }),
      ...(row.triggerPrice !== undefined && { triggerPrice: priceFrom(row.triggerPrice) }),
    },
    ...(isAtMarket && { lastPrice: price }),
    ...(row.stop !== undefined && { stop: priceFrom(row.stop) }),
    ...(row.target !== undefined && { target: priceFrom(row.target) }),
    filled: row.filled ?? quantity,
  };
}

function priceFrom(value: number): PriceE4 {
  return toPriceE4(moneyFrom(value));
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "ORDERS_FILE_UNUSABLE",
    message,
    remedy: "Correct the file: a map with orders, each with side, quantity, instrument and price.",
    cause,
  });
}
