import assert from "node:assert/strict";
import { test } from "node:test";
import { toEpochMs } from "../../core/model/time.ts";
import { memoryJournal } from "../../journal/memory/journal.ts";
import { AppError } from "../../platform/fault.ts";
import { manualClock } from "../../platform/manual-clock.ts";
import { EXAMPLE, exampleVariables } from "./example-config.ts";
import { parseConfig } from "./parse-config.ts";
import { settingsAtStart } from "./settings-at-start.ts";
import { applySettings, lastSettings } from "./settings-log.ts";
import type { SettingsOrigin } from "./settings-origin.ts";

const FILE = "/desk/tandem.yaml";
const RULES = "/desk/rules.yaml";
const PAUSED = EXAMPLE.replace("mode: active", "mode: paused");
const CLOSING = EXAMPLE.replace("mode: active", "mode: close-only");
const PAUSES = "link leader-asha: mode active -> paused";
const WAKES = "link leader-asha: mode paused -> active";

function settingsOf(text: string) {
  const variables = exampleVariables;
  return parseConfig({ text, origin: "tandem.yaml", folder: "/desk", variables }).settings;
}

/** A data folder, and what operators do with it: files are named by their text. */
function createFolder() {
  const journal = memoryJournal();
  const clock = manualClock(toEpochMs(1_790_000_000_000));
  const record = (text: string, origin?: SettingsOrigin) => {
    const settings = settingsOf(text);
    const appliedBy = "asha";
    return applySettings({ journal, settings, appliedBy, clock, ...(origin && { origin }) });
  };
  const choose = (text: string, source: string, isReplacing?: true) =>
    settingsAtStart({ journal, settings: settingsOf(text), source, isReplacing });
  return {
    journal,
    record,
    apply: (text: string, source: string) => record(text, { through: "apply", source }),
    /** Starts, as far as settings go, and says what that told. */
    async run(text: string, source = FILE, isReplacing?: true) {
      const { settings, origin, remarks } = await choose(text, source, isReplacing);
      const given = { journal, settings, appliedBy: "ravi", clock };
      await applySettings({ ...given, ...(origin && { origin }) });
      assert.deepEqual((await lastSettings(journal))?.settings, settings);
      return remarks;
    },
    async refused(text: string, source = FILE) {
      const before = await journal.lastSeq("settings");
      let message = "";
      await assert.rejects(choose(text, source), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "SETTINGS_APPLIED_SINCE");
        message = error.message;
        return true;
      });
      assert.equal(await journal.lastSeq("settings"), before, "nothing was written");
      return message;
    },
  };
}

test("a first start says nothing, and the same file again writes and says nothing", async () => {
  const folder = createFolder();
  assert.deepEqual(await folder.run(EXAMPLE), []);
  assert.deepEqual(await folder.run(EXAMPLE), []);
  assert.equal(await folder.journal.lastSeq("settings"), 1);
});

test("a file that was edited since is taken, and what it changes is said", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  assert.deepEqual(await folder.run(PAUSED), [`settings: ${PAUSES}`]);
  assert.equal((await lastSettings(folder.journal))?.origin?.through, "run");
});

test("another file is taken as long as nobody has applied one", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  assert.deepEqual(await folder.run(PAUSED, RULES), [`settings: ${PAUSES}`]);
  assert.deepEqual(await folder.run(EXAMPLE), [`settings: ${WAKES}`]);
});

test("a file that is as it was does not undo what was applied from another since", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  await folder.apply(PAUSED, RULES);
  assert.deepEqual(await folder.run(EXAMPLE), [
    "tandem.yaml is not what is in force: asha has applied /desk/rules.yaml on 2026-09-21 19:43:20, " +
      "and tandem.yaml has not been changed since it was last used. What was applied goes on",
    `not taken from tandem.yaml: ${WAKES}`,
    "to have tandem.yaml back: apply it, or start once with --replace",
  ]);
  assert.equal(await folder.journal.lastSeq("settings"), 2, "the file was not used");
});

test("where both were changed the start is refused with the difference, and --replace takes the file", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  await folder.apply(PAUSED, RULES);
  assert.equal(
    await folder.refused(CLOSING),
    "tandem.yaml would undo what is in force: asha has applied /desk/rules.yaml on " +
      "2026-09-21 19:43:20. It would change:\n  link leader-asha: mode paused -> close-only",
  );
  const taken = "settings: link leader-asha: mode paused -> close-only";
  assert.deepEqual(await folder.run(CLOSING, FILE, true), [taken]);
  assert.deepEqual(await folder.run(CLOSING), []);
});

test("a file that was never used does not undo what somebody has applied", async () => {
  const folder = createFolder();
  await folder.apply(PAUSED, RULES);
  assert.match(await folder.refused(EXAMPLE), /would undo/);
  assert.match(await folder.refused(EXAMPLE, "variables"), /^the environment would undo/);
});

test("the file that was applied may be edited and started with", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  await folder.apply(PAUSED, FILE);
  assert.deepEqual(await folder.run(EXAMPLE), [`settings: ${WAKES}`]);
});

test("a file that came to say what was applied from another may be edited again", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  await folder.apply(PAUSED, RULES);
  assert.deepEqual(await folder.run(PAUSED), []);
  assert.deepEqual(await folder.run(PAUSED), []);
  assert.equal(await folder.journal.lastSeq("settings"), 3, "that it was used stands there once");
  assert.deepEqual(await folder.run(EXAMPLE), [`settings: ${WAKES}`]);
});

test("what was applied with other accounts cannot go on without their secrets: it is refused", async () => {
  const folder = createFolder();
  await folder.run(EXAMPLE);
  await folder.apply(EXAMPLE.replace("relation: spouse", "relation: self"), RULES);
  assert.match(await folder.refused(EXAMPLE), /account asha: relation self -> spouse/);
});

test("settings of an older version, which did not say where from, give way with their difference", async () => {
  const folder = createFolder();
  await folder.record(PAUSED);
  assert.deepEqual(await folder.run(EXAMPLE), [`settings: ${WAKES}`]);
});
