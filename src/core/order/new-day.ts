/**
 * What a new trading day leaves of a follower's account: day orders are gone and the broker has closed
 * intraday positions. Triggers rest until they fire, and what is queued for the open has not been at
 * the exchange yet: the book of the new day tells whether it is still there.
 */
import type { CopyId } from "../model/fact.ts";
import { PersistentMap } from "../model/persistent-map.ts";
import type { TradingDay } from "../model/time.ts";
import { type Child, withoutPending } from "./child.ts";
import { isOpen } from "./child-state.ts";
import type { Copy } from "./copy.ts";
import type { FollowerState } from "./follower-state.ts";

/** The broker closes positions of these products before the day is over. */
const SQUARED_OFF = ["|INTRADAY", "|BO", "|CO"] as const;

export function withNewDay(
  state: FollowerState,
  day: TradingDay,
): { readonly state: FollowerState; readonly ended: readonly CopyId[] } {
  let { copied, children } = state;
  for (const [key] of state.copied.entries()) {
    if (SQUARED_OFF.some((product) => key.endsWith(product))) copied = copied.set(key, 0);
  }
  for (const child of state.children.values()) {
    if (!isOpen(child.state) || outlivesTheDay(child)) continue;
    const expired: Child = { ...withoutPending(child), state: "expired" };
    children = children.set(child.correlationId, expired);
  }
  const { capital: _capital, ...known } = state;
  const isQueued = ({ isAfterMarket }: Child) => isAfterMarket === true;
  const queued = [...children.values()].filter((child) => isOpen(child.state) && isQueued(child));
  const ended = [...state.openCopies.values()]
    .flat()
    .filter((id) => !isOfManyDays(state.copies.get(id)));
  return {
    state: {
      ...known,
      copied,
      entriesToday: PersistentMap.empty(),
      carried: PersistentMap.empty(),
      children,
      unknown: state.unknown.filter((id) => children.get(id)?.state === "unknown"),
      queued: queued.map(({ correlationId }) => correlationId),
      // What differed was of positions as they were then.
      drifts: PersistentMap.empty(),
      book: { ...state.book, hasPositions: false },
      day,
    },
    ended,
  };
}

function outlivesTheDay(child: Child): boolean {
  return child.vehicle === "forever" || (child.isAfterMarket === true && child.filled === 0);
}

function isOfManyDays(copy: Copy | undefined): boolean {
  return copy?.vehicle === "forever" || copy?.isAfterMarket === true;
}
