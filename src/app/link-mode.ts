/** What `tandem pause`, `close-only` and `resume` do: tell the Tandem that runs, or else the journal. */
import { join } from "node:path";
import { z } from "zod";
import type { LinkModeOrder, LinkModeReport } from "../cli/link-mode.ts";
import type { LinkModeSet } from "../core/model/fact.ts";
import { followerStream } from "../core/model/stream.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { lockDataFolder } from "../platform/instance-lock.ts";
import { replayFollower } from "../runtime/replay.ts";
import { unknownLink } from "./carry-out.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { askDoor } from "./operator-door.ts";
import { operatorName } from "./operator-name.ts";

const taken = z.object({ follower: z.string() });
const left = z.object({
  accounts: z.array(
    z.object({
      positions: z.array(z.object({ symbol: z.string(), product: z.string(), copied: z.number() })),
    }),
  ),
});

/** Resolves when it is durable; rejects with an AppError when that is not certain. */
export async function setLinkMode(order: LinkModeOrder): Promise<LinkModeReport> {
  const { dataDir, link, mode, reason } = order;
  const body = { link, mode, reason, by: operatorName() };
  const answer = await askDoor(dataDir, "/api/v1/links/mode", body);
  if (answer === undefined) return writeToJournal(order);
  const { follower } = taken.parse(answer);
  const told = await askDoor(dataDir, "/api/v1/flat", { accounts: [follower] });
  const positions = left.safeParse(told).data?.accounts.flatMap((one) => one.positions) ?? [];
  return { link, mode, positions, isRunning: true };
}

/** Nobody else runs: the journal is ours for the moment, and the next start finds it there. */
async function writeToJournal(order: LinkModeOrder): Promise<LinkModeReport> {
  const { dataDir, link: name, mode, reason: text } = order;
  const file = join(dataDir, JOURNAL_FILE);
  // A folder in which nothing ran is not made into one.
  await openSqliteJournal({ file, readOnly: true }).close();
  using _lock = lockDataFolder(dataDir);
  await using journal = openSqliteJournal({ file });
  const links = (await lastSettings(journal))?.settings.links ?? [];
  const link = links.find(({ id }) => id === name);
  if (link === undefined) throw unknownLink(name);
  const stream = followerStream(link.follower);
  const { lastSeq } = await replayFollower(journal, link.follower);
  const by = operatorName();
  const body: LinkModeSet = {
    kind: "linkModeSet",
    linkId: link.id,
    mode,
    over: link.mode,
    by,
    text,
  };
  const entries = [{ kind: body.kind, atMs: systemClock().nowMs(), body }];
  await journal.append([{ stream, expectedSeq: lastSeq, entries }]);
  return { link: name, mode, positions: [], isRunning: false };
}
