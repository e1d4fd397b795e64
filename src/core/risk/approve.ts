/**
 * The door to the broker: what is sent must be `Approved`, and only this file makes such a value.
 * Limits stand before entries alone; an exit or a cancel is never refused here.
 */
import type { Calendar } from "../model/calendar.ts";
import type { OrderCommand, PlaceCommand } from "../model/command.ts";
import type { Guards } from "../model/guards.ts";
import type { CorrelationId } from "../model/ids.ts";
import { notionalE4, type PriceE4 } from "../model/money.ts";
import type { Side } from "../model/order.ts";
import type { Refused } from "../model/reason.ts";
import type { EpochMs } from "../model/time.ts";
import { type Added, countsExposure, exposureRefusal, type LinkExposure } from "./exposure.ts";
import { windowRefusal } from "./filters.ts";
import { isKeptByBroker, sessionRefusal } from "./session.ts";

/** Exits and cancels never wait behind entries for the rate budget. */
export type Lane = "exit" | "cancel" | "modify" | "entry";

declare const approved: unique symbol;
export interface Approved<Command extends OrderCommand = OrderCommand> {
  readonly lane: Lane;
  readonly command: Command;
  readonly [approved]: true;
}

/** What the guards look at, beside the command. */
export interface Market {
  /** The leader's average fill, once there is one. */
  readonly leaderAverage?: PriceE4;
  readonly lastPrice?: PriceE4;
}

function approve<Command extends OrderCommand>(lane: Lane, command: Command): Approved<Command> {
  return { lane, command } as Approved<Command>;
}

/** Anything that reduces exposure: never refused. */
export function approveReducing<Command extends OrderCommand>(
  lane: "exit" | "cancel",
  command: Command,
): Approved<Command> {
  return approve(lane, command);
}

/** The refusal by the first guard that says no; undefined when all agree. */
export function refusalOf(
  order: { readonly side: Side; readonly quantity: number; readonly price?: PriceE4 },
  guards: Guards,
  market: Market,
): Refused | undefined {
  return valueRefusal(order, guards, market) ?? distanceRefusal(order.side, guards, market);
}

function valueRefusal(
  order: { readonly quantity: number; readonly price?: PriceE4 },
  guards: Guards,
  market: Market,
): Refused | undefined {
  if (guards.maxOrderValue === undefined) return undefined;
  const price = order.price ?? market.leaderAverage ?? market.lastPrice;
  if (price === undefined) return { code: "no-reference-price", inputs: {} };
  const value = notionalE4(price, order.quantity);
  if (value <= guards.maxOrderValue) return undefined;
  return {
    code: "order-value-above-limit",
    inputs: { valueE4: value, limitE4: guards.maxOrderValue, priceE4: price },
  };
}

function distanceRefusal(side: Side, guards: Guards, market: Market): Refused | undefined {
  const { leaderAverage, lastPrice } = market;
  const limitBps = guards.maxPriceDistanceBps;
  if (limitBps === undefined || leaderAverage === undefined || lastPrice === undefined) {
    return undefined;
  }
  // Only a move against us counts: a better price than the leader's is welcome.
  const adverse = side === "BUY" ? lastPrice - leaderAverage : leaderAverage - lastPrice;
  if (adverse * 10_000 <= limitBps * leaderAverage) return undefined;
  return {
    code: "price-too-far",
    inputs: { leaderAverageE4: leaderAverage, lastPriceE4: lastPrice, limitBps },
  };
}

/** What the guards that count, and those that go by the clock, are asked with. */
export interface Counted {
  /** By the broker's clock. */
  readonly nowMs: EpochMs;
  /** Absent: the market is always open. */
  readonly calendar?: Calendar;
  readonly exposure: () => LinkExposure;
}

/** A new entry, or the guards' no. */
export function approveEntry(
  command: PlaceCommand,
  guards: Guards,
  market: Market,
  counted: Counted,
): Approved<PlaceCommand> | Refused {
  const { side, terms } = command;
  const { quantity, price } = terms;
  const { calendar, nowMs } = counted;
  const closed = () => sessionRefusal(calendar, command.instrument, nowMs);
  const refusal =
    (isKeptByBroker(command) ? undefined : closed()) ??
    windowRefusal(guards, nowMs) ??
    refusalOf({ ...terms, side }, guards, market) ??
    countedRefusal(
      { units: quantity, isNew: true, ...(price && { price }) },
      guards,
      market,
      counted,
    );
  return refusal ?? approve("entry", command);
}

/** The refusal by a guard that counts; nothing is counted where none is set. */
export function countedRefusal(
  added: Added,
  guards: Guards,
  market: Market,
  { exposure }: Pick<Counted, "exposure">,
): Refused | undefined {
  if (!countsExposure(guards)) return undefined;
  const price = added.price ?? market.leaderAverage ?? market.lastPrice;
  return exposureRefusal(guards, exposure(), { ...added, ...(price && { price }) });
}

/** A change of a live entry. Its size was approved when the copy was sized. */
export function approveChange<Command extends OrderCommand>(command: Command): Approved<Command> {
  return approve("modify", command);
}

export function isApproved<Command extends OrderCommand>(
  answer: Approved<Command> | Refused,
): answer is Approved<Command> {
  return "command" in answer;
}

/** What a step asks of the world. */
export type Action =
  | { readonly kind: "send"; readonly approved: Approved }
  /** Keep it ready: it is durable, and its bytes leave when it is released. */
  | { readonly kind: "prepare"; readonly approved: Approved }
  /** Send what was prepared. It is durable already, so this waits for nothing. */
  | { readonly kind: "release"; readonly correlationId: CorrelationId }
  /** Look at everything again at this time: something may have stood for too long by then. */
  | { readonly kind: "wake"; readonly atMs: number }
  /** Take it back if it has not left yet; the answer is a notSent outcome or nothing. */
  | { readonly kind: "withdraw"; readonly correlationId: CorrelationId };
