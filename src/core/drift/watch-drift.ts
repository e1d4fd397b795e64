/**
 * Facts about positions that are not where the link's rule would have them: when that began, why, when
 * it ended, and an alarm for what nothing explains.
 *
 * It looks when the follower's books have been read whole, and at no other time: between two reads a
 * difference is news under way, and the way of an order must not wait for it.
 */
import type { Drift, DriftCause, DriftPart } from "../model/drift.ts";
import type { LinkId } from "../model/ids.ts";
import { copiedKeyOf, linkOfCopied } from "../order/follower-state.ts";
import { causesOf, isSameDrift, type KnownDrift } from "../order/known-drift.ts";
import type { Draft } from "../plan/draft.ts";
import { driftsOf } from "./drift.ts";

/** Of every link whose leader is known; a link that is out of the settings stays as it was. */
export function watchDrift(draft: Draft): void {
  for (const [linkId, { leader: leaderId }] of draft.state.links.entries()) {
    const leader = draft.context.leader(leaderId);
    if (leader === undefined || draft.context.link(linkId) === undefined) continue;
    const drifts = driftsOf({ linkId, follower: draft.state, leader });
    watchLink(
      draft,
      linkId,
      drifts.filter(({ difference }) => difference !== 0),
    );
  }
}

function watchLink(draft: Draft, linkId: LinkId, drifts: readonly Drift[]): void {
  const standing = new Set<string>(drifts.map(copiedKeyOf));
  for (const [key] of draft.state.drifts.entries()) {
    if (linkOfCopied(key) !== linkId || standing.has(key)) continue;
    const drift = draft.state.drifts.get(key);
    if (drift !== undefined) draft.record({ kind: "driftEnded", ...drift.position });
  }
  for (const drift of drifts) {
    const known = draft.state.drifts.get(copiedKeyOf(drift));
    if (isNews(known, drift)) draft.record({ kind: "driftBegan", ...drift });
    alarmUnknown(draft, drift);
    alarmLeft(draft, drift);
  }
}

/** What is merely under way changes with every fill: its size is no news. */
function isNews(known: KnownDrift | undefined, drift: Drift): boolean {
  if (known === undefined || !isSameDrift(known, drift)) return true;
  const isMoving = drift.parts.every(({ cause }) => cause === "catching-up");
  return !isMoving && known.difference !== drift.difference;
}

/** For these no person has been told of anything yet, and as long as the leader is in, none need be. */
const QUIET: ReadonlySet<DriftCause> = new Set([
  "missed",
  "skipped-by-rule",
  "square-off",
  "rounding",
]);

/** Of an entry with these a person has heard that units are missing, not that others are too many. */
const TOLD_OF_ENTRY: ReadonlySet<DriftCause> = new Set(["manual", "rejected"]);

/** The leader is out of it, or on the other side, and nothing is under way that takes the follower out. */
function alarmLeft(draft: Draft, drift: Drift): void {
  const known = draft.state.drifts.get(copiedKeyOf(drift));
  if (known === undefined || known.isLeftTold) return;
  const { instrument, product, target, copied, held, difference, parts } = drift;
  const there = target + difference;
  const isLeft = there !== 0 && Math.sign(there) !== Math.sign(target);
  if (!isLeft || !parts.every(isQuiet)) return;
  const { nowMs, limits } = draft.context;
  const forMs = nowMs - known.sinceMs;
  if (forMs < limits.leftInMs) return;
  const inputs = { instrument, product, left: Math.abs(there), target, copied, held, forMs };
  const causes = causesOf(drift);
  const { position } = known;
  draft.record({ kind: "alarmed", code: "left-in", position, inputs: { ...inputs, causes } });
}

function isQuiet({ cause, leg }: DriftPart): boolean {
  return QUIET.has(cause) || (leg === "entry" && TOLD_OF_ENTRY.has(cause));
}

function alarmUnknown(draft: Draft, drift: Drift): void {
  const known = draft.state.drifts.get(copiedKeyOf(drift));
  if (known?.unknownSinceMs === undefined || known.isAlarmed) return;
  const { nowMs, limits } = draft.context;
  const forMs = nowMs - known.unknownSinceMs;
  if (forMs < limits.driftAlarmMs) return;
  const { instrument, product, target, copied, held, parts } = drift;
  const unknown = parts.filter(({ cause }) => cause === "unknown");
  const units = unknown.reduce((sum, part) => sum + part.units, 0);
  const inputs = { instrument, product, units, target, copied, held, forMs };
  draft.record({ kind: "alarmed", code: "drift", position: known.position, inputs });
}
