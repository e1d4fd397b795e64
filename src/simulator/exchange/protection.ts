/**
 * The price that a market order becomes. The broker's own width is unpublished; these slabs are the
 * ones that other integrations use.
 */
import type { Side } from "../../core/model/order.ts";
import type { SimInstrument } from "./order-records.ts";

type Slab = readonly [belowE4: number, bps: number];
const SHARES: readonly Slab[] = [
  [1_000_000, 200],
  [5_000_000, 100],
  [Number.POSITIVE_INFINITY, 50],
];
const OPTIONS: readonly Slab[] = [
  [100_000, 500],
  [1_000_000, 300],
  [5_000_000, 200],
  [Number.POSITIVE_INFINITY, 100],
];

/** Protected limit around the last price: at least one tick away, inside the circuit limits. */
export function protectedPriceE4(
  instrument: SimInstrument,
  side: Side,
  widthBps: number | null,
): number {
  const { lastE4, tickE4, lowestE4, highestE4 } = instrument;
  const slabs = instrument.option === undefined ? SHARES : OPTIONS;
  const bps = widthBps ?? slabs.find(([below]) => lastE4 < below)?.[1] ?? 0;
  const distance = Math.max(tickE4, Math.floor((lastE4 * bps) / 10_000 / tickE4) * tickE4);
  const price = side === "BUY" ? lastE4 + distance : lastE4 - distance;
  return Math.min(highestE4, Math.max(lowestE4, price));
}
