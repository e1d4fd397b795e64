/** What books and frames show of an order's place in its group. */
import type { SimOrder } from "../order-records.ts";
import { distanceOf, levelOf } from "./open.ts";

const LEG_NAME = { entry: "ENTRY_LEG", target: "TARGET_LEG", stop: "STOP_LOSS_LEG" } as const;
const LEG_NO = { entry: 1, stop: 2, target: 3 } as const;

/** Nothing in its row says that an order is the entry of a Super Order. */
export function shownLegName(order: SimOrder): string {
  const { part } = order;
  if (part === undefined) return "NA";
  return part.group.kind === "super" && part.role === "entry" ? "NA" : LEG_NAME[part.role];
}

export function shownLegNo(order: SimOrder): number {
  return LEG_NO[order.part?.role ?? "entry"];
}

export function isPartOfSuper(order: SimOrder): boolean {
  return order.part?.group.kind === "super";
}

export interface ShownExits {
  readonly triggerE4: number;
  readonly profitE4: number;
  readonly stopLossE4: number;
}

/** The exits in the entry's row: a BO's as distances, a CO's stop as the switch said when it came. */
export function shownExits(order: SimOrder): ShownExits {
  const { part, terms } = order;
  const plain = { triggerE4: terms.triggerE4, profitE4: 0, stopLossE4: 0 };
  if (part?.role !== "entry" || part.group.kind === "super") return plain;
  const { group } = part;
  const { coStop } = group;
  const stop = group.stop;
  const target = group.target;
  const distances = {
    profitE4: target === undefined ? 0 : distanceOf(group, target),
    stopLossE4: stop === undefined ? 0 : distanceOf(group, stop),
  };
  if (group.kind === "bracket") return { ...plain, ...distances };
  if (stop === undefined || coStop === "leg-only") return plain;
  if (coStop === "distance") return { ...plain, stopLossE4: distances.stopLossE4 };
  return { ...plain, triggerE4: levelOf(group, stop) };
}

/** The wire's word for a leg of a Super Order that has not ended; undefined for everything else. */
export function shownLegStatus(order: SimOrder): string | undefined {
  if (!isPartOfSuper(order) || order.filled > 0 || order.status !== "PENDING") return undefined;
  if (order.part?.role === "target") return "Dummy";
  if (order.part?.role !== "stop") return undefined;
  return order.triggered ? "Triggered" : "Active";
}
