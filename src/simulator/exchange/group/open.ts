/** A new group around an entry, and the levels that its exits will have. */
import { averageE4 } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import type { Switches } from "../switches.ts";
import type { ExitTerms, GroupTerms } from "./group.ts";

function newExit(leg: SimExit["leg"], terms: ExitTerms): SimExit {
  const { levelE4, distanceE4, trailE4 } = terms;
  return { leg, levelE4, distanceE4, trailE4, trailedSteps: 0 };
}

/** Makes the order the entry of a group of its own. */
export function openGroup(entry: SimOrder, terms: GroupTerms, switches: Switches): SimGroup {
  const { kind, target, stop } = terms;
  const group: SimGroup = {
    kind,
    entry,
    coStop: switches.coStop,
    ...(target !== undefined && { target: newExit("target", target) }),
    ...(stop !== undefined && { stop: newExit("stop", stop) }),
    moments: [],
    isSettling: false,
    isCancelWaiting: false,
    isCancelDue: false,
  };
  entry.part = { group, role: "entry" };
  return group;
}

/** What distances count from: the entry's average, before that its price, or the last price. */
export function referenceE4({ entry }: SimGroup): number {
  if (entry.filled > 0) return averageE4(entry);
  return entry.terms.priceE4 || entry.instrument.lastE4;
}

/** The exit's level, on the tick; worked out of its distance where no level was told. */
export function levelOf(group: SimGroup, exit: SimExit): number {
  if (exit.levelE4 > 0) return exit.levelE4;
  const { instrument, side } = group.entry;
  const isAbove = (exit.leg === "target") === (side === "BUY");
  const raw = referenceE4(group) + (isAbove ? exit.distanceE4 : -exit.distanceE4);
  return Math.max(instrument.tickE4, Math.round(raw / instrument.tickE4) * instrument.tickE4);
}

export function distanceOf(group: SimGroup, exit: SimExit): number {
  return exit.distanceE4 || Math.abs(exit.levelE4 - referenceE4(group));
}
