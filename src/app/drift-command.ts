import { join } from "node:path";
import type { DriftReport } from "../cli/drift.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import type { ReadDrift } from "../server/read/link-drift.ts";
import { type LinkReport, readLinks } from "../server/read/read-links.ts";
import { duration } from "../server/read/words.ts";
import { accountKinds } from "./config/account-kinds.ts";
import { lastSettings } from "./config/settings-log.ts";
import { JOURNAL_FILE } from "./data-files.ts";

/** What `tandem drift` does: reads beside a running Tandem and changes nothing. */
export async function driftFromJournal({ dataDir }: { dataDir: string }): Promise<DriftReport> {
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const last = await lastSettings(journal);
  const nowMs = systemClock().nowMs();
  const links = await readLinks(journal, {
    nowMs,
    disarmedBecause: () => "",
    ...(last === undefined ? {} : { links: last.settings.links }),
  });
  const kinds = await accountKinds(journal);
  const followers = new Map(links.map((link) => [link.follower, link]));
  return {
    positions: links.flatMap((link) => {
      const isShadow = kinds.get(link.follower) === "shadow";
      return link.drifts.map((drift) => ({ ...rowOf(link, drift, nowMs), isShadow }));
    }),
    foreignOrders: [...followers.values()].flatMap(({ follower, foreignOrders }) =>
      foreignOrders.map((order) => ({ follower, ...order })),
    ),
  };
}

function rowOf({ link, leader, follower }: LinkReport, drift: ReadDrift, nowMs: number) {
  const { instrument, symbol, product, target, copied, held, difference, sinceMs } = drift;
  const ageMs = sinceMs === undefined ? undefined : Math.max(0, nowMs - sinceMs);
  return {
    link,
    leader,
    follower,
    instrument,
    symbol,
    product,
    target,
    copied,
    held,
    difference,
    parts: drift.parts.map(({ cause, units, code, leaderOrderId, foreignOrderId }) => ({
      cause,
      units,
      code,
      ...(leaderOrderId && { leaderOrderId }),
      ...(foreignOrderId && { foreignOrderId }),
    })),
    ...(ageMs !== undefined && { ageMs }),
    age: ageMs === undefined ? "" : duration(ageMs),
  };
}
