/** Differences that a person is shown by a running Tandem, and repairs that he asks it for. */

import { toCopyId } from "../core/model/fact.ts";
import type { AccountId, BrokerOrderId, InstrumentKey, LinkId } from "../core/model/ids.ts";
import type { PriceE4 } from "../core/model/money.ts";
import type { RepairAnswer, RepairRefused, SeenPosition } from "../core/model/repair.ts";
import { copiedKeyOf, type FollowerState } from "../core/order/follower-state.ts";
import { isSameDrift } from "../core/order/known-drift.ts";
import type { RepairOffer } from "../core/plan/repair-order.ts";
import type { Clock } from "../ports/clock.ts";
import type { Desk } from "../runtime/desk.ts";
import type { FollowerLoop } from "../runtime/follower-loop.ts";
import { repairSentence } from "../server/read/repair-words.ts";
import type {
  OfferedRepair,
  RepairsAsked,
  SeenRepair,
  TakenRepair,
  WhyNot,
} from "../server/repair-door.ts";
import { inTime, unknownLink } from "./carry-out.ts";

export interface RepairParts {
  readonly clock: Clock;
  readonly symbolOf: (instrument: InstrumentKey) => string;
  readonly isShadow: (account: AccountId) => boolean;
}

/** Every difference of this link (absent: of all), as the desk has it now. */
export async function offersOf(
  desk: Desk | undefined,
  link: string | undefined,
  parts: RepairParts,
): Promise<readonly OfferedRepair[]> {
  return inTime(desk, parts.clock, async (running) => {
    const all = running.stations.flatMap(({ follower }) => follower ?? []);
    const followers = link === undefined ? all : [followerOf(running, link)];
    return followers.flatMap((follower) =>
      follower
        .repairOffers()
        .filter(({ drift }) => link === undefined || drift.linkId === link)
        .map((offer) => shown(offer, follower, parts)),
    );
  });
}

function shown(offer: RepairOffer, follower: FollowerLoop, parts: RepairParts): OfferedRepair {
  const { drift, actual, order, refused } = offer;
  const { linkId, instrument, product, of, target, difference } = drift;
  const { state, account } = follower;
  const known = state.drifts.get(copiedKeyOf(drift));
  const sinceMs = known !== undefined && isSameDrift(known, drift) ? known.sinceMs : undefined;
  return {
    link: linkId,
    leader: state.links.get(linkId)?.leader ?? "",
    follower: account,
    isShadow: parts.isShadow(account),
    instrument,
    symbol: parts.symbolOf(instrument),
    product,
    ...(of && { of }),
    target,
    actual,
    difference,
    parts: drift.parts.map(({ cause, units, code }) => ({ cause, units, code })),
    ...(sinceMs !== undefined && { ageMs: Math.max(0, parts.clock.nowMs() - sinceMs) }),
    ...(order && { order }),
    ...(refused && { refused: whyNot(refused) }),
  };
}

function whyNot(refused: RepairRefused): WhyNot {
  return { code: refused.code, text: repairSentence(refused) };
}

/** Resolves when what became of them is durable; for the same request again to how they stand. */
export async function carryOutRepairs(
  desk: Desk | undefined,
  { requestId, by, positions }: RepairsAsked,
  parts: RepairParts,
): Promise<readonly TakenRepair[]> {
  return inTime(desk, parts.clock, async (running) => {
    const byFollower = Map.groupBy(positions, ({ link }) => followerOf(running, link));
    await running.tell(
      [...byFollower.keys()].map(({ account }) => account),
      (follower) => {
        const own = byFollower.get(follower) ?? [];
        follower.feed({ kind: "repair", requestId, by, positions: own.map(seenPosition) });
      },
    );
    return [...byFollower.keys()].flatMap(({ account, state }) => {
      const request = state.repairs.find((one) => one.requestId === requestId);
      return (request?.answers ?? []).map((answer) => taken(answer, account, state, parts));
    });
  });
}

function followerOf({ stations }: Desk, link: string): FollowerLoop {
  const found = stations.find(({ follower }) => follower?.state.links.has(link as LinkId));
  if (found?.follower === undefined) throw unknownLink(link);
  return found.follower;
}

/** Names that nothing is known by are refused by the core: nothing is copied there. */
function seenPosition({ link, instrument, of, order, ...rest }: SeenRepair): SeenPosition {
  const { price, ...bare } = order ?? {};
  const seenOrder = { ...bare, ...(price !== undefined && { price: price as PriceE4 }) };
  return {
    ...rest,
    linkId: link as LinkId,
    instrument: instrument as InstrumentKey,
    ...(of && { of: { ...of, instrument: of.instrument as InstrumentKey } }),
    ...(order && { order: seenOrder as NonNullable<SeenPosition["order"]> }),
  };
}

function taken(
  answer: RepairAnswer,
  account: AccountId,
  state: FollowerState,
  { symbolOf }: RepairParts,
): TakenRepair {
  const { linkId, instrument, product } = answer;
  const named = { link: linkId, follower: account, symbol: symbolOf(instrument), product };
  if ("refused" in answer) return { ...named, refused: whyNot(answer.refused) };
  return { ...named, repair: standingOf(state, linkId, answer.name) };
}

function standingOf(state: FollowerState, linkId: LinkId, name: BrokerOrderId) {
  const copy = state.copies.get(toCopyId(linkId, name));
  // A day that began since has left nothing of it.
  if (copy === undefined) return { name, side: "", units: 0, filled: 0, isOver: true };
  const leg = copy.exit === undefined ? "entry" : "exit";
  const children = copy.children[leg].map((id) => state.children.get(id));
  const filled = children.reduce((sum, child) => sum + (child?.filled ?? 0), 0);
  const code = copy.skips[leg];
  return {
    name,
    side: copy.side,
    units: copy.split.leaderQuantity,
    filled,
    isOver: copy.isClosed,
    ...(code && { why: whyNot({ code, inputs: {} }) }),
  };
}
