/** What a desk has recorded, as the journal that a Tandem would have written. */
import { followerStream, leaderStream } from "../../src/core/model/stream.ts";
import { memoryJournal } from "../../src/journal/memory/journal.ts";
import type { Journal, NewEntry } from "../../src/ports/journal.ts";
import { ASHA, LEADER, TEN_O_CLOCK_MS } from "./builders.ts";
import type { Desk } from "./desk.ts";

/** The desk does not note when it saw what of the leader, so an order's own time stands for it. */
export async function journalOf(desk: Desk): Promise<Journal> {
  const journal = memoryJournal();
  const leader: NewEntry[] = desk.leaderFacts.map((body) => ({
    kind: body.kind,
    atMs: body.kind === "orderObserved" ? body.order.updatedAtMs : TEN_O_CLOCK_MS,
    body,
  }));
  const follower: NewEntry[] = desk.recorded.map(({ fact, atMs }) => ({
    kind: fact.kind,
    atMs,
    body: fact,
  }));
  await journal.append([
    { stream: leaderStream(LEADER), expectedSeq: 0, entries: leader },
    { stream: followerStream(ASHA), expectedSeq: 0, entries: follower },
  ]);
  return journal;
}
