/** State from the journal: a fold, and nothing but a fold. */
import type { FollowerFact, LeaderFact } from "../core/model/fact.ts";
import type { AccountId } from "../core/model/ids.ts";
import { followerStream, leaderStream } from "../core/model/stream.ts";
import { emptyFollower, type FollowerState, foldFollower } from "../core/order/follower.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../core/order/leader.ts";
import type { Entry, Journal } from "../ports/journal.ts";

export { followerStream, leaderStream } from "../core/model/stream.ts";

export interface Replayed<State> {
  readonly state: State;
  readonly lastSeq: number;
  /** When the order commands of the stream were intended, for the rate budget. */
  readonly commandsAtMs: readonly number[];
}

export async function replayLeader(
  journal: Journal,
  account: AccountId,
): Promise<Replayed<LeaderState>> {
  let state = emptyLeader(account);
  let lastSeq = 0;
  for await (const entry of journal.read(leaderStream(account))) {
    state = foldLeader(state, leaderFact(entry), entry.seq);
    lastSeq = entry.seq;
  }
  return { state, lastSeq, commandsAtMs: [] };
}

export async function replayFollower(
  journal: Journal,
  account: AccountId,
): Promise<Replayed<FollowerState>> {
  let state = emptyFollower(account);
  let lastSeq = 0;
  const commandsAtMs: number[] = [];
  for await (const entry of journal.read(followerStream(account))) {
    const fact = followerFact(entry);
    state = foldFollower(state, fact, entry.seq, entry.atMs);
    lastSeq = entry.seq;
    if (isIntent(fact)) commandsAtMs.push(entry.atMs);
  }
  return { state, lastSeq, commandsAtMs };
}

function isIntent(fact: FollowerFact): boolean {
  return (
    fact.kind === "placeIntended" ||
    fact.kind === "modifyIntended" ||
    fact.kind === "cancelIntended"
  );
}

/** The entry's body, which the hash chain vouches for. */
export function leaderFact(entry: Entry): LeaderFact {
  return entry.body as LeaderFact;
}

export function followerFact(entry: Entry): FollowerFact {
  return entry.body as FollowerFact;
}
