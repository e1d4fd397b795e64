/** Keeps groups in step: after each change of one of its orders a group takes the steps it needs. */
import { isOpen } from "../order.ts";
import type { SimExit, SimGroup, SimOrder } from "../order-records.ts";
import { closeOrder } from "../place.ts";
import type { Venue } from "../venue.ts";
import { exitState, hasFired } from "./group.ts";
import { armLeg, endLeg, resizeLeg } from "./legs.ts";
import { remember } from "./moments.ts";
import { type ExitView, type GroupStep, type GroupView, planGroup } from "./plan.ts";

/** To be called after every change of any order; orders of no group are none of its business. */
export function followGroup(venue: Venue, order: SimOrder): void {
  if (order.part !== undefined) settleGroup(venue, order.part.group);
}

/** Takes all steps that are due. A step's effects call back in here and are left to the first call. */
export function settleGroup(venue: Venue, group: SimGroup): void {
  if (group.isSettling) return;
  group.isSettling = true;
  try {
    for (let step = nextStep(venue, group); step !== undefined; step = nextStep(venue, group)) {
      take(venue, group, step);
    }
  } finally {
    group.isSettling = false;
  }
  remember(venue, group);
}

/** With a delay for siblings, theirs wait for it, and both legs can fill meanwhile. */
function nextStep(venue: Venue, group: SimGroup): GroupStep | undefined {
  const steps = planGroup(viewOf(group));
  const { siblingCancelMs } = venue.switches;
  if (siblingCancelMs === 0 || group.isCancelDue) return steps[0];
  if (steps.some(isForSibling)) waitForSibling(venue, group, siblingCancelMs);
  return steps.find((step) => !isForSibling(step));
}

function isForSibling(step: GroupStep): boolean {
  return step.kind === "shrink" || step.kind === "end-leg";
}

function waitForSibling(venue: Venue, group: SimGroup, delayMs: number): void {
  if (group.isCancelWaiting) return;
  group.isCancelWaiting = true;
  venue.agenda.after(delayMs, () => {
    group.isCancelWaiting = false;
    group.isCancelDue = true;
    settleGroup(venue, group);
    group.isCancelDue = false;
  });
}

function take(venue: Venue, group: SimGroup, step: GroupStep): void {
  if (step.kind === "end-entry") {
    closeOrder(venue, group.entry, "CANCELLED");
    return;
  }
  const exit = group[step.leg];
  if (exit === undefined) return;
  switch (step.kind) {
    case "arm":
      armLeg(venue, group, exit, step.quantity);
      break;
    case "grow":
    case "shrink":
      resizeLeg(venue, exit, step.quantity);
      break;
    case "end-leg":
      endLeg(venue, exit);
      break;
    case "drop-leg":
      exit.endedAs = step.as;
      break;
  }
}

function viewOf(group: SimGroup): GroupView {
  const { entry, target, stop } = group;
  return {
    entryIsOpen: isOpen(entry),
    entryExpired: entry.status === "EXPIRED",
    entryFilled: entry.filled,
    ...(target !== undefined && { target: exitView(target) }),
    ...(stop !== undefined && { stop: exitView(stop) }),
  };
}

function exitView(exit: SimExit): ExitView {
  const { order } = exit;
  return {
    state: exitState(exit),
    quantity: order?.terms.quantity ?? 0,
    filled: order?.filled ?? 0,
    hasFired: order !== undefined && hasFired(order),
  };
}
