/** Why a leader order has no copy at all under a link: nothing was ever recorded about it there. */
import { splitAtZero } from "../../core/desire/split.ts";
import type { CopyRule } from "../../core/model/link.ts";
import type { OrderFamily } from "../../core/model/order.ts";
import type { EpochMs } from "../../core/model/time.ts";
import { type BookOrder, isGroupEntry } from "../../core/order/account-book.ts";
import type { OpenedLink } from "../../core/order/follower-state.ts";
import type { LeaderState } from "../../core/order/leader.ts";
import { needsConfirmation } from "../../core/plan/consider.ts";
import type { CopySummary } from "./copy-summary.ts";
import { istTime } from "./words.ts";

/** What `tandem explain` says beside the codes that the core records. */
export const NEVER_OPENED_CODES = {
  "older-than-link": "the leader's order is older than the link",
  "in-transit": "the leader's order is in transit, where the broker may still refuse it",
  "levels-awaited":
    "the exit levels of the leader's group are read first: it is never copied without them",
  "fill-awaited": "nothing of the order has filled, and the link copies only what has",
  "leg-awaited": "it is an exit leg of the leader's; it has not filled, and has no copy of its own",
  "link-not-begun": "the link has not begun: the books of both accounts are read first",
  "link-not-set": "the link is not in the settings any more",
  "not-considered": "the order was not considered yet: the link is not armed",
} as const;
export type NeverOpenedCode = keyof typeof NEVER_OPENED_CODES;

const LEGS: ReadonlySet<OrderFamily> = new Set(["super-leg", "bracket-leg", "cover-leg"]);

export interface NeverOpenedQuestion {
  readonly leader: LeaderState;
  readonly order: BookOrder;
  /** The link as the follower's stream has it; absent before it began. */
  readonly opened?: OpenedLink;
  readonly openedAtMs?: EpochMs;
  /** When the order was first seen. */
  readonly seenAtMs: EpochMs;
  /** False when the settings are known and do not have the link. */
  readonly isSet: boolean;
  /** As the settings have it; absent when they are not known. */
  readonly copyRule?: CopyRule;
}

export function neverOpened(question: NeverOpenedQuestion): CopySummary {
  const { leader, order, opened } = question;
  if (opened === undefined) {
    return question.isSet ? pending("link-not-begun") : skipped("link-not-set");
  }
  if (order.firstSeq <= opened.leaderSeq)
    return { ...skipped("older-than-link"), ...older(question) };
  if (!question.isSet) return skipped("link-not-set");
  const awaited = awaitedOf(question);
  if (awaited !== undefined) return pending(awaited);
  if (order.status === "transit") return pending("in-transit");
  if (needsConfirmation(leader, order, splitAtZero(leader, order))) {
    const sentence = "the leader's books are read once more before this order is acted on";
    return { outcome: "pending", code: "confirming-leader-book", sentence };
  }
  return pending("not-considered");
}

/** What must be known of the order before anything can be decided about it. */
function awaitedOf({ leader, order, copyRule }: NeverOpenedQuestion): NeverOpenedCode | undefined {
  const { family, filledQuantity, firstSeq } = order;
  if (isGroupEntry(family)) return firstSeq > leader.confirmedSeq ? "levels-awaited" : undefined;
  if (filledQuantity > 0) return undefined;
  if (LEGS.has(family)) return "leg-awaited";
  return family !== "forever" && copyRule === "fills" ? "fill-awaited" : undefined;
}

function older({ openedAtMs, seenAtMs }: NeverOpenedQuestion): { sentence: string } {
  const began = openedAtMs === undefined ? "" : `, which began at ${istTime(openedAtMs, seenAtMs)}`;
  const seen = `the order was first seen at ${istTime(seenAtMs)}`;
  return { sentence: `older than the link${began}; ${seen}` };
}

function pending(code: NeverOpenedCode): CopySummary {
  return { outcome: "pending", code, sentence: NEVER_OPENED_CODES[code] };
}

function skipped(code: NeverOpenedCode): CopySummary {
  return { outcome: "skipped", code, sentence: NEVER_OPENED_CODES[code] };
}
