import assert from "node:assert/strict";
import { test } from "node:test";
import { toEpochMs } from "../../core/model/time.ts";
import { memoryJournal } from "../../journal/memory/journal.ts";
import { AppError } from "../../platform/fault.ts";
import { manualClock } from "../../platform/manual-clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { parseConfig } from "./parse-config.ts";
import { applySettings, lastSettings } from "./settings-log.ts";

const clock = manualClock(toEpochMs(1_790_000_000_000));

function settingsOf(text: string) {
  const variables = exampleVariables;
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables }).settings;
}

function apply(journal: Journal, text: string) {
  return applySettings({ journal, settings: settingsOf(text), appliedBy: "operator", clock });
}

async function settingsEntries(journal: Journal) {
  return Array.fromAsync(journal.read("settings"));
}

test("the first settings are one entry with who and when, and read back as they were", async () => {
  const journal = memoryJournal();
  const change = await apply(journal, EXAMPLE);
  assert.equal(change.isChanged, true);
  assert.equal(change.seq, 1);
  const [entry, ...rest] = await settingsEntries(journal);
  assert.equal(rest.length, 0);
  assert.equal(entry?.kind, "settingsApplied");
  assert.equal(entry?.atMs, 1_790_000_000_000);
  assert.deepEqual(await lastSettings(journal), {
    settings: settingsOf(EXAMPLE),
    appliedBy: "operator",
    seq: 1,
    atMs: 1_790_000_000_000,
  });
});

test("no secret and no whole client id reaches the journal", async () => {
  const journal = memoryJournal();
  await apply(journal, EXAMPLE);
  const text = JSON.stringify(await settingsEntries(journal));
  assert.doesNotMatch(text, /token-of|password-of|110000000/);
});

test("the same settings again write nothing, however the file is laid out", async () => {
  const journal = memoryJournal();
  await apply(journal, EXAMPLE);
  const change = await apply(journal, `# a comment\n${EXAMPLE}`);
  assert.deepEqual(change, { isChanged: false, seq: 1, lines: [] });
  assert.equal(await journal.lastSeq("settings"), 1);
});

test("changed settings are one more entry, with the difference as lines", async () => {
  const journal = memoryJournal();
  await apply(journal, EXAMPLE);
  const change = await apply(journal, EXAMPLE.replace("mode: active", "mode: paused"));
  assert.deepEqual(change, {
    isChanged: true,
    seq: 2,
    lines: ["link leader-asha: mode active -> paused"],
  });
});

test("other kinds of entries in the stream are passed over", async () => {
  const journal = memoryJournal();
  await apply(journal, EXAMPLE);
  await journal.append([
    { stream: "settings", expectedSeq: 1, entries: [{ kind: "other", atMs: 1, body: {} }] },
  ]);
  assert.equal((await lastSettings(journal))?.seq, 1);
});

test("an entry from before a link's newer keys means their defaults", async () => {
  const journal = memoryJournal();
  const plain = EXAMPLE.replace(/ {4}substitutions: .*\n/, "");
  const settings = settingsOf(plain);
  const newer = ["copy", "afterLeaderFilled", "unprotected", "substitutions"];
  const links = settings.links.map((link) =>
    Object.fromEntries(Object.entries(link).filter(([key]) => !newer.includes(key))),
  );
  const body = { settings: { ...settings, links }, appliedBy: "operator" };
  await journal.append([
    { stream: "settings", expectedSeq: 0, entries: [{ kind: "settingsApplied", atMs: 1, body }] },
  ]);
  assert.deepEqual((await lastSettings(journal))?.settings, settings);
  assert.equal((await apply(journal, plain)).isChanged, false);
});

test("an entry of a newer version is a fault, not half understood", async () => {
  const journal = memoryJournal();
  const body = { settings: settingsOf(EXAMPLE), appliedBy: "operator", approvedBy: "x" };
  await journal.append([
    { stream: "settings", expectedSeq: 0, entries: [{ kind: "settingsApplied", atMs: 1, body }] },
  ]);
  await assert.rejects(lastSettings(journal), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "SETTINGS_UNREADABLE");
    return true;
  });
});
