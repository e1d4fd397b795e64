/** What `tandem kill` and `tandem breaker reset` do: tell the Tandem that runs, or else the journal. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { StopOrder, StopReport } from "../cli/kill.ts";
import type { FollowerFact, StopCause } from "../core/model/fact.ts";
import { type AccountId, toAccountId } from "../core/model/ids.ts";
import { followerStream, streamAccount } from "../core/model/stream.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { AppError } from "../platform/fault.ts";
import { lockDataFolder } from "../platform/instance-lock.ts";
import type { Journal } from "../ports/journal.ts";
import { replayFollower } from "../runtime/replay.ts";
import { unknownAccount } from "./carry-out.ts";
import { lastSettings } from "./config/settings-log.ts";
import { readOperatorToken } from "./operator-token.ts";
import { isRunningOn, urlOfRunning } from "./running-instance.ts";
import { JOURNAL_FILE, operatorName } from "./settings-commands.ts";

const PATHS = {
  kill: "/api/v1/kill",
  release: "/api/v1/kill/release",
  "reset-breaker": "/api/v1/breaker/reset",
} as const satisfies Record<StopOrder["what"], string>;

/** A start takes some seconds, and a stop is not to fail because of it. */
const ASK_FOR_MS = 20_000;
const ASK_EVERY_MS = 250;
/** Longer than the running one itself waits for its journal. */
const REPLY_WITHIN_MS = 8_000;

/** Resolves when it is durable; rejects with an AppError when that is not certain. */
export async function stopEntries(order: StopOrder): Promise<StopReport> {
  const clock = systemClock();
  const untilMs = clock.monotonicMs() + ASK_FOR_MS;
  for (;;) {
    if (!isRunningOn(order.dataDir)) return writeToJournal(order);
    const answer = await askRunning(order);
    if (answer !== undefined) return answer;
    if (clock.monotonicMs() > untilMs) throw doesNotAnswer(order.dataDir);
    await delay(ASK_EVERY_MS);
  }
}

const taken = z.object({ accounts: z.array(z.string()) });
const refused = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

/** Undefined where it cannot be asked yet, or no longer. */
async function askRunning(order: StopOrder): Promise<StopReport | undefined> {
  const url = urlOfRunning(order.dataDir);
  const token = readOperatorToken(order.dataDir);
  if (url === undefined || token === undefined) return undefined;
  const { what, reason, accounts } = order;
  const some = accounts.length === 0 ? {} : { accounts };
  let reply: Response;
  try {
    reply = await fetch(url + PATHS[what], {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ by: operatorName(), reason, ...some }),
      signal: AbortSignal.timeout(REPLY_WITHIN_MS),
    });
  } catch {
    return undefined;
  }
  const body: unknown = await reply.json().catch(() => undefined);
  if (reply.ok) return { accounts: taken.parse(body).accounts, isRunning: true };
  const refusal = refused.safeParse(body);
  // A file that is left from a life that was killed has another token, and another address.
  if (!refusal.success || refusal.data.code === "TANDEM_STARTING") return undefined;
  throw new AppError(refusal.data);
}

function doesNotAnswer(dataDir: string): AppError {
  return new AppError({
    code: "TANDEM_NOT_ANSWERING",
    message: `a Tandem runs on ${dataDir} and has not confirmed it within ${ASK_FOR_MS / 1_000} s`,
    remedy:
      "Nothing is certain. Stop that process (SIGTERM, or SIGKILL), and give the command again: " +
      "it is then written into the journal.",
  });
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
  for (const account of accounts.map(toAccountId)) {
    const { state, lastSeq } = await replayFollower(journal, account);
    const facts = factsOf(what, order, (cause) => state.stops.causes[cause] !== undefined);
    const entries = facts.map((body) => ({ kind: body.kind, atMs, body }));
    if (entries.length === 0) continue;
    appends.push({ stream: followerStream(account), expectedSeq: lastSeq, entries });
  }
  if (appends.length > 0) await journal.append(appends);
  return { accounts, isRunning: false };
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
  const causes: readonly StopCause[] = what === "release" ? ["kill", "breach"] : ["breaker"];
  return causes.filter(holds).map((cause) => ({ kind: "entriesAllowed", cause, by }));
}
