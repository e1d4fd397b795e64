/** The settings of a data folder over time: what holds now, and what is set next. */
import { canonicalJson } from "../../platform/canonical-json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { refuseOtherKinds } from "./account-kinds.ts";
import { describeChange } from "./describe-change.ts";
import type { Settings } from "./settings.ts";
import {
  readSettingsEntry,
  readUsedEntry,
  SETTINGS_APPLIED,
  SETTINGS_STREAM,
  SETTINGS_USED,
  type SettingsApplied,
  type SettingsUsed,
} from "./settings-entry.ts";
import type { SettingsOrigin } from "./settings-origin.ts";

export interface SettingsAt extends SettingsApplied {
  readonly seq: number;
  readonly atMs: number;
}

/** What the last "settingsApplied" entry says; undefined where nothing was ever applied. */
export async function lastSettings(journal: Journal): Promise<SettingsAt | undefined> {
  let last: SettingsAt | undefined;
  const lastSeq = await journal.lastSeq(SETTINGS_STREAM);
  // Entries hold the whole of the settings, so that reading backwards finds the answer at once.
  for (let seq = lastSeq; seq > 0 && last === undefined; seq--) {
    for await (const entry of journal.read(SETTINGS_STREAM, seq)) {
      if (entry.kind === SETTINGS_APPLIED) {
        last = { ...readSettingsEntry(entry.body, entry.seq), seq: entry.seq, atMs: entry.atMs };
      }
      break;
    }
  }
  return last;
}

/** What was in force when this source was last applied or used; undefined where it never was. */
export async function settingsOfSource(
  journal: Journal,
  source: string,
): Promise<Settings | undefined> {
  let inForce: Settings | undefined;
  let found: Settings | undefined;
  for await (const { kind, body, seq } of journal.read(SETTINGS_STREAM)) {
    if (kind === SETTINGS_APPLIED) {
      const applied = readSettingsEntry(body, seq);
      inForce = applied.settings;
      if (applied.origin?.source === source) found = inForce;
    }
    if (kind === SETTINGS_USED && readUsedEntry(body, seq).source === source) found = inForce;
  }
  return found;
}

export interface ApplySettings {
  readonly journal: Journal;
  readonly settings: Settings;
  readonly appliedBy: string;
  /** Absent where it is not known. */
  readonly origin?: SettingsOrigin;
  readonly clock: Clock;
}

export interface SettingsChange {
  /** False when the settings were these already; nothing was written then. */
  readonly isChanged: boolean;
  /** Seq of the entry that holds them. */
  readonly seq: number;
  /** The difference, as lines for the operator. */
  readonly lines: readonly string[];
}

/**
 * Makes these the settings of the journal, in one durable entry, unless they are that already. Throws an
 * AppError, and changes nothing, where an account would become another kind of account.
 */
export async function applySettings(request: ApplySettings): Promise<SettingsChange> {
  const { journal, settings, appliedBy, origin } = request;
  const before = await lastSettings(journal);
  if (before !== undefined && areSame(before.settings, settings)) {
    await recordUse(request, before);
    return { isChanged: false, seq: before.seq, lines: [] };
  }
  await refuseOtherKinds(journal, settings.accounts);
  const body: SettingsApplied = { settings, appliedBy, ...(origin && { origin }) };
  const seq = await append(request, SETTINGS_APPLIED, body);
  return { isChanged: true, seq, lines: describeChange(before?.settings, settings) };
}

export function areSame(one: Settings, other: Settings): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** A start asks it only of what a person has applied, so that everything else writes nothing. */
async function recordUse(request: ApplySettings, { settings, origin }: SettingsAt): Promise<void> {
  const { journal, appliedBy: usedBy } = request;
  const source = request.origin?.source;
  if (source === undefined || origin?.through !== "apply") return;
  const known = await settingsOfSource(journal, source);
  if (known !== undefined && areSame(known, settings)) return;
  await append(request, SETTINGS_USED, { source, usedBy });
}

async function append(
  { journal, clock }: ApplySettings,
  kind: string,
  body: SettingsApplied | SettingsUsed,
): Promise<number> {
  const expectedSeq = await journal.lastSeq(SETTINGS_STREAM);
  const entries = [{ kind, atMs: clock.nowMs(), body }];
  const [seq = expectedSeq + 1] = await journal.append([
    { stream: SETTINGS_STREAM, expectedSeq, entries },
  ]);
  return seq;
}
