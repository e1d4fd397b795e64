/** Changing and cancelling exit legs and whole groups: answered at once, done after `changeMs`. */
import { isOpen } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import { closeOrder } from "../place.ts";
import { inputRefusal, ok, orderRefusal, type Reply, TEXT } from "../replies.ts";
import { isMarketOpen } from "../session-clock.ts";
import type { Venue } from "../venue.ts";
import { settleGroup } from "./follow.ts";
import { exitsOf, isChangeable } from "./group.ts";
import { endLeg, moveLeg } from "./legs.ts";
import { setStop } from "./trail.ts";

/** What every change of a group is refused for; undefined when it may go on. */
export function refusedChange(venue: Venue, group: SimGroup): Reply | undefined {
  if (!isMarketOpen(venue)) return orderRefusal(TEXT.closedChange);
  if (group.entry.modifications >= venue.switches.modificationLimit) {
    return orderRefusal(TEXT.tooManyModifications);
  }
  return undefined;
}

export interface LevelChange {
  readonly levelE4: number;
  /** A stop's; 0 ends the trail. */
  readonly trailE4: number;
}

/** The modifications of all parts count together, on the entry. */
export function changeLeg(
  venue: Venue,
  group: SimGroup,
  exit: SimExit | undefined,
  change: LevelChange,
): Reply {
  const refused = refusedChange(venue, group);
  if (refused !== undefined) return refused;
  if (!isChangeable(exit)) return orderRefusal();
  const { tickE4 } = group.entry.instrument;
  const isOffTick = change.levelE4 % tickE4 !== 0 || change.trailE4 % tickE4 !== 0;
  if (change.levelE4 <= 0 || isOffTick) return inputRefusal();
  group.entry.modifications += 1;
  venue.agenda.after(venue.switches.changeMs, () => {
    if (isChangeable(exit)) setLevel(venue, group, exit, change);
    settleGroup(venue, group);
  });
  return ok({ orderId: group.entry.orderId, orderStatus: "TRANSIT" });
}

/** Takes effect at once, wherever the leg is. */
export function setLevel(
  venue: Venue,
  group: SimGroup,
  exit: SimExit,
  { levelE4, trailE4 }: LevelChange,
): void {
  if (exit.leg === "stop") setStop(group, exit, levelE4, trailE4);
  else exit.levelE4 = levelE4;
  moveLeg(venue, group, exit);
}

/** A cancelled leg never comes back; the other one stays. */
export function cancelLeg(venue: Venue, group: SimGroup, exit: SimExit | undefined): Reply {
  if (!isMarketOpen(venue)) return orderRefusal(TEXT.closedChange);
  if (!isChangeable(exit)) return orderRefusal();
  venue.agenda.after(venue.switches.changeMs, () => {
    if (isChangeable(exit)) endLeg(venue, exit);
    settleGroup(venue, group);
  });
  // A Super Order's leg is named by its entry, a BO's or CO's by its own number.
  const named = group.kind === "super" ? group.entry : (exit.order ?? group.entry);
  return cancelled(venue, named);
}

/** Before any fill all of the group is cancelled; afterwards the switch decides. */
export function cancelEntry(venue: Venue, group: SimGroup): Reply {
  const { entry } = group;
  if (!isMarketOpen(venue)) return orderRefusal(TEXT.closedChange);
  if (entry.status === "TRANSIT") return orderRefusal(TEXT.transit);
  const rule = venue.switches.superEntryCancelAfterFill;
  const legsToo = rule === "cancel-legs" && exitsOf(group).some(isChangeable);
  if (!isOpen(entry) && !(entry.filled > 0 && legsToo)) return orderRefusal();
  if (entry.filled > 0 && rule === "refuse") return orderRefusal();
  venue.agenda.after(venue.switches.changeMs, () => endEntry(venue, group, rule));
  return cancelled(venue, entry);
}

type AfterFillRule = Venue["switches"]["superEntryCancelAfterFill"];

function endEntry(venue: Venue, group: SimGroup, rule: AfterFillRule): void {
  const { entry } = group;
  const hasFilled = entry.filled > 0;
  if (hasFilled && rule === "refuse") return;
  if (isOpen(entry)) closeOrder(venue, entry, "CANCELLED");
  if (hasFilled && rule === "cancel-legs") {
    for (const exit of exitsOf(group)) if (isChangeable(exit)) endLeg(venue, exit);
  }
  settleGroup(venue, group);
}

function cancelled(venue: Venue, order: SimOrder): Reply {
  const body = { orderId: order.orderId, orderStatus: "CANCELLED" };
  return ok(body, venue.switches.cancelStatus);
}
