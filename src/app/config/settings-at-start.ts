/**
 * What a start does with the settings that it was given, where others are in force: takes them, goes on
 * with those in force, or refuses.
 *
 * Keeps: what a person has applied is never undone unsaid. A file that was not touched since it was last
 * in force does not undo it either: a supervisor that starts Tandem again in the middle of a day starts
 * what was running. Where both were changed nobody can tell which is meant, and a person must say so.
 */
import { toEpochMs } from "../../core/model/time.ts";
import { canonicalJson } from "../../platform/canonical-json.ts";
import { AppError } from "../../platform/fault.ts";
import { formatIstDateTime } from "../../platform/ist.ts";
import type { Journal } from "../../ports/journal.ts";
import { describeChange } from "./describe-change.ts";
import type { Settings } from "./settings.ts";
import { areSame, lastSettings, type SettingsAt, settingsOfSource } from "./settings-log.ts";
import { type SettingsOrigin, sourceName, sourcePlace } from "./settings-origin.ts";

export interface GivenAtStart {
  readonly journal: Journal;
  readonly settings: Settings;
  /** Where they came from, as sourceOf() names it. */
  readonly source: string;
  /** A person has said that they replace whatever is in force. */
  readonly isReplacing: boolean | undefined;
}

export interface SettingsAtStart {
  readonly settings: Settings;
  /** Absent where those in force stay: then nothing was used of what was given. */
  readonly origin?: SettingsOrigin;
  /** The difference to what was in force, as lines for the operator. */
  readonly remarks: readonly string[];
}

/** Changes nothing. Throws an AppError where the given ones would undo what a person has applied. */
export async function settingsAtStart(given: GivenAtStart): Promise<SettingsAtStart> {
  const { journal, settings, source, isReplacing } = given;
  const origin: SettingsOrigin = { through: "run", source };
  const inForce = await lastSettings(journal);
  if (inForce === undefined || areSame(inForce.settings, settings)) {
    return { settings, origin, remarks: [] };
  }
  const lines = describeChange(inForce.settings, settings);
  const taken = { settings, origin, remarks: lines.map((line) => `settings: ${line}`) };
  if (isReplacing || inForce.origin?.through !== "apply") return taken;
  const before = await settingsOfSource(journal, source);
  if (before !== undefined && areSame(before, inForce.settings)) return taken;
  const isUntouched = before !== undefined && areSame(before, settings);
  if (!isUntouched || !haveSameAccounts(inForce.settings, settings)) {
    throw wouldUndo(given, inForce, lines);
  }
  return { settings: inForce.settings, remarks: keptRemarks(given, inForce, lines) };
}

/** The given file has the secrets of its own accounts alone. */
function haveSameAccounts(inForce: Settings, given: Settings): boolean {
  const endsOf = ({ broker, accounts }: Settings) => canonicalJson({ broker, accounts });
  return endsOf(inForce) === endsOf(given);
}

function keptRemarks(
  { source }: GivenAtStart,
  inForce: SettingsAt,
  lines: readonly string[],
): readonly string[] {
  const name = sourceName(source);
  return [
    `${name} is not what is in force: ${applied(inForce)}, and ${name} has not been changed since it ` +
      "was last used. What was applied goes on",
    ...lines.map((line) => `not taken from ${name}: ${line}`),
    `to have ${name} back: apply it, or start once with --replace`,
  ];
}

function wouldUndo(
  { source }: GivenAtStart,
  inForce: SettingsAt,
  lines: readonly string[],
): AppError {
  const name = sourceName(source);
  return new AppError({
    code: "SETTINGS_APPLIED_SINCE",
    message: `${name} would undo what is in force: ${applied(inForce)}. It would change:\n${lines
      .map((line) => `  ${line}`)
      .join("\n")}`,
    remedy: `To take ${name}, start with --replace, or apply it. To keep what is in force, bring ${name} in line with it (\`tandem export\` prints it), or start with the file that was applied.`,
  });
}

/** "asha has applied /desk/rules.yaml on 2026-11-23 10:00:00". */
function applied({ appliedBy, atMs, origin }: SettingsAt): string {
  const file = origin === undefined ? "other settings" : sourcePlace(origin.source);
  return `${appliedBy} has applied ${file} on ${formatIstDateTime(toEpochMs(atMs))}`;
}
