/**
 * Prices and money as integers of 1/10,000 rupee ("E4"), never floats.
 *
 * Paise would be too coarse (currency contracts tick at 0.0025 rupee), and a scale chosen too small
 * cannot be enlarged later. The safe-integer range still holds about 90,000 crore rupees.
 */
import { assert } from "../../platform/assert.ts";

declare const priceE4: unique symbol;
declare const moneyE4: unique symbol;

/** Price of one unit in 1/10,000 rupee; a positive safe integer. */
export type PriceE4 = number & { readonly [priceE4]: true };
/** An amount in 1/10,000 rupee; a safe integer of either sign. */
export type MoneyE4 = number & { readonly [moneyE4]: true };

export const E4_PER_RUPEE = 10_000;

/** Brands `value`; throws unless it is a positive safe integer. */
export function toPriceE4(value: number): PriceE4 {
  assert(Number.isSafeInteger(value) && value > 0, () => `not a price in E4: ${value}`);
  return value as PriceE4;
}

/** Brands `value`; throws unless it is a safe integer. */
export function toMoneyE4(value: number): MoneyE4 {
  assert(Number.isSafeInteger(value), () => `not money in E4: ${value}`);
  return value as MoneyE4;
}

/** Price times quantity. Throws when the product leaves the safe range. */
export function notionalE4(price: PriceE4, quantity: number): MoneyE4 {
  return toMoneyE4(price * quantity);
}

/** Largest multiple of `tick` not above `price`; at least one tick. */
export function roundToTickDown(price: number, tick: PriceE4): PriceE4 {
  return toPriceE4(Math.max(Math.floor(price / tick), 1) * tick);
}

/** Smallest multiple of `tick` not below `price`; at least one tick. */
export function roundToTickUp(price: number, tick: PriceE4): PriceE4 {
  return toPriceE4(Math.max(Math.ceil(price / tick), 1) * tick);
}

/** "1650.50": rupees for people, with as many decimals as the price needs (two at least). */
export function formatE4(value: number): string {
  const sign = value < 0 ? "-" : "";
  const absolute = Math.abs(value);
  const fraction = String(absolute % E4_PER_RUPEE).padStart(4, "0");
  const trimmed = fraction.endsWith("00") ? fraction.slice(0, 2) : fraction;
  return `${sign}${Math.floor(absolute / E4_PER_RUPEE)}.${trimmed}`;
}
