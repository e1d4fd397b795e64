/** The journal's entries as the read models use them: facts, with when and where they stand. */
import type { Recorded } from "../../core/model/explanation.ts";
import type { FollowerFact, LeaderFact } from "../../core/model/fact.ts";
import type { AccountId } from "../../core/model/ids.ts";
import { followerStream, leaderStream, streamAccount } from "../../core/model/stream.ts";
import { toEpochMs } from "../../core/model/time.ts";
import type { Entry, Journal } from "../../ports/journal.ts";

export type { Recorded };

function recorded<Fact>({ stream, seq, atMs, causedBy, body }: Entry): Recorded<Fact> {
  const cause = causedBy === undefined ? {} : { causedBy };
  return { stream, seq, atMs: toEpochMs(atMs), ...cause, fact: body as Fact };
}

/** What was observed of a leader, oldest first. */
export async function* leaderRecord(
  journal: Journal,
  account: AccountId,
): AsyncGenerator<Recorded<LeaderFact>> {
  for await (const entry of journal.read(leaderStream(account))) yield recorded(entry);
}

/** What was observed of a follower, decided for it, sent and answered, oldest first. */
export async function* followerRecord(
  journal: Journal,
  account: AccountId,
): AsyncGenerator<Recorded<FollowerFact>> {
  for await (const entry of journal.read(followerStream(account))) yield recorded(entry);
}

/** The accounts that the journal knows in this role, in the order of their names. */
export async function accountsOf(
  journal: Journal,
  role: "leader" | "follower",
): Promise<readonly AccountId[]> {
  const streams = (await journal.streams()).map(streamAccount);
  const accounts = streams.flatMap((found) => (found?.role === role ? [found.account] : []));
  return accounts.sort();
}
