/**
 * What a link repairs by itself: what is too much, once it has been so for as long as the link says.
 *
 * Keeps: nothing is entered by rule; what somebody may have wanted so is left to a person; a repair
 * that comes to nothing is not begun again before the same time has passed, nor without end.
 */
import { driftsOf } from "../drift/drift.ts";
import type { Drift, DriftCause } from "../model/drift.ts";
import type { Link } from "../model/link.ts";
import { beginOfDay, toEpochMs } from "../model/time.ts";
import { toPositionKey } from "../order/account-book.ts";
import { copiedKeyOf, type FollowerState } from "../order/follower-state.ts";
import type { LeaderState } from "../order/leader.ts";
import { sessionRefusal } from "../risk/session.ts";
import type { Draft } from "./draft.ts";
import { offerRepair } from "./offer-repair.ts";
import { beginRepair } from "./repair-drift.ts";
import { Scope } from "./scope.ts";

/** A link tries so often, a position and a day; then it is a person's. */
const TRIES_MAX = 3;

/** Who cancelled an exit may want to stay in, and what is looked for still may show by what it was. */
const FOR_A_PERSON: ReadonlySet<DriftCause> = new Set(["manual", "square-off", "unknown"]);

export function repairByRule(draft: Draft): Scope {
  const scope = new Scope();
  for (const [linkId, { leader: leaderId }] of draft.state.links.entries()) {
    const link = draft.link(linkId);
    const leader = draft.context.leader(leaderId);
    if (link?.repair?.kind !== "towards-less" || link.mode === "paused" || !leader) continue;
    for (const drift of driftsOf({ linkId, follower: draft.state, leader })) {
      if (!isDue(draft, drift, link.repair.afterMs)) continue;
      if (begins(draft, drift, link, leader)) {
        scope.addPosition(toPositionKey(drift.instrument, drift.product));
      }
    }
  }
  return scope;
}

function isDue({ state, context }: Draft, drift: Drift, afterMs: number): boolean {
  const known = state.drifts.get(copiedKeyOf(drift));
  // Nothing differs: it was looked at in this very step.
  if (known === undefined) return false;
  if (context.nowMs - known.sinceMs < afterMs) return false;
  const tries = triesOf(state, drift);
  const lastMs = Math.max(...tries);
  return tries.length < TRIES_MAX && context.nowMs - lastMs >= afterMs;
}

/** When the link's rule has begun a repair of the position on this day. */
function triesOf(state: FollowerState, drift: Drift): readonly number[] {
  const name = copiedKeyOf(drift);
  const beganAtMs = state.day === undefined ? 0 : beginOfDay(state.day);
  return [...state.copies.values()]
    .filter(({ repair }) => repair !== undefined && repair.requestId === undefined)
    .filter((copy) => copiedKeyOf(copy) === name && copy.openedAtMs >= beganAtMs)
    .map(({ openedAtMs }) => openedAtMs);
}

function begins(draft: Draft, drift: Drift, link: Link, leader: LeaderState): boolean {
  if (drift.parts.some(({ cause }) => FOR_A_PERSON.has(cause))) return false;
  // Nobody waits for it: an order that would only be refused is kept for when the segment is open.
  const { calendar, nowMs } = draft.context;
  if (sessionRefusal(calendar, drift.instrument, toEpochMs(nowMs)) !== undefined) return false;
  const { order, ...offer } = offerRepair(draft, drift);
  if (order === undefined || order.leg !== "exit") return false;
  beginRepair(draft, { ...offer, order }, { by: `the rule of ${link.id}` }, leader);
  return true;
}
