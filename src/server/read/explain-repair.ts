/**
 * What became of a repair, from the follower's stream alone: it stands for no order of the leader's. It
 * may be asked with its name (RP12), an order's id, or a correlation id of ours.
 */
import type { OrderExplanation } from "../../core/model/explanation.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { RepairAim } from "../../core/model/repair.ts";
import { toEpochMs } from "../../core/model/time.ts";
import type { Copy } from "../../core/order/copy.ts";
import { LEGS } from "../../core/order/correlation-id.ts";
import { foldFollower } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import type { Journal } from "../../ports/journal.ts";
import { CopyTeller } from "./copy-story.ts";
import { copySummary } from "./copy-summary.ts";
import { accountsOf, followerRecord } from "./recorded.ts";
import { istTime, linesOf } from "./words.ts";

type RepairCopy = Copy & { readonly repair: RepairAim };

/** Undefined when the journal knows no such repair. Names are of one follower each: the first has it. */
export async function explainRepair(
  journal: Journal,
  id: string,
): Promise<OrderExplanation | undefined> {
  for (const follower of await accountsOf(journal, "follower")) {
    const state = await replayed(journal, follower);
    const copy = [...state.copies.values()].filter(isRepair).find((one) => isNamed(state, one, id));
    if (copy !== undefined) return explained(journal, { follower, state, copy, id });
  }
  return undefined;
}

async function replayed(journal: Journal, follower: AccountId): Promise<FollowerState> {
  let state = emptyFollower(follower);
  for await (const { fact, seq, atMs } of followerRecord(journal, follower)) {
    state = foldFollower(state, fact, seq, atMs);
  }
  return state;
}

function isRepair(copy: Copy): copy is RepairCopy {
  return copy.repair !== undefined;
}

function isNamed(state: FollowerState, { leaderOrderId, children }: Copy, id: string): boolean {
  if (leaderOrderId === id) return true;
  return LEGS.flatMap((leg) => children[leg]).some((name) => {
    return name === id || state.children.get(name)?.brokerOrderId === id;
  });
}

interface Found {
  readonly follower: AccountId;
  readonly state: FollowerState;
  readonly copy: RepairCopy;
  readonly id: string;
}

async function explained(
  journal: Journal,
  { follower, state, copy, id }: Found,
): Promise<OrderExplanation> {
  const { copyId, linkId, leader, leaderOrderId, instrument } = copy;
  const openedAtMs = toEpochMs(copy.openedAtMs);
  const orders = [...state.book.orders.values()].filter((one) => one.instrument === instrument);
  const symbol = orders.find((one) => one.symbol !== "")?.symbol ?? instrument;
  const teller = new CopyTeller(copyId, symbol);
  let before = emptyFollower(follower);
  for await (const entry of followerRecord(journal, follower)) {
    const after = foldFollower(before, entry.fact, entry.seq, entry.atMs);
    teller.take(entry, before, after);
    before = after;
  }
  teller.flush();
  const { facts, told } = teller;
  const summary = copySummary({ state, copyId, facts });
  const { outcome = "pending", code = "", sentence = "" } = summary ?? {};
  const lines = linesOf(told, openedAtMs);
  const own = { link: linkId, follower, outcome, code, summary: sentence, lines, facts };
  return {
    leader,
    leaderOrderId,
    leaderOrder: aimWords(copy, symbol),
    day: istTime(openedAtMs).slice(0, 10),
    remark: id === leaderOrderId ? "" : `${id} is an order of ${follower}, placed for this`,
    lines: [],
    facts: [],
    copies: [own],
  };
}

/** "repair of HDFCBANK INTRADAY, 0 where 50 should be: BUY 50 (by asha)". */
function aimWords({ repair, side, split, product }: RepairCopy, symbol: string): string {
  const { target, actual, by } = repair;
  const what = `repair of ${symbol} ${product}, ${actual} where ${target} should be`;
  return `${what}: ${side} ${split.leaderQuantity} (by ${by})`;
}
