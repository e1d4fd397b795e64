/** What `tandem kill` and `tandem breaker reset` do: tell the Tandem that runs, or else the journal. */
import { join } from "node:path";
import { z } from "zod";
import type { StopOrder, StopReport } from "../cli/kill.ts";
import type { FollowerFact, StopCause } from "../core/model/fact.ts";
import { type AccountId, toAccountId } from "../core/model/ids.ts";
import { followerStream, streamAccount } from "../core/model/stream.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { lockDataFolder } from "../platform/instance-lock.ts";
import type { Journal } from "../ports/journal.ts";
import { replayFollower } from "../runtime/replay.ts";
import { unknownAccount } from "./carry-out.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { askDoor } from "./operator-door.ts";
import { operatorName } from "./operator-name.ts";
import { RELEASES, releasedOf, type StoppedBefore } from "./release.ts";

const PATHS = {
  kill: "/api/v1/kill",
  release: "/api/v1/kill/release",
  "reset-breaker": "/api/v1/breaker/reset",
} as const satisfies Record<StopOrder["what"], string>;

const taken = z.object({
  accounts: z.array(z.string()),
  released: z
    .object({
      ended: z.array(z.string()),
      stillStopped: z.array(z.object({ account: z.string(), causes: z.array(z.string()) })),
    })
    .exactOptional(),
});

/** Resolves when it is durable; rejects with an AppError when that is not certain. */
export async function stopEntries(order: StopOrder): Promise<StopReport> {
  const { dataDir, what, reason, accounts } = order;
  const some = accounts.length === 0 ? {} : { accounts };
  const body = { by: operatorName(), reason, ...some };
  const answer = await askDoor(dataDir, PATHS[what], body);
  if (answer === undefined) return writeToJournal(order);
  return { ...taken.parse(answer), isRunning: true };
}

/** Nobody else runs: the journal is ours for the moment, and the next start finds it there. */
async function writeToJournal({ dataDir, what, ...order }: StopOrder): Promise<StopReport> {
  const file = join(dataDir, JOURNAL_FILE);
  // A folder in which nothing ran is not made into one.
  await openSqliteJournal({ file, readOnly: true }).close();
  using _lock = lockDataFolder(dataDir);
  await using journal = openSqliteJournal({ file });
  const known = await followersOf(journal);
  const accounts = order.accounts.length === 0 ? known : order.accounts;
  const stranger = accounts.find((name) => !known.includes(name));
  if (stranger !== undefined || accounts.length === 0) throw unknownAccount(stranger ?? dataDir);
  const atMs = systemClock().nowMs();
  const appends = [];
  const before: StoppedBefore[] = [];
  for (const account of accounts.map(toAccountId)) {
    const { state, lastSeq } = await replayFollower(journal, account);
    before.push({ account, stops: state.stops });
    const facts = factsOf(what, order, (cause) => state.stops.causes[cause] !== undefined);
    const entries = facts.map((body) => ({ kind: body.kind, atMs, body }));
    if (entries.length === 0) continue;
    appends.push({ stream: followerStream(account), expectedSeq: lastSeq, entries });
  }
  if (appends.length > 0) await journal.append(appends);
  const released = what === "kill" ? {} : { released: releasedOf(what, before) };
  return { accounts, isRunning: false, ...released };
}

async function followersOf(journal: Journal): Promise<readonly string[]> {
  const streams = (await journal.streams()).map(streamAccount);
  const recorded = streams.flatMap((found): AccountId[] =>
    found?.role === "follower" ? [found.account] : [],
  );
  const set = (await lastSettings(journal))?.settings.links.map(({ follower }) => follower) ?? [];
  return [...new Set([...recorded, ...set])].sort();
}

function factsOf(
  what: StopOrder["what"],
  { reason: text, accounts }: Pick<StopOrder, "reason" | "accounts">,
  holds: (cause: StopCause) => boolean,
): readonly FollowerFact[] {
  const by = operatorName();
  if (what === "kill") {
    const isForAll = accounts.length === 0 ? { isForAll: true as const } : {};
    return holds("kill") ? [] : [{ kind: "entriesStopped", cause: "kill", by, text, ...isForAll }];
  }
  return RELEASES[what].filter(holds).map((cause) => ({ kind: "entriesAllowed", cause, by }));
}
