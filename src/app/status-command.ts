import { join } from "node:path";
import type { StatusReport } from "../cli/status.ts";
import type { AccountId, LinkId } from "../core/model/ids.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { readLinks } from "../server/read/read-links.ts";
import { accountKinds } from "./config/account-kinds.ts";
import { venueOf } from "./config/presets.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { askRunning, type RunningInstance } from "./running-instance.ts";

/** What `tandem status` does: reads beside a running Tandem, asks it, and changes nothing. */
export async function statusFromJournal({ dataDir }: { dataDir: string }): Promise<StatusReport> {
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const instance = await askRunning(dataDir);
  const last = await lastSettings(journal);
  const links = await readLinks(journal, {
    nowMs: systemClock().nowMs(),
    disarmedBecause: (link) => disarmedBecause(link, instance),
    ...(last === undefined ? {} : { links: last.settings.links }),
  });
  const venue = last === undefined ? "not set" : venueOf(last.settings.broker);
  const kinds = await accountKinds(journal);
  const isShadow = (id: AccountId) => kinds.get(id) === "shadow";
  const shown = links.map((link) => ({ ...link, isShadow: isShadow(link.follower) }));
  return { ...instance, venue, links: shown };
}

/** Reasons about one link begin with its name; any other holds for all. */
function disarmedBecause(link: LinkId, { isRunning, isReady, reasons }: RunningInstance): string {
  if (!isRunning) return "not running";
  if (isReady) return "";
  const isOurs = (reason: string) => reason.startsWith(`link ${link}: `);
  const found = reasons.find((reason) => isOurs(reason) || !reason.startsWith("link "));
  return found === undefined ? "" : found.replace(`link ${link}: `, "");
}
