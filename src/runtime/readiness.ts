/** Whether a desk copies, and if not, why: what `/readyz` and `tandem status` say. */
import type { AccountId, LinkId } from "../core/model/ids.ts";
import type { Link } from "../core/model/link.ts";
import { asMoved } from "../core/order/link-modes.ts";
import { STOP_CAUSES } from "../core/order/stops.ts";
import type { AccountFeed } from "./account-feed.ts";
import type { FollowerLoop } from "./follower-loop.ts";

export interface Readiness {
  readonly isReady: boolean;
  readonly reasons: readonly string[];
  /** Every link that copies is armed, whether its entries are stopped or not. */
  readonly isArmed: boolean;
}

export interface ReadinessQuestion {
  readonly links: Iterable<Link>;
  readonly station: (id: AccountId) => {
    readonly feed: Pick<AccountFeed, "state" | "problem">;
    readonly follower: Pick<FollowerLoop, "state" | "isArmed"> | undefined;
  };
  /** Links whose beginning is durable. */
  readonly begunLinks: ReadonlySet<LinkId>;
  /** What ails the whole of it. */
  readonly problems: readonly string[];
}

/** Paused links are no part of it. */
export function readinessOf(question: ReadinessQuestion): Readiness {
  const moved = (link: Link) =>
    asMoved(link, question.station(link.follower).follower?.state.modes.get(link.id));
  const links = [...question.links].filter((link) => moved(link).mode !== "paused");
  const reasons = [...question.problems, ...links.flatMap((link) => unarmed(link, question))];
  const stopped = links.flatMap((link) => stops(link, question));
  return {
    isReady: reasons.length + stopped.length === 0,
    reasons: [...new Set([...stopped, ...reasons])],
    isArmed: reasons.length === 0,
  };
}

function unarmed(link: Link, { station, begunLinks }: ReadinessQuestion): string[] {
  const feeds = [link.leader, link.follower].flatMap((id) => {
    const { feed } = station(id);
    return feed.state === "proved" ? [] : [`link ${link.id}: account ${id}: ${feed.problem}`];
  });
  const { follower } = station(link.follower);
  if (follower?.state.suspended !== undefined) {
    return [...feeds, `link ${link.id}: the broker refuses orders of ${link.follower}`];
  }
  const isArmed = follower?.isArmed && begunLinks.has(link.id);
  return isArmed ? feeds : [...feeds, `link ${link.id}: not armed yet`];
}

function stops({ id, follower }: Link, { station }: ReadinessQuestion): string[] {
  const causes = station(follower).follower?.state.stops.causes ?? {};
  return STOP_CAUSES.flatMap((cause) => {
    const stop = causes[cause];
    if (stop === undefined) return [];
    const why = `${cause}, by ${stop.by}${stop.text === "" ? "" : `: ${stop.text}`}`;
    return [`link ${id}: entries of ${follower} are stopped (${why})`];
  });
}
