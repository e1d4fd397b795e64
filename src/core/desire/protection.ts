/**
 * The exit levels of a leader's group: where his target and his stop are, as absolute prices, by
 * whichever way the broker tells them. Where they cannot be found nothing is guessed.
 */
import type { Protection } from "../model/command.ts";
import type { Instrument } from "../model/instrument.ts";
import { type PriceE4, roundToTickDown, roundToTickUp, toPriceE4 } from "../model/money.ts";
import type { ExitLeg, ExitLevels, OrderObservation, Side } from "../model/order.ts";
import type { AccountBook, BookOrder } from "../order/account-book.ts";
import { exitLevelsOf } from "../order/group.ts";

export interface LeaderExits {
  readonly protection: Protection;
  /** The legs as far as they have been seen; empty while only their distances are known. */
  readonly seen: ExitLevels;
  /** All that is known of the stop is the price with which it was sent to the market. */
  readonly isStopSent: boolean;
}

/**
 * The leader's exits; undefined while they are not known. A leg that was seen is nearer the truth than
 * the distance that it was placed with, which the broker documents in two ways.
 */
export function leaderExits(
  book: AccountBook,
  entry: BookOrder,
  instrument: Pick<Instrument, "tick">,
): LeaderExits | undefined {
  const seen = exitLevelsOf(book, entry.brokerOrderId);
  const shown = seen.stop?.isSent ? undefined : seen.stop?.price;
  const level = shown ?? placedStop(entry, instrument);
  const stop = level ?? seen.stop?.price;
  const target = seen.target?.price ?? placedLevel(entry, "target", instrument);
  if (stop === undefined && target === undefined) return undefined;
  const trail = seen.stop?.trail;
  return {
    seen,
    isStopSent: level === undefined && stop !== undefined,
    protection: {
      ...(target === undefined ? {} : { target }),
      ...(stop === undefined ? {} : { stop }),
      ...(trail === undefined ? {} : { trail }),
    },
  };
}

/** A CO shows its stop as its trigger, or as a distance, or only on its leg. */
function placedStop(
  entry: OrderObservation,
  instrument: Pick<Instrument, "tick">,
): PriceE4 | undefined {
  if (entry.family === "cover" && entry.terms.triggerPrice !== undefined) {
    return entry.terms.triggerPrice;
  }
  return placedLevel(entry, "stop", instrument);
}

/** Distance to level: on the tick, and towards the entry where it falls between two. */
function placedLevel(
  entry: OrderObservation,
  leg: ExitLeg,
  { tick }: Pick<Instrument, "tick">,
): PriceE4 | undefined {
  const distance = entry.distances?.[leg];
  const from = entry.terms.price ?? entry.averagePrice;
  if (distance === undefined || from === undefined) return undefined;
  const isAbove = (leg === "target") === (entry.side === "BUY");
  const level = isAbove ? from + distance : from - distance;
  if (level <= 0) return undefined;
  return isAbove ? toPriceE4(roundToTickDown(level, tick)) : toPriceE4(roundToTickUp(level, tick));
}

/**
 * Whether levels at the broker are what they should be. A stop that trails on both sides moves with
 * the market, each by its own entry, so it is let be within one step.
 */
export function isAsProtected(known: Protection | undefined, wanted: Protection): boolean {
  return isTargetRight(known, wanted) && isStopRight(known, wanted);
}

/**
 * A limit of our own that a group can begin with: the broker wants it between stop and target, and a
 * near target may lie inside the band that protects a market order.
 */
export function betweenExits(
  side: Side,
  price: PriceE4,
  { target, stop }: Protection,
  { tick }: Pick<Instrument, "tick">,
): PriceE4 {
  const [above, below] = side === "BUY" ? [target, stop] : [stop, target];
  const most = above === undefined ? price : Math.min(price, above - tick);
  return toPriceE4(below === undefined ? most : Math.max(most, below + tick));
}

export function isTargetRight(known: Protection | undefined, wanted: Protection): boolean {
  return wanted.target === undefined || known?.target === wanted.target;
}

export function isStopRight(known: Protection | undefined, wanted: Protection): boolean {
  if (wanted.stop === undefined) return true;
  if (known?.stop === undefined || known.trail !== wanted.trail) return false;
  return Math.abs(known.stop - wanted.stop) <= (wanted.trail ?? 0);
}
