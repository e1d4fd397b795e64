/**
 * Prices that we make ourselves: limits that protect an order without one.
 *
 * The broker turns market orders into limits with a band of unpublished width and does not rest
 * stop-market orders, so an explicit limit of our own is sent instead and its worst price is known.
 * The widths follow the slabs in common use for market price protection in India.
 */
import { must } from "../../platform/assert.ts";
import type { Instrument } from "../model/instrument.ts";
import {
  E4_PER_RUPEE,
  type PriceE4,
  roundToTickDown,
  roundToTickUp,
  toPriceE4,
} from "../model/money.ts";
import type { Side } from "../model/order.ts";

interface Slab {
  /** Prices below this many rupees. */
  readonly below: number;
  readonly bps: number;
}

const OPTION_SLABS: readonly Slab[] = [
  { below: 10, bps: 500 },
  { below: 100, bps: 300 },
  { below: 500, bps: 200 },
  { below: Number.POSITIVE_INFINITY, bps: 100 },
];
const OTHER_SLABS: readonly Slab[] = [
  { below: 100, bps: 200 },
  { below: 500, bps: 100 },
  { below: Number.POSITIVE_INFINITY, bps: 50 },
];

/** Width of the band around `reference`, in basis points. */
export function protectionBps(kind: Instrument["kind"], reference: PriceE4): number {
  const slabs = kind === "option" ? OPTION_SLABS : OTHER_SLABS;
  const slab = slabs.find(({ below }) => reference < below * E4_PER_RUPEE);
  return must(slab, "a slab without end").bps;
}

/** The price furthest from `from` on the side that still trades, within `bps` of it, on the tick. */
export function furthestPrice(side: Side, from: PriceE4, bps: number, tick: PriceE4): PriceE4 {
  const width = Math.floor((from * bps) / 10_000);
  return side === "BUY" ? roundToTickDown(from + width, tick) : roundToTickUp(from - width, tick);
}

/**
 * A limit beyond `reference` on the side that still trades: above it for a BUY, below it for a SELL;
 * on the tick, at least one tick away, never wider than the band otherwise.
 */
export function protectedLimit(
  side: Side,
  reference: PriceE4,
  instrument: Pick<Instrument, "kind" | "tick">,
): PriceE4 {
  const { kind, tick } = instrument;
  const width = Math.floor((reference * protectionBps(kind, reference)) / 10_000);
  if (side === "BUY") {
    const nearest = roundToTickUp(reference + 1, tick);
    return toPriceE4(Math.max(roundToTickDown(reference + width, tick), nearest));
  }
  const nearest = Math.max(Math.ceil(reference / tick) - 1, 1) * tick;
  return toPriceE4(Math.min(roundToTickUp(reference - width, tick), nearest));
}
