/** Prices that move by themselves: a bounded random walk from a seed. */

import { applyPrice } from "./matching.ts";
import type { SimInstrument } from "./order-records.ts";
import { isMarketOpen } from "./session-clock.ts";
import type { Venue } from "./venue.ts";

/** Never further than this from the first price. */
const BOUND = 0.05;
const STEP_TICKS_MAX = 3;

/** One step of every instrument; nothing moves while the market is closed. */
export function walkPrices(venue: Venue): void {
  if (!isMarketOpen(venue)) return;
  for (const instrument of venue.instruments.values()) {
    const next = stepFrom(instrument, venue.random.next());
    if (next !== instrument.lastE4) applyPrice(venue, instrument, next);
  }
}

function stepFrom(instrument: SimInstrument, draw: number): number {
  const { lastE4, tickE4, firstPriceE4 } = instrument;
  const ticks = Math.floor(draw * (2 * STEP_TICKS_MAX + 1)) - STEP_TICKS_MAX;
  const next = lastE4 + ticks * tickE4;
  const tooFar = Math.abs(next - firstPriceE4) > Math.max(firstPriceE4 * BOUND, tickE4 * 4);
  return tooFar || next < tickE4 ? lastE4 : next;
}

/** Walks every `everyMs` until the returned function is called. */
export function startWalking(venue: Venue, everyMs: number): () => void {
  let cancel = () => {};
  const step = () => {
    walkPrices(venue);
    cancel = venue.agenda.after(everyMs, step);
  };
  cancel = venue.agenda.after(everyMs, step);
  return () => cancel();
}
