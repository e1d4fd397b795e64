import { STOP_CAUSES } from "../core/order/stops.ts";
import type { FollowerLoop } from "./follower-loop.ts";

/** A stop that was meant for all holds for an account that follows since then, too. */
export function inheritStops(followers: readonly FollowerLoop[]): void {
  for (const newcomer of followers.filter(({ isNew }) => isNew)) {
    for (const cause of STOP_CAUSES) {
      const stop = followers
        .map(({ state }) => state.stops.causes[cause])
        .find((other) => other?.isForAll);
      if (stop === undefined) continue;
      const { by, text } = stop;
      newcomer.feed({ kind: "stopEntries", cause, by, text, isForAll: true });
    }
  }
}
