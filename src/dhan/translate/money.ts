/** Rupees as JSON doubles to integers of 1/10,000 rupee and back. */
import {
  E4_PER_RUPEE,
  type MoneyE4,
  type PriceE4,
  toMoneyE4,
  toPriceE4,
} from "../../core/model/money.ts";
import { WireFault } from "../errors.ts";

/** A double that stands for a price with four decimals differs from it by far less than this. */
const NOISE_E4 = 1e-3;

/**
 * A price of the wire, exact. Undefined for 0, which the wire writes where there is none. Throws
 * WireFault on a negative price or on more than four decimals: no contract ticks that finely, so it
 * is not a price.
 */
export function priceFromRupees(rupees: number): PriceE4 | undefined {
  if (rupees === 0) return undefined;
  const scaled = rupees * E4_PER_RUPEE;
  const rounded = Math.round(scaled);
  if (!Number.isSafeInteger(rounded) || rounded <= 0 || Math.abs(scaled - rounded) > NOISE_E4) {
    throw new WireFault(`not a price with at most four decimals: ${rupees}`);
  }
  return toPriceE4(rounded);
}

/**
 * A mean or a feed price, rounded to the nearest 1/10,000 rupee: lossy, never used as a limit.
 * Undefined when it is 0, negative, or too small to tell.
 */
export function lossyPriceFromRupees(rupees: number): PriceE4 | undefined {
  const rounded = Math.round(rupees * E4_PER_RUPEE);
  return Number.isSafeInteger(rounded) && rounded > 0 ? toPriceE4(rounded) : undefined;
}

/** An amount of either sign, rounded to the nearest 1/10,000 rupee. Throws WireFault beyond range. */
export function moneyFromRupees(rupees: number): MoneyE4 {
  const rounded = Math.round(rupees * E4_PER_RUPEE);
  if (!Number.isSafeInteger(rounded)) throw new WireFault(`not an amount of money: ${rupees}`);
  // A negative zero would be told apart from zero by strict comparisons.
  return toMoneyE4(rounded === 0 ? 0 : rounded);
}

/** The rupees of a price, as the nearest double: what JSON prints is the price's own decimals. */
export function rupeesFromPrice(price: PriceE4): number {
  return price / E4_PER_RUPEE;
}
