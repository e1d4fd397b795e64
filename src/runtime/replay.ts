/** State from the journal: a fold, and nothing but a fold. */
import { callsOf } from "../core/model/command.ts";
import type { FollowerFact, LeaderFact } from "../core/model/fact.ts";
import type { AccountId } from "../core/model/ids.ts";
import { followerStream, leaderStream } from "../core/model/stream.ts";
import { foldFollower } from "../core/order/follower.ts";
import { emptyFollower, type FollowerState } from "../core/order/follower-state.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../core/order/leader.ts";
import type { Entry, Journal, StreamName } from "../ports/journal.ts";

export interface Replayed<State> {
  readonly state: State;
  readonly lastSeq: number;
  /** The newest time in the stream; 0 when it is empty. */
  readonly newestAtMs: number;
}

export interface ReplayedFollower extends Replayed<FollowerState> {
  /** When the order commands of the stream were last under way, for the rate budget. */
  readonly commandsAtMs: readonly number[];
}

export function replayLeader(journal: Journal, account: AccountId): Promise<Replayed<LeaderState>> {
  return replay(journal, leaderStream(account), emptyLeader(account), (state, entry) =>
    foldLeader(state, leaderFact(entry), entry.seq),
  );
}

export async function replayFollower(
  journal: Journal,
  account: AccountId,
): Promise<ReplayedFollower> {
  const commands = new CommandTimes();
  const replayed = await replay(
    journal,
    followerStream(account),
    emptyFollower(account),
    (state, entry) => {
      const fact = followerFact(entry);
      commands.take(fact, entry.atMs);
      return foldFollower(state, fact, entry.seq, entry.atMs);
    },
  );
  return { ...replayed, commandsAtMs: commands.atMs() };
}

async function replay<State>(
  journal: Journal,
  stream: StreamName,
  empty: State,
  fold: (state: State, entry: Entry) => State,
): Promise<Replayed<State>> {
  let state = empty;
  let lastSeq = 0;
  let newestAtMs = 0;
  for await (const entry of journal.read(stream)) {
    state = fold(state, entry);
    lastSeq = entry.seq;
    newestAtMs = Math.max(newestAtMs, entry.atMs);
  }
  return { state, lastSeq, newestAtMs };
}

/**
 * When the broker can have counted each command at the latest. A command may wait long between its
 * intent and its sending, so it is its answer that tells; without one it may have left just now.
 */
class CommandTimes {
  readonly #answeredAtMs: number[] = [];
  /** Calls under way, by command. */
  readonly #open = new Map<string, number[]>();

  take(fact: FollowerFact, atMs: number): void {
    if (isIntent(fact)) {
      const { kind, correlationId } = fact.command;
      const name = `${kind} ${correlationId}`;
      this.#open.set(name, [...(this.#open.get(name) ?? []), callsOf(fact.command)]);
    } else if (fact.kind === "commandAnswered") {
      const name = `${fact.command} ${fact.correlationId}`;
      const [calls = 1, ...rest] = this.#open.get(name) ?? [];
      if (rest.length === 0) this.#open.delete(name);
      else this.#open.set(name, rest);
      if (fact.outcome.kind !== "notSent") this.#answered(calls, atMs);
    } else if (fact.kind === "restarted") {
      // What was under way then had left by then, or never.
      this.#answered(this.#underWay(), atMs);
      this.#open.clear();
    }
  }

  #answered(calls: number, atMs: number): void {
    for (let call = 0; call < calls; call += 1) this.#answeredAtMs.push(atMs);
  }

  #underWay(): number {
    return [...this.#open.values()].flat().reduce((sum, calls) => sum + calls, 0);
  }

  /** Infinity stands for now. */
  atMs(): readonly number[] {
    const now = new Array<number>(this.#underWay()).fill(Number.POSITIVE_INFINITY);
    return [...this.#answeredAtMs, ...now];
  }
}

type Intent = Extract<
  FollowerFact,
  { kind: "placeIntended" | "modifyIntended" | "cancelIntended" }
>;

function isIntent(fact: FollowerFact): fact is Intent {
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
