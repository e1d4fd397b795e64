/** New rules for a Tandem that runs: recorded, then in force for all links at once, or neither. */
import { canonicalJson } from "../platform/canonical-json.ts";
import { AppError } from "../platform/fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Desk } from "../runtime/desk.ts";
import { linksOf } from "./config/links-of.ts";
import type { Settings } from "./config/settings.ts";
import { readSettings } from "./config/settings-entry.ts";
import { applySettings, type SettingsChange } from "./config/settings-log.ts";

export interface ApplyRunning {
  /** As another process read it from a file; of any shape. */
  readonly settings: unknown;
  readonly by: string;
  readonly source?: string | undefined;
  readonly desk: Desk;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Those that it runs with. */
  readonly now: Settings;
}

/** Rejects with an AppError where the settings need a start, or are none; nothing was changed then. */
export async function applyToRunning(
  request: ApplyRunning,
): Promise<SettingsChange & { readonly settings: Settings }> {
  const { by, source, desk, journal, clock, now } = request;
  const settings = readSettings(request.settings);
  const needs = needsStart(now, settings);
  if (needs !== undefined) throw startNeeded(needs);
  // Whoever does not say from where has still applied it.
  const origin = { through: "apply", source: source ?? "another file" } as const;
  const change = await applySettings({ journal, settings, appliedBy: by, origin, clock });
  desk.useLinks(linksOf(settings));
  return { ...change, settings };
}

/** What of the settings a process takes up only when it starts; undefined where nothing of it differs. */
function needsStart(now: Settings, next: Settings): string | undefined {
  if (canonicalJson(now.broker) !== canonicalJson(next.broker)) return "the broker";
  if (canonicalJson(now.accounts) !== canonicalJson(next.accounts)) return "the accounts";
  return canonicalJson(ends(now)) === canonicalJson(ends(next))
    ? undefined
    : "which links there are, and between whom";
}

function ends({ links }: Settings) {
  const named = links.map(({ id, leader, follower }) => ({ id, leader, follower }));
  return named.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function startNeeded(what: string): AppError {
  return new AppError({
    code: "START_NEEDED",
    message: `this changes ${what}, which a running Tandem does not take up; nothing was changed`,
    remedy: "Stop Tandem, apply the file, and start it again. Rules of links need no start.",
  });
}
