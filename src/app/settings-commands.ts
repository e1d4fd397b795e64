/** What `tandem apply` and `tandem export` do. */

import { join } from "node:path";
import { z } from "zod";
import type { ApplyReport, ApplyRequest } from "../cli/apply.ts";
import type { ExportedSettings, MovedMode } from "../cli/export.ts";
import { isInForce } from "../core/order/link-modes.ts";
import { openSqliteJournal } from "../journal/sqlite/journal.ts";
import { systemClock } from "../platform/clock.ts";
import { AppError } from "../platform/fault.ts";
import { lockDataFolder } from "../platform/instance-lock.ts";
import type { Journal } from "../ports/journal.ts";
import { replayFollower } from "../runtime/replay.ts";
import { loadConfig } from "./config/load-config.ts";
import { renderSettings } from "./config/render-settings.ts";
import type { Settings } from "./config/settings.ts";
import { applySettings, lastSettings } from "./config/settings-log.ts";
import { sourceOf } from "./config/settings-origin.ts";
import { JOURNAL_FILE } from "./data-files.ts";
import { askDoor } from "./operator-door.ts";
import { operatorName } from "./operator-name.ts";

/** Where a command was typed. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

const applied = z.object({
  isChanged: z.boolean(),
  seq: z.number(),
  lines: z.array(z.string()),
});

/**
 * The file is read before anything is touched: a bad one does not even make the data folder. A Tandem
 * that runs on the folder takes new rules up at once; what needs a start it refuses.
 */
export async function applyFile(
  { file, dataDir }: ApplyRequest,
  { environment, folder }: Surroundings,
): Promise<ApplyReport> {
  const { settings, warnings } = loadConfig({ file, environment, folder });
  const by = operatorName();
  const source = sourceOf(file, folder);
  const answer = await askDoor(dataDir, "/api/v1/settings", { settings, by, source });
  if (answer !== undefined) return { ...applied.parse(answer), warnings };
  using _lock = lockDataFolder(dataDir);
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE) });
  const clock = systemClock();
  const origin = { through: "apply", source } as const;
  const change = await applySettings({ journal, settings, appliedBy: by, origin, clock });
  return { ...change, warnings };
}

/** Reads beside a running Tandem. */
export async function exportSettings({ dataDir }: { dataDir: string }): Promise<ExportedSettings> {
  await using journal = openSqliteJournal({ file: join(dataDir, JOURNAL_FILE), readOnly: true });
  const last = await lastSettings(journal);
  if (last === undefined) {
    throw new AppError({
      code: "SETTINGS_MISSING",
      message: `no settings were ever applied to ${dataDir}`,
      remedy: "Apply a configuration with `tandem apply FILE`, or name another --data folder.",
    });
  }
  const { settings, appliedBy, atMs, seq } = last;
  const movedModes = await movedModesOf(journal, settings);
  const who = { appliedBy, appliedAtMs: atMs };
  return { yaml: renderSettings(settings), seq, ...who, settings, movedModes };
}

async function movedModesOf(journal: Journal, { links }: Settings): Promise<MovedMode[]> {
  const moved: MovedMode[] = [];
  for (const { id, follower, mode } of links) {
    const { state } = await replayFollower(journal, follower);
    const set = state.modes.get(id);
    if (!isInForce(set, mode)) continue;
    moved.push({ link: id, mode: set.mode, by: set.by, reason: set.text, sinceMs: set.atMs });
  }
  return moved;
}
