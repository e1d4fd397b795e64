import type { Auditor } from "../audit/auditor.ts";
import type { Link } from "../core/model/link.ts";
import { stopCause } from "../core/order/stops.ts";
import type { Desk } from "../runtime/desk.ts";
import type { AccountMetric, Metrics } from "../server/metrics.ts";
import { armedLinks } from "./auditing.ts";

/** What `/metrics` tells; while the desk is starting there are no links and no accounts yet. */
export function readMetrics(
  desk: Desk | undefined,
  auditor: Auditor | undefined,
  links: readonly Link[],
): Metrics {
  const armed = armedLinks(desk, links);
  return {
    isReady: desk?.readiness().isReady ?? false,
    checks: auditor?.counts ?? [],
    checkFaults: auditor?.faults ?? 0,
    links: links.map(({ id }) => ({ link: id, isReady: armed.has(id) })),
    accounts: (desk?.stations ?? []).map(accountMetric),
  };
}

function accountMetric({ account, feed, follower }: Desk["stations"][number]): AccountMetric {
  if (follower === undefined) return { account, feed: feed.state };
  const { state, unsettled: unknown, waitingCommands: waiting } = follower;
  let openCopies = 0;
  for (const ids of state.openCopies.values()) openCopies += ids.length;
  const isStopped = stopCause(state.stops) !== undefined;
  return { account, feed: feed.state, follower: { unknown, openCopies, waiting, isStopped } };
}
