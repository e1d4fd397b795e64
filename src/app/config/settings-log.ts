/** The settings of a data folder over time: what holds now, and what is set next. */
import { canonicalJson } from "../../platform/canonical-json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { refuseOtherKinds } from "./account-kinds.ts";
import { describeChange } from "./describe-change.ts";
import type { Settings } from "./settings.ts";
import {
  readSettingsEntry,
  SETTINGS_APPLIED,
  SETTINGS_STREAM,
  type SettingsApplied,
} from "./settings-entry.ts";

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

export interface ApplySettings {
  readonly journal: Journal;
  readonly settings: Settings;
  readonly appliedBy: string;
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
  const { journal, settings, appliedBy, clock } = request;
  const before = await lastSettings(journal);
  if (before !== undefined && canonicalJson(before.settings) === canonicalJson(settings)) {
    return { isChanged: false, seq: before.seq, lines: [] };
  }
  await refuseOtherKinds(journal, settings.accounts);
  const body: SettingsApplied = { settings, appliedBy };
  const expectedSeq = await journal.lastSeq(SETTINGS_STREAM);
  const entries = [{ kind: SETTINGS_APPLIED, atMs: clock.nowMs(), body }];
  const [seq = expectedSeq + 1] = await journal.append([
    { stream: SETTINGS_STREAM, expectedSeq, entries },
  ]);
  return { isChanged: true, seq, lines: describeChange(before?.settings, settings) };
}
