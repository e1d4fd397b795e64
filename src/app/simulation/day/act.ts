/** A leader's day as plain data: acts that can be printed, left out and played again. */
import type { FamilyName } from "./families.ts";

/**
 * moves: a price moves. begins: he places something new. goesOn: he changes, cancels or exits
 * something. liquidity: so few lots trade at each price from now on (0: as many as are wanted).
 * night: the session ends, and the next one begins.
 */
export interface Act {
  /** What it does in detail is drawn from the seed and this number alone. */
  readonly id: number;
  /** Since the day began, milliseconds. */
  readonly atMs: number;
  readonly what: "moves" | "begins" | "goesOn" | "liquidity" | "night";
  readonly family?: FamilyName;
  readonly lots?: number;
  readonly night?: Night;
}

export interface Night {
  /** The process is stopped in the evening and started in the morning; else its machine sleeps. */
  readonly isStopped: boolean;
  /** The tokens die, as they do after a day; else they were renewed in time. */
  readonly killsTokens: boolean;
  /** The desk is up so long before the market opens; milliseconds. */
  readonly waitsMs: number;
}
