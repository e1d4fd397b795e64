/** Every link of a journal and how it stands: what `tandem status` shows. */

import type { FollowerFact } from "../../core/model/fact.ts";
import type { AccountId, LinkId } from "../../core/model/ids.ts";
import type { LinkMode } from "../../core/model/link.ts";
import { type EpochMs, tradingDayOf } from "../../core/model/time.ts";
import { foldFollower } from "../../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../../core/order/follower-state.ts";
import { isInForce, type MovedMode } from "../../core/order/link-modes.ts";
import type { Journal } from "../../ports/journal.ts";
import type { SetLink } from "./explain-order.ts";
import { type LeaderLevels, readLeaderLevels } from "./leader-levels.ts";
import { driftWords } from "./link-drift.ts";
import {
  armedState,
  type LinkLevels,
  type LinkState,
  linkLevels,
  type ReadAlarm,
  symbolsOf,
} from "./link-status.ts";
import {
  isParking,
  type ParkedCopy,
  parkedCopies,
  type ReadStop,
  type Rejection,
  stopsOf,
} from "./parked.ts";
import { alarmSentence } from "./reasons.ts";
import { accountsOf, followerRecord, type Recorded } from "./recorded.ts";
import { byWords } from "./stop-words.ts";
import { istTime } from "./words.ts";

export interface SetLinkMode extends SetLink {
  readonly mode: string;
}

export interface LinkReport extends LinkLevels {
  readonly link: LinkId;
  readonly leader: AccountId;
  readonly follower: AccountId;
  /** As a person or the settings have it; "not set" when they have it no more, "" when they are not known. */
  readonly mode: string;
  readonly state: LinkState;
  /** Why no entries are sent for the follower; empty while they flow. */
  readonly stops: readonly ReadStop[];
  /** Entries of today that the broker rejected, and that still could be made up for by hand. */
  readonly parked: readonly ParkedCopy[];
  readonly alarmsToday: number;
  readonly lastAlarm?: ReadAlarm;
  /** What the operator should know; "" when nothing. */
  readonly remark: string;
}

export interface StatusQuestion {
  readonly nowMs: EpochMs;
  /** The links that are set; absent when the settings are not known. */
  readonly links?: readonly SetLinkMode[];
  /** Why new leader orders are not acted on, as far as the running process tells; "" when they are. */
  readonly disarmedBecause: (link: LinkId) => string;
}

type Alarmed = Recorded<Extract<FollowerFact, { kind: "alarmed" }>>;

interface FollowerReading {
  readonly state: FollowerState;
  readonly alarms: readonly Alarmed[];
  /** Of today. */
  readonly rejections: readonly Rejection[];
}

export async function readLinks(
  journal: Journal,
  question: StatusQuestion,
): Promise<readonly LinkReport[]> {
  const leaders = new Map<AccountId, LeaderLevels>();
  const followers = new Set(await accountsOf(journal, "follower"));
  for (const { follower } of question.links ?? []) followers.add(follower);
  const reports: LinkReport[] = [];
  for (const follower of [...followers].sort()) {
    const reading = await readFollower(journal, follower, tradingDayOf(question.nowMs));
    for (const link of linksOf(follower, reading.state, question.links)) {
      let leader = leaders.get(link.leader);
      if (leader === undefined) {
        leader = await readLeaderLevels(journal, link.leader);
        leaders.set(link.leader, leader);
      }
      reports.push(reportOf(link, reading, leader, question));
    }
  }
  return reports.sort((a, b) => (a.link < b.link ? -1 : 1));
}

async function readFollower(
  journal: Journal,
  account: AccountId,
  today: string,
): Promise<FollowerReading> {
  let state = emptyFollower(account);
  const alarms: Alarmed[] = [];
  const rejections: Rejection[] = [];
  for await (const entry of followerRecord(journal, account)) {
    const { fact } = entry;
    state = foldFollower(state, fact, entry.seq, entry.atMs);
    if (tradingDayOf(entry.atMs) !== today) continue;
    if (fact.kind === "alarmed") alarms.push({ ...entry, fact });
    if (isParking(fact)) rejections.push({ ...entry, fact });
  }
  return { state, alarms, rejections };
}

/** The links of this follower: those that are set, and those that began and may have copies still. */
function linksOf(
  follower: AccountId,
  state: FollowerState,
  links: readonly SetLinkMode[] | undefined,
): readonly SetLinkMode[] {
  const set = (links ?? []).filter((link) => link.follower === follower);
  const begun = [...state.links.entries()]
    .filter(([id]) => !set.some((link) => link.id === id))
    .map(([id, { leader }]) => {
      return { id, leader, follower, mode: links === undefined ? "" : "not set" };
    });
  return [...set, ...begun];
}

function reportOf(
  link: SetLinkMode,
  { state, alarms, rejections }: FollowerReading,
  leader: LeaderLevels,
  { disarmedBecause, nowMs }: StatusQuestion,
): LinkReport {
  const question = { linkId: link.id, follower: state, leader, nowMs };
  const levels = linkLevels(question);
  const because = reasonToBeDisarmed(link, state) || disarmedBecause(link.id);
  const set = state.modes.get(link.id);
  const moved = isInForce(set, link.mode as LinkMode) ? set : undefined;
  const ours = alarms.filter(({ fact }) => {
    if (fact.position !== undefined) return fact.position.linkId === link.id;
    const copy = fact.copyId === undefined ? undefined : state.copies.get(fact.copyId);
    return copy === undefined || copy.linkId === link.id;
  });
  const last = ours.at(-1);
  return {
    link: link.id,
    leader: link.leader,
    follower: link.follower,
    mode: moved?.mode ?? link.mode,
    state: because === "" ? armedState(question, levels) : "disarmed",
    ...levels,
    stops: stopsOf(state, nowMs),
    parked: parkedCopies({ ...question, symbols: symbolsOf(leader, state) }, rejections),
    alarmsToday: ours.length,
    ...(last === undefined ? {} : { lastAlarm: alarmOf(last) }),
    remark: remarkOf(levels, because, moved),
  };
}

function reasonToBeDisarmed(link: SetLinkMode, state: FollowerState): string {
  if (link.mode === "not set") return "the link is not in the settings any more";
  if (state.suspended !== undefined) return "the broker refuses orders of this account";
  return "";
}

function alarmOf({ atMs, fact }: Alarmed): ReadAlarm {
  const { code, inputs, copyId } = fact;
  const about = copyId === undefined ? {} : { copyId };
  return { at: istTime(atMs, atMs), code, sentence: alarmSentence(code, inputs), ...about };
}

function remarkOf(levels: LinkLevels, because: string, moved: MovedMode | undefined): string {
  const { unknownChildOrders, heldCopies, drifts, unprotected } = levels;
  const parts = [because, moved === undefined ? "" : `${moved.mode} ${byWords(moved)}`];
  if (unknownChildOrders > 0) parts.push(`${unknownChildOrders} of unknown outcome`);
  for (const { units, symbol, leaderOrderId } of unprotected) {
    parts.push(`${units} ${symbol} without a working stop, order ${leaderOrderId} [unprotected]`);
  }
  parts.push(...drifts.flatMap(driftWords));
  if (heldCopies > 0) parts.push(`${heldCopies} held`);
  return parts.filter((part) => part !== "").join("; ");
}
