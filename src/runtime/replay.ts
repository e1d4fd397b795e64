/** State from the journal: a fold, and nothing but a fold. */
import type { FollowerFact, LeaderFact } from "../core/model/fact.ts";
import type { AccountId } from "../core/model/ids.ts";
import { followerStream, leaderStream } from "../core/model/stream.ts";
import { emptyFollower, type FollowerState, foldFollower } from "../core/order/follower.ts";
import { emptyLeader, foldLeader, type LeaderState } from "../core/order/leader.ts";
import type { Entry, Journal } from "../ports/journal.ts";

export interface Replayed<State> {
  readonly state: State;
  readonly lastSeq: number;
  /** When the order commands of the stream were last under way, for the rate budget. */
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
  const commands = new CommandTimes();
  for await (const entry of journal.read(followerStream(account))) {
    const fact = followerFact(entry);
    state = foldFollower(state, fact, entry.seq, entry.atMs);
    lastSeq = entry.seq;
    commands.take(fact, entry.atMs);
  }
  return { state, lastSeq, commandsAtMs: commands.atMs() };
}

/**
 * When the broker can have counted each command at the latest. A command may wait long between its
 * intent and its sending, so it is its answer that tells; without one it may have left just now.
 */
class CommandTimes {
  readonly #answeredAtMs: number[] = [];
  readonly #open = new Map<string, number>();

  take(fact: FollowerFact, atMs: number): void {
    if (isIntent(fact)) {
      const { kind, correlationId } = fact.command;
      const name = `${kind} ${correlationId}`;
      this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    } else if (fact.kind === "commandAnswered") {
      const name = `${fact.command} ${fact.correlationId}`;
      const open = this.#open.get(name) ?? 0;
      if (open <= 1) this.#open.delete(name);
      else this.#open.set(name, open - 1);
      if (fact.outcome.kind !== "notSent") this.#answeredAtMs.push(atMs);
    } else if (fact.kind === "restarted") {
      // What was under way then had left by then, or never.
      for (const [name, open] of this.#open) {
        for (let count = 0; count < open; count += 1) this.#answeredAtMs.push(atMs);
        this.#open.delete(name);
      }
    }
  }

  /** Infinity stands for now. */
  atMs(): readonly number[] {
    const open = [...this.#open.values()].reduce((sum, count) => sum + count, 0);
    return [...this.#answeredAtMs, ...new Array<number>(open).fill(Number.POSITIVE_INFINITY)];
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
