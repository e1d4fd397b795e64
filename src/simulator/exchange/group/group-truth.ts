/** The truth of order groups, for auditors. Rupees, epoch milliseconds. */
import type { SimGroup } from "../order-records.ts";
import type { GroupMoment } from "./group-moment.ts";

export interface GroupTruth {
  readonly kind: SimGroup["kind"];
  readonly entryId: string;
  readonly correlationId: string;
  readonly targetId: string | null;
  readonly stopId: string | null;
  /** How the group stood from each change on, oldest first. */
  readonly moments: readonly GroupMoment[];
}

export function groupTruth({ kind, entry, target, stop, moments }: SimGroup): GroupTruth {
  return {
    kind,
    entryId: entry.orderId,
    correlationId: entry.correlationId,
    targetId: target?.order?.orderId ?? null,
    stopId: stop?.order?.orderId ?? null,
    moments: [...moments],
  };
}

/** How the group stood at that instant; undefined before it was placed. */
export function groupAt(group: GroupTruth, atMs: number): GroupMoment | undefined {
  return group.moments.findLast((moment) => moment.atMs <= atMs);
}

export interface Unprotected {
  readonly entryId: string;
  readonly units: number;
}

/** Entries that at that instant had units in, not out, and no stop that worked or had fired. */
export function unprotectedAt(groups: readonly GroupTruth[], atMs: number): Unprotected[] {
  return groups.flatMap((group) => {
    const units = groupAt(group, atMs)?.unprotected ?? 0;
    return units > 0 ? [{ entryId: group.entryId, units }] : [];
  });
}
