/** Stamps to figures. */
import type { Latency, Percentiles } from "../../cli/bench.ts";
import type { Stamp, Troupe } from "./stage.ts";

/** One leader order: from its frame leaving the broker to the first and last follower's arrival. */
export interface Passage {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * A passage for each price of a troupe. Throws when an order did not reach every follower exactly
 * once: a benchmark that loses orders measures nothing.
 */
export function passagesOf(
  troupe: Troupe,
  prices: readonly number[],
  stamps: readonly Stamp[],
): Passage[] {
  const byPrice = new Map<number, Stamp[]>();
  for (const stamp of stamps) {
    byPrice.set(stamp[2], [...(byPrice.get(stamp[2]) ?? []), stamp]);
  }
  const followers = new Set(troupe.followers.map(({ clientId }) => clientId));
  return prices.map((price) => {
    const rows = byPrice.get(price) ?? [];
    const leftAtMs = rows.find(([clientId]) => clientId === troupe.leader.clientId)?.[5];
    const arrived = rows.filter(([clientId]) => followers.has(clientId)).map((row) => row[4] ?? 0);
    if (leftAtMs == null || arrived.length !== followers.size) {
      throw new Error(`the order at ${price} reached ${arrived.length} of ${followers.size}`);
    }
    return { firstMs: Math.min(...arrived) - leftAtMs, lastMs: Math.max(...arrived) - leftAtMs };
  });
}

/** Arrivals so far of a troupe's orders at these prices. */
export function arrivals(
  troupe: Troupe,
  prices: readonly number[],
  stamps: readonly Stamp[],
): number {
  const wanted = new Set(prices);
  const followers = new Set(troupe.followers.map(({ clientId }) => clientId));
  return stamps.filter(([clientId, , price]) => wanted.has(price) && followers.has(clientId))
    .length;
}

export function latencyOf(passages: readonly Passage[]): Latency {
  return {
    firstMs: percentiles(passages.map(({ firstMs }) => firstMs)),
    lastMs: percentiles(passages.map(({ lastMs }) => lastMs)),
  };
}

/** Nearest rank. */
function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(value * 1_000) / 1_000;
  };
  return { p50: at(0.5), p99: at(0.99) };
}
