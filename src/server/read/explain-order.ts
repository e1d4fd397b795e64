/**
 * What became of a leader's order for every follower, and why, from the journal alone. It may be
 * asked with the leader's order id, a follower's order id, or a correlation id of ours.
 */
import type { CopyExplanation, OrderExplanation } from "../../core/model/explanation.ts";
import { type CopyId, toCopyId } from "../../core/model/fact.ts";
import type { AccountId, LinkId } from "../../core/model/ids.ts";
import type { CopyRule } from "../../core/model/link.ts";
import type { EpochMs } from "../../core/model/time.ts";
import { foldFollower } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import type { Journal } from "../../ports/journal.ts";
import { CopyTeller } from "./copy-story.ts";
import { type CopySummary, copySummary } from "./copy-summary.ts";
import { explainRepair } from "./explain-repair.ts";
import { findOrder } from "./find-order.ts";
import { type LeaderOrder, leaderOrderLine } from "./leader-order.ts";
import { neverOpened } from "./never-opened.ts";
import { accountsOf, followerRecord } from "./recorded.ts";
import { istTime, linesOf, symbolOf } from "./words.ts";

/** A link as the settings have it. */
export interface SetLink {
  readonly id: LinkId;
  readonly leader: AccountId;
  readonly follower: AccountId;
  /** Absent: orders. */
  readonly copy?: CopyRule;
}

export interface ExplainQuestion {
  /** Of a leader's order, of a follower's order, or a correlation id. */
  readonly id: string;
  /** The links that are set; absent when the settings are not known. */
  readonly links?: readonly SetLink[];
}

/** Undefined when the journal knows no such order. */
export async function explainOrder(
  journal: Journal,
  { id, links }: ExplainQuestion,
): Promise<OrderExplanation | undefined> {
  const found = await findOrder(journal, id);
  if (found === undefined) return explainRepair(journal, id);
  const { leaderOrder, remark } = found;
  const followers = new Set(await accountsOf(journal, "follower"));
  for (const link of links ?? [])
    if (link.leader === leaderOrder.account) followers.add(link.follower);
  const copies: CopyExplanation[] = [];
  for (const follower of [...followers].sort()) {
    copies.push(...(await explainFollower(journal, follower, leaderOrder, links)));
  }
  const { account, order, told, facts, seenAtMs } = leaderOrder;
  return {
    leader: account,
    leaderOrderId: order.brokerOrderId,
    leaderOrder: leaderOrderLine(order),
    day: istTime(seenAtMs).slice(0, 10),
    remark,
    lines: linesOf(told, seenAtMs),
    facts,
    copies,
  };
}

async function explainFollower(
  journal: Journal,
  follower: AccountId,
  leaderOrder: LeaderOrder,
  links: readonly SetLink[] | undefined,
): Promise<CopyExplanation[]> {
  const { account, order, seenAtMs } = leaderOrder;
  const tellers = new Map<LinkId, CopyTeller>();
  const openedAtMs = new Map<LinkId, EpochMs>();
  const begin = (id: LinkId) => {
    const copyId = toCopyId(id, order.brokerOrderId);
    if (!tellers.has(id)) tellers.set(id, new CopyTeller(copyId, symbolOf(order)));
  };
  for (const link of links ?? []) {
    if (link.leader === account && link.follower === follower) begin(link.id);
  }
  let state = emptyFollower(follower);
  for await (const entry of followerRecord(journal, follower)) {
    const { fact, seq, atMs } = entry;
    const before = state;
    state = foldFollower(before, fact, seq, atMs);
    if (fact.kind === "linkOpened" && fact.leader === account) {
      begin(fact.linkId);
      openedAtMs.set(fact.linkId, atMs);
    }
    for (const teller of tellers.values()) teller.take(entry, before, state);
  }
  return [...tellers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([linkId, teller]) => {
      teller.flush();
      const copyId = toCopyId(linkId, order.brokerOrderId);
      const began = openedAtMs.get(linkId);
      const set = links?.find((link) => link.id === linkId);
      const isSet = links === undefined || set !== undefined;
      const { outcome, code, sentence } =
        summaryOf(state, copyId, leaderOrder, teller) ??
        withoutCopy({ state, linkId, leaderOrder, openedAtMs: began, isSet, copyRule: set?.copy });
      const lines = linesOf(teller.told, seenAtMs);
      const { facts, settled } = teller;
      // While another of its orders is unknown, that is the news.
      const past = settled === undefined || outcome === "unknown" ? "" : `; ${settled}`;
      return { link: linkId, follower, outcome, code, summary: sentence + past, lines, facts };
    });
}

function summaryOf(
  state: FollowerState,
  copyId: CopyId,
  { order, seenAtMs, actedOnAtMs }: LeaderOrder,
  { facts }: CopyTeller,
): CopySummary | undefined {
  return copySummary({
    state,
    copyId,
    facts,
    leaderOrder: order,
    leaderSeenAtMs: seenAtMs,
    leaderLeftTransitAtMs: actedOnAtMs,
  });
}

interface WithoutCopy {
  readonly state: FollowerState;
  readonly linkId: LinkId;
  readonly leaderOrder: LeaderOrder;
  readonly openedAtMs: EpochMs | undefined;
  readonly isSet: boolean;
  readonly copyRule: CopyRule | undefined;
}

function withoutCopy(question: WithoutCopy): CopySummary {
  const { state, linkId, leaderOrder, openedAtMs, isSet, copyRule } = question;
  const opened = state.links.get(linkId);
  return neverOpened({
    leader: leaderOrder.state,
    order: leaderOrder.order,
    seenAtMs: leaderOrder.seenAtMs,
    isSet,
    ...(opened === undefined ? {} : { opened }),
    ...(openedAtMs === undefined ? {} : { openedAtMs }),
    ...(copyRule === undefined ? {} : { copyRule }),
  });
}
