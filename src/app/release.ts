/** What a release comes to: whose stops it has ended, and whose entries others still stop. */
import type { Released } from "../cli/kill.ts";
import type { StopCause } from "../core/model/fact.ts";
import { STOP_CAUSES, type Stops } from "../core/order/stops.ts";

/** The causes that each command ends; a full disk ends by itself. */
export const RELEASES = {
  release: ["kill", "square-off", "breach"],
  "reset-breaker": ["breaker"],
} as const satisfies Readonly<Record<string, readonly StopCause[]>>;

export interface StoppedBefore {
  readonly account: string;
  /** Before the release. */
  readonly stops: Stops;
}

export function releasedOf(
  what: keyof typeof RELEASES,
  followers: readonly StoppedBefore[],
): Released {
  const ends: readonly StopCause[] = RELEASES[what];
  const held = followers.map(({ account, stops }) => {
    return { account, causes: STOP_CAUSES.filter((cause) => stops.causes[cause] !== undefined) };
  });
  const remaining = held.map(({ account, causes }) => {
    return { account, causes: causes.filter((cause) => !ends.includes(cause)) };
  });
  return {
    ended: held
      .filter(({ causes }) => causes.some((cause) => ends.includes(cause)))
      .map(({ account }) => account),
    stillStopped: remaining.filter(({ causes }) => causes.length > 0),
  };
}
