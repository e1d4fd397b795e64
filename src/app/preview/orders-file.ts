/**
 * A list of a leader's orders, as somebody wrote it down to see what would be copied. Every problem is
 * named by its field, all of them together.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { InstrumentKey } from "../../core/model/ids.ts";
import { E4_PER_RUPEE, type MoneyE4, toMoneyE4, toPriceE4 } from "../../core/model/money.ts";
import type { OrderTerms, Product, Side } from "../../core/model/order.ts";
import { ORDER_TYPES } from "../../dhan/wire/enums.ts";
import { AppError } from "../../platform/fault.ts";
import { contract } from "../config/contract.ts";
import { decimal, expected, whole } from "../config/fields.ts";
import { minuteOfDay } from "../config/guards.ts";
import { issueLines } from "../issue-lines.ts";

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
const UNITS_MAX = 100_000_000;
const rupees = decimal("rupees above 0 with four decimals at most", {
  min: 1 / E4_PER_RUPEE,
  max: 100_000_000_000,
});
const units = whole(`whole units from 1 to ${UNITS_MAX}`, { min: 1, max: UNITS_MAX });

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
      type: z.enum(ORDER_TYPES, expected(`one of ${ORDER_TYPES.join(", ")}`)).default("LIMIT"),
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
  const parsed = file.safeParse(yamlOf(text, origin));
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(issueLines);
    throw unusable(`${origin} is no list of orders: ${problems.join("; ")}`);
  }
  const { at, capital, orders } = parsed.data;
  return {
    atMinute: at,
    capital: new Map(Object.entries(capital).map(([id, value]) => [id, toMoneyE4(e4(value))])),
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
  const price = toPriceE4(e4(row.price));
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
      ...(row.triggerPrice !== undefined && { triggerPrice: toPriceE4(e4(row.triggerPrice)) }),
    },
    ...(isAtMarket && { lastPrice: price }),
    ...(row.stop !== undefined && { stop: toPriceE4(e4(row.stop)) }),
    ...(row.target !== undefined && { target: toPriceE4(e4(row.target)) }),
    filled: row.filled ?? quantity,
  };
}

/** Exact: the schema has let through four decimals at most. */
function e4(value: number): number {
  return Math.round(value * E4_PER_RUPEE);
}

function yamlOf(text: string, origin: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw unusable(`${origin} is not YAML: ${problem}`, error);
  }
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError({
    code: "ORDERS_FILE_UNUSABLE",
    message,
    remedy: "Correct the file: a map with orders, each with side, quantity, instrument and price.",
    cause,
  });
}
