/** What the facts say of a position that is not where it should be, and since when. */
import type { Drift, DriftPart, DriftPosition } from "../model/drift.ts";

export interface KnownDrift {
  readonly position: DriftPosition;
  readonly target: number;
  readonly copied: number;
  readonly held: number;
  readonly difference: number;
  readonly parts: readonly DriftPart[];
  /** Since when it stands with these causes on this side. */
  readonly sinceMs: number;
  /** Since when a part of it is explained by nothing. */
  readonly unknownSinceMs?: number;
  /** A person was told of the part that nothing explains. */
  readonly isAlarmed: boolean;
  /** A person was told that the leader is out and the follower is not. */
  readonly isLeftTold: boolean;
}

/** "rejected, rounding": what it is by, whatever its size. */
export function causesOf({ parts }: Pick<Drift, "parts">): string {
  return [...new Set(parts.map(({ cause }) => cause))].sort().join(", ");
}

/** Its causes and its side are the same; its size may be another. */
export function isSameDrift(
  known: Pick<Drift, "parts" | "difference">,
  now: Pick<Drift, "parts" | "difference">,
): boolean {
  const isSameSide = Math.sign(known.difference) === Math.sign(now.difference);
  return isSameSide && causesOf(known) === causesOf(now);
}

/** As it is known after a fact of this time. An episode lasts as long as causes and side do. */
export function knownDrift(before: KnownDrift | undefined, drift: Drift, atMs: number): KnownDrift {
  const { linkId, instrument, product, of, target, copied, held, difference, parts } = drift;
  const isSame = before !== undefined && isSameDrift(before, drift);
  const isUnknown = parts.some(({ cause }) => cause === "unknown");
  return {
    position: { linkId, instrument, product, ...(of && { of }) },
    target,
    copied,
    held,
    difference,
    parts,
    sinceMs: isSame ? before.sinceMs : atMs,
    ...(isUnknown && { unknownSinceMs: before?.unknownSinceMs ?? atMs }),
    isAlarmed: isUnknown && before?.isAlarmed === true,
    isLeftTold: isSame && before.isLeftTold && before.difference === difference,
  };
}
