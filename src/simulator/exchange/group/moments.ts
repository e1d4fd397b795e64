/** What a group looked like after each change: the truth for whoever checks protection. */

import type { SimExit, SimGroup } from "../order-records.ts";
import type { Venue } from "../venue.ts";
import { exitState, unitsOut, unprotectedUnits } from "./group.ts";
import type { ExitMoment, GroupMoment } from "./group-moment.ts";

function exitMoment(exit: SimExit | undefined): ExitMoment | null {
  if (exit === undefined) return null;
  const { order } = exit;
  return {
    orderId: order?.orderId ?? null,
    status: exitState(exit),
    price: Math.round(exit.levelE4) / 10_000,
    trailingJump: exit.trailE4 / 10_000,
    quantity: order?.terms.quantity ?? 0,
    filledQuantity: order?.filled ?? 0,
  };
}

/** Writes down how the group stands, unless it stands as it did. */
export function remember(venue: Venue, group: SimGroup): void {
  const { entry, target, stop, moments } = group;
  const moment: GroupMoment = {
    atMs: venue.agenda.nowMs(),
    entryStatus: entry.status,
    unitsIn: entry.filled,
    unitsOut: unitsOut(group),
    target: exitMoment(target),
    stop: exitMoment(stop),
    unprotected: unprotectedUnits(group),
  };
  const last = moments.at(-1);
  if (last !== undefined && isSame(last, moment)) return;
  moments.push(moment);
}

function isSame(a: GroupMoment, b: GroupMoment): boolean {
  return JSON.stringify({ ...a, atMs: 0 }) === JSON.stringify({ ...b, atMs: 0 });
}
