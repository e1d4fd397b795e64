/** Trailing stops: the stop follows the last price in whole steps from the entry's average. */
import { averageE4, isWorking } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";

/** Whole steps that the last price has gone the position's way; never negative. */
export function stepsGone(group: SimGroup, trailE4: number): number {
  if (trailE4 <= 0 || group.entry.filled === 0) return 0;
  const { instrument, side } = group.entry;
  const moved = instrument.lastE4 - averageE4(group.entry);
  return Math.max(0, Math.floor((side === "BUY" ? moved : -moved) / trailE4));
}

/** Sets a stop's level and trail anew; the trail goes on from where the price is. */
export function setStop(group: SimGroup, exit: SimExit, levelE4: number, trailE4: number): void {
  exit.levelE4 = levelE4;
  exit.distanceE4 = 0;
  exit.trailE4 = trailE4;
  exit.trailedSteps = stepsGone(group, trailE4);
}

/** Moves a working stop that has fallen behind the price; true when it moved. */
export function trailStop(order: SimOrder): boolean {
  const { part } = order;
  if (part?.role !== "stop" || order.triggered || !isWorking(order)) return false;
  const exit = part.group.stop;
  if (exit === undefined || exit.trailE4 === 0) return false;
  const steps = stepsGone(part.group, exit.trailE4);
  if (steps <= exit.trailedSteps) return false;
  const by = (steps - exit.trailedSteps) * exit.trailE4;
  exit.trailedSteps = steps;
  exit.levelE4 += order.side === "SELL" ? by : -by;
  const { priceE4, triggerE4 } = order.terms;
  const moved = exit.levelE4 - triggerE4;
  order.terms = { ...order.terms, triggerE4: exit.levelE4, priceE4: priceE4 + moved };
  return true;
}
