/** Reads the bodies of place and modify as the broker does: fields first, everything else later. */
import type { OrderType, Product, Side, Validity } from "../../core/model/order.ts";
import { inputRefusal, type Reply } from "./replies.ts";
import type { Switches } from "./switches.ts";

export interface PlaceFields {
  readonly dhanClientId?: string;
  readonly correlationId?: string;
  readonly side: Side;
  readonly segment: string;
  readonly product: Product;
  readonly type: OrderType;
  readonly validity: Validity;
  readonly securityId: string;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
  readonly afterMarket: boolean;
}

export interface ModifyFields {
  readonly dhanClientId?: string;
  readonly type: OrderType;
  readonly validity: Validity;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
}

const SIDES = ["BUY", "SELL"] as const;
const PRODUCTS = ["CNC", "INTRADAY", "MARGIN", "MTF", "CO", "BO"] as const;
const TYPES = ["LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_MARKET"] as const;
const VALIDITIES = ["DAY", "IOC"] as const;
const AMO_TIMES = ["PRE_OPEN", "OPEN", "OPEN_30", "OPEN_60"] as const;
const CORRELATION = /^[A-Za-z0-9 _-]+$/;
const LARGEST_UNITS = 1_000_000_000;

type Body = Readonly<Record<string, unknown>>;

/** Thrown inside a reading and turned into the reply at its end; it never leaves this file. */
class BadField extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super("bad field");
    this.reply = reply;
  }
}

function reading<T extends object>(read: () => T): T | Reply {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadField) return error.reply;
    throw error;
  }
}

/** The fields, or the broker's refusal (DH-905 does not tell which field it was). */
export function readPlace(body: unknown, switches: Switches): PlaceFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const quantity = requiredQuantity(fields);
    const type = oneOf(TYPES, fields.orderType);
    const isStop = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET";
    const hasPrice = type === "LIMIT" || type === "STOP_LOSS";
    const price = money(fields.price);
    const trigger = money(fields.triggerPrice);
    if (hasPrice && price <= 0) throw new BadField(inputRefusal());
    if (isStop && trigger <= 0) throw new BadField(inputRefusal());
    const afterMarket = fields.afterMarketOrder === true || fields.afterMarketOrder === "true";
    if (afterMarket) oneOf(AMO_TIMES, fields.amoTime);
    if (fields.disclosedQuantity == null && switches.missingDisclosedQuantity === "refuse") {
      throw new BadField(inputRefusal());
    }
    return {
      ...clientOf(fields),
      ...correlationOf(fields, switches),
      side: oneOf(SIDES, fields.transactionType),
      segment: textOf(fields.exchangeSegment),
      product: oneOf(PRODUCTS, fields.productType),
      type,
      validity: oneOf(VALIDITIES, fields.validity),
      securityId: textOf(fields.securityId),
      quantity,
      disclosedQuantity: disclosed(fields.disclosedQuantity, quantity),
      priceE4: hasPrice ? price : 0,
      triggerE4: isStop ? trigger : 0,
      afterMarket,
    };
  });
}

/** A modification replaces all terms: what is left out is not kept but missing. */
export function readModify(body: unknown, switches: Switches): ModifyFields | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const type = oneOf(TYPES, fields.orderType);
    const validity = oneOf(VALIDITIES, fields.validity);
    const quantity = requiredQuantity(fields);
    const hasPrice = type === "LIMIT" || type === "STOP_LOSS";
    const isStop = type === "STOP_LOSS" || type === "STOP_LOSS_MARKET";
    return {
      ...clientOf(fields),
      type,
      validity,
      quantity,
      disclosedQuantity: disclosed(fields.disclosedQuantity, quantity),
      priceE4: hasPrice ? money(fields.price) : 0,
      triggerE4: isStop ? money(fields.triggerPrice) : 0,
    };
  });
}

function objectOf(body: unknown, switches: Switches): Body {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new BadField(inputRefusal());
  }
  const fields = body as Body;
  if (switches.emptyStrings === "refuse" && Object.values(fields).includes("")) {
    throw new BadField(inputRefusal());
  }
  return fields;
}

function clientOf(fields: Body): { dhanClientId?: string } {
  return fields.dhanClientId == null ? {} : { dhanClientId: textOf(fields.dhanClientId) };
}

/** 25 characters in fact, 30 in the docs; too long gives the uninformative refusal (measured). */
function correlationOf(fields: Body, switches: Switches): { correlationId?: string } {
  if (fields.correlationId == null || fields.correlationId === "") return {};
  const correlationId = textOf(fields.correlationId);
  const fits = correlationId.length <= switches.correlationLimit;
  if (!fits || !CORRELATION.test(correlationId)) throw new BadField(inputRefusal());
  return { correlationId };
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new BadField(inputRefusal());
  return found;
}

function textOf(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number") return String(value);
  throw new BadField(inputRefusal());
}

/** Numbers may come as strings (measured); anything else is a bad value. */
function numberOf(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) {
    throw new BadField(inputRefusal());
  }
  return number;
}

function units(value: unknown): number {
  const quantity = numberOf(value);
  if (!Number.isInteger(quantity) || quantity > LARGEST_UNITS) throw new BadField(inputRefusal());
  return quantity;
}

function requiredQuantity(fields: Body): number {
  if (fields.quantity == null) throw new BadField(inputRefusal("quantity is required"));
  const quantity = units(fields.quantity);
  if (quantity === 0) throw new BadField(inputRefusal());
  return quantity;
}

/** Rupees to 1/10,000 rupee; absent is 0. */
function money(value: unknown): number {
  if (value == null || value === "") return 0;
  return Math.round(numberOf(value) * 10_000);
}

/** When used it must be more than 30 percent of the quantity (official docs). */
function disclosed(value: unknown, quantity: number): number {
  if (value == null || value === "") return 0;
  const shown = units(value);
  const tooLittle = shown > 0 && (shown * 10 <= quantity * 3 || shown > quantity);
  if (tooLittle) throw new BadField(inputRefusal());
  return shown;
}
