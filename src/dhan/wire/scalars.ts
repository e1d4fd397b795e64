/**
 * Values as the wire really writes them. One edge rule for all schemas: numbers may come as strings
 * and ids as numbers (captured in production), documented nulls may come anywhere.
 *
 * Each is one function instead of a union of schemas: an order alert has fifty fields, and unions
 * made reading one five times slower.
 */
import { z } from "zod";

const NUMERIC = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** Real ids have up to 25 characters; a longer one is something else in the wrong place. */
const ID_MAX_LENGTH = 40;

/** A schema from a reading function that gives undefined for what it cannot read. */
function scalar<T>(expected: string, read: (value: unknown) => T | undefined) {
  return z.transform((input: unknown, context): T => {
    const value = read(input);
    if (value !== undefined) return value;
    context.issues.push({ code: "custom", message: `expected ${expected}`, input });
    return z.NEVER;
  });
}

/** A number that must be there; numeric strings are accepted. */
export const decimal = scalar("a number", toNumber);

/** A number of which null, "", "NA" and absence mean zero. */
export const decimalOrZero = scalar("a number", (value) =>
  isNothing(value) || value === "NA" ? 0 : toNumber(value),
);

/** An identifier that must be there: a non-empty string, or a number spelled out in digits. */
export const id = scalar("an identifier", (value) => {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 ? digitsOf(value) : undefined;
  }
  if (typeof value !== "string") return undefined;
  return value.length > 0 && value.length <= ID_MAX_LENGTH ? value : undefined;
});

/** A word that must be there. */
export const word = scalar("a word", (value) =>
  typeof value === "string" && value.length > 0 ? value : undefined,
);

/** Descriptive text; null and absence become "". */
export const text = scalar("text", (value) => {
  if (typeof value === "string") return value;
  if (isNothing(value)) return "";
  if (typeof value === "number") return digitsOf(value);
  return typeof value === "boolean" ? String(value) : undefined;
});

/** A flag; null and absence are false, and the spellings "true", "1" and "Y" are true. */
export const flag = scalar("a flag", (value) => {
  if (isNothing(value)) return false;
  if (typeof value === "object") return undefined;
  return value === true || value === 1 || value === "true" || value === "1" || value === "Y";
});

/** The decimal digits of a JSON number, never with an exponent. */
export function digitsOf(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** One object or an array of them, as an array: the broker answers either way. */
export function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), item.transform((value) => [value])]);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const trimmed = value.trim();
  return NUMERIC.test(trimmed) ? Number(trimmed) : undefined;
}
