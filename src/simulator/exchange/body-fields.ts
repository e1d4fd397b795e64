/** Reads single fields of a request's body as the broker does, with its own refusals. */
import { inputRefusal, type Reply } from "./replies.ts";
import type { Switches } from "./switches.ts";

const CORRELATION = /^[A-Za-z0-9 _-]+$/;
const LARGEST_UNITS = 1_000_000_000;

export type Body = Readonly<Record<string, unknown>>;

/** Thrown inside a reading and turned into the reply at its end; it never leaves `reading`. */
export class BadField extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super("bad field");
    this.reply = reply;
  }
}

export function reading<T extends object>(read: () => T): T | Reply {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadField) return error.reply;
    throw error;
  }
}

export function objectOf(body: unknown, switches: Switches): Body {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new BadField(inputRefusal());
  }
  const fields = body as Body;
  if (switches.emptyStrings === "refuse" && Object.values(fields).includes("")) {
    throw new BadField(inputRefusal());
  }
  return fields;
}

export function clientOf(fields: Body): { dhanClientId?: string } {
  return fields.dhanClientId == null ? {} : { dhanClientId: textOf(fields.dhanClientId) };
}

/** 25 characters in fact, 30 in the docs; too long gives the uninformative refusal (measured). */
export function correlationOf(fields: Body, switches: Switches): { correlationId?: string } {
  if (fields.correlationId == null || fields.correlationId === "") return {};
  const correlationId = textOf(fields.correlationId);
  const fits = correlationId.length <= switches.correlationLimit;
  if (!fits || !CORRELATION.test(correlationId)) throw new BadField(inputRefusal());
  return { correlationId };
}

export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new BadField(inputRefusal());
  return found;
}

export function textOf(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number") return String(value);
  throw new BadField(inputRefusal());
}

/** Numbers may come as strings (measured); anything else is a bad value. */
export function numberOf(value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) {
    throw new BadField(inputRefusal());
  }
  return number;
}

export function units(value: unknown): number {
  const quantity = numberOf(value);
  if (!Number.isInteger(quantity) || quantity > LARGEST_UNITS) throw new BadField(inputRefusal());
  return quantity;
}

export function requiredQuantity(fields: Body): number {
  if (fields.quantity == null) throw new BadField(inputRefusal("quantity is required"));
  const quantity = units(fields.quantity);
  if (quantity === 0) throw new BadField(inputRefusal());
  return quantity;
}

/** Rupees to 1/10,000 rupee; absent is 0. */
export function money(value: unknown): number {
  if (value == null || value === "") return 0;
  return Math.round(numberOf(value) * 10_000);
}

/** When used it must be more than 30 percent of the quantity (official docs). */
export function disclosed(value: unknown, quantity: number): number {
  if (value == null || value === "") return 0;
  const shown = units(value);
  const tooLittle = shown > 0 && (shown * 10 <= quantity * 3 || shown > quantity);
  if (tooLittle) throw new BadField(inputRefusal());
  return shown;
}
