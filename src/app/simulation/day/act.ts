/** A leader's day as plain data: acts that can be printed, left out and played again. */
import type { FamilyName } from "./families.ts";

/**
 * moves: a price moves. begins: he places something new. goesOn: he changes, cancels or exits
 * something. liquidity: so few lots trade at each price from now on (0: as many as are wanted).
 */
export interface Act {
  /** What it does in detail is drawn from the seed and this number alone. */
  readonly id: number;
  /** Since the day began, milliseconds. */
  readonly atMs: number;
  readonly what: "moves" | "begins" | "goesOn" | "liquidity";
  readonly family?: FamilyName;
  readonly lots?: number;
}
