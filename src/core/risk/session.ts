/**
 * The market calendar as a guard: entries go out only while their segment takes orders.
 *
 * Keeps: exits, changes and cancels are never asked of it. What the broker himself queues is not
 * either: an after-market order waits for the open with him, and a trigger rests with him.
 */
import { type Calendar, minuteOfDayAt, sessionAt } from "../model/calendar.ts";
import type { Vehicle } from "../model/command.ts";
import { type InstrumentKey, splitInstrumentKey } from "../model/ids.ts";
import type { OrderObservation } from "../model/order.ts";
import type { Refused } from "../model/reason.ts";
import type { EpochMs } from "../model/time.ts";

/**
 * The refusal of an entry in `instrument` at `atMs` by the broker's clock; undefined where its segment
 * is open or in pre-open, and without a calendar.
 */
export function sessionRefusal(
  calendar: Calendar | undefined,
  instrument: InstrumentKey,
  atMs: EpochMs,
): Refused | undefined {
  if (calendar === undefined) return undefined;
  const { segment } = splitInstrumentKey(instrument);
  const session = sessionAt(calendar, segment, atMs);
  switch (session.kind) {
    case "open":
    case "pre-open":
      return undefined;
    case "unknown": {
      const { validFrom, validTo } = calendar;
      const inputs = { segment, validFrom, validTo };
      return { code: "calendar-stale", inputs, alarm: "calendar-stale" };
    }
    case "closed": {
      const { kind: _, ...inputs } = session;
      return { code: "market-closed", inputs: { segment, minute: minuteOfDayAt(atMs), ...inputs } };
    }
  }
}

/** The broker keeps it until he may send it, so the hour at which it is placed does not matter. */
export function isKeptByBroker(order: {
  readonly isAfterMarket?: boolean;
  readonly vehicle?: Vehicle;
}): boolean {
  return order.isAfterMarket === true || order.vehicle === "forever";
}

/**
 * The same refusal of the copy of an order that the broker has taken. Where he took it at a time at
 * which the calendar says closed, the calendar may be wrong, and a person must hear of it.
 */
export function copyRefusal(
  calendar: Calendar | undefined,
  order: Pick<OrderObservation, "family" | "filledQuantity" | "instrument" | "placedAtMs">,
  instrument: InstrumentKey,
  nowMs: EpochMs,
): Refused | undefined {
  const wasQueued = order.family === "after-market";
  if ((wasQueued && order.filledQuantity === 0) || order.family === "forever") return undefined;
  const refusal = sessionRefusal(calendar, instrument, nowMs);
  if (refusal?.code !== "market-closed" || wasQueued) return refusal;
  const wasClosed = sessionRefusal(calendar, order.instrument, order.placedAtMs);
  if (wasClosed?.code !== "market-closed") return refusal;
  return { ...refusal, alarm: "calendar-contradicted" };
}
