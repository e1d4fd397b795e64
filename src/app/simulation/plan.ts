/** What a seed stands for: who follows, what the leader trades, what goes wrong, what is watched. */
import { flatEnd } from "./checks/flat-end.ts";
import { neverTwice } from "./checks/never-twice.ts";
import { orderRate } from "./checks/order-rate.ts";
import { protection } from "./checks/protection.ts";
import { sides } from "./checks/sides.ts";
import { AfterMarketOrders } from "./day/amo.ts";
import { BracketOrders } from "./day/bracket.ts";
import { CoverOrders } from "./day/cover.ts";
import { ForeverOrders } from "./day/forever.ts";
import { PlainOrders } from "./day/plain.ts";
import type { MakeFamily } from "./day/play-day.ts";
import { SuperOrders } from "./day/super.ts";
import type { SeedOptions } from "./run-seed.ts";

/** Halves leave units behind the rounding; doubles are above every limit first. */
const FOLLOWERS = [
  { name: "asha", bps: 5_000 },
  { name: "ravi", bps: 20_000 },
] as const;
const ORDERS_A_DAY = 20;
const CHECKS = [orderRate, neverTwice, sides, flatEnd, protection];

const FAMILIES = {
  plain: (stage) => new PlainOrders(stage),
  super: (stage) => new SuperOrders(stage),
  bracket: (stage) => new BracketOrders(stage),
  forever: (stage) => new ForeverOrders(stage),
  amo: (stage) => new AfterMarketOrders(stage),
  cover: (stage) => new CoverOrders(stage),
} satisfies Record<string, MakeFamily>;

export type FamilyName = keyof typeof FAMILIES;

export interface PlanOptions {
  readonly families: readonly [FamilyName, ...FamilyName[]];
  readonly weatherPercent?: number;
  readonly crashPercent?: number;
  readonly orders?: number;
}

export function planOf(seed: number, options: PlanOptions): SeedOptions {
  const [first, ...rest] = options.families;
  const { weatherPercent = 0, crashPercent = 0, orders = ORDERS_A_DAY } = options;
  return {
    seed,
    followers: FOLLOWERS,
    day: {
      orders,
      families: [FAMILIES[first], ...rest.map((name) => FAMILIES[name])],
      weatherPercent,
      crashPercent,
    },
    checks: CHECKS,
  };
}
