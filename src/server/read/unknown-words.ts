/** How an order of unknown outcome was settled, for how long it was unknown, and what proved it. */
import type { FollowerFact } from "../../core/model/fact.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import type { Witness } from "../../core/order/account-book.ts";
import type { Child } from "../../core/order/child.ts";
import { duration } from "./words.ts";

const SHOWN_BY: Readonly<Record<Witness, string>> = {
  stream: "the order stream",
  book: "the order book",
};

/** The row or frame that carries the name which only this order has. */
export function foundWords(
  child: Child,
  { brokerOrderId }: OrderObservation,
  { witness, atMs }: { readonly witness: Witness; readonly atMs: EpochMs },
): string {
  const proof = `${SHOWN_BY[witness]} shows it under its id ${child.correlationId}`;
  const after = unknownFor(child, atMs);
  const since = after === undefined ? "" : `, ${after} after its outcome had become unknown`;
  return `found at the broker as order ${brokerOrderId}: it was taken (${proof}${since})`;
}

export function absentWords(child: Child | undefined): string {
  if (child?.unknownAtMs === undefined) return "proved: the broker never took it";
  const { sinceMs, lookups, lastLookupMs, lastBookMs } = child.absences;
  const lastMs = Math.min(lastLookupMs, lastBookMs) - sinceMs;
  const looks = `${lookups} lookups by its id and the whole order book do not show it`;
  const when = `the last of either kind begun ${duration(lastMs)} or more after its outcome had become unknown`;
  return `proved: ${looks}, ${when}; the broker never took it`;
}

/**
 * "whether the broker had taken it was unknown for 1.2 s, until the order book showed it as order 42";
 * undefined when the fact did not end that.
 */
export function settledWords(child: Child, fact: FollowerFact, atMs: EpochMs): string | undefined {
  const how = endOf(fact);
  const lasted = unknownFor(child, atMs);
  if (how === undefined || lasted === undefined) return undefined;
  return `whether the broker had taken it was unknown for ${lasted}, until ${how}`;
}

function endOf(fact: FollowerFact): string | undefined {
  switch (fact.kind) {
    case "orderObserved":
      return `${SHOWN_BY[fact.witness]} showed it as order ${fact.order.brokerOrderId}`;
    case "childFound":
      return `it was known again by its terms as order ${fact.order.brokerOrderId}`;
    case "absenceProved":
      return "its absence was proved";
    case "commandAnswered":
      return "the broker's answer came after all";
    default:
      return undefined;
  }
}

function unknownFor({ unknownAtMs }: Child, atMs: EpochMs): string | undefined {
  return unknownAtMs === undefined ? undefined : duration(atMs - unknownAtMs);
}
