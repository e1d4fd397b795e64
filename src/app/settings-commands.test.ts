import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { AppError } from "../platform/fault.ts";
import { EXAMPLE, exampleVariables } from "./config/example-config.ts";
import { setLinkMode } from "./link-mode.ts";
import { operatorName } from "./operator-name.ts";
import { applyFile, exportSettings } from "./settings-commands.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-apply-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = [...EXAMPLE.matchAll(/\$\{(\w+)\}/g)].map((match) => String(match[1]));
const environment = Object.fromEntries(names.map((name) => [name, exampleVariables(name)]));

function apply(text: string) {
  writeFileSync(join(folder, "tandem.yaml"), text);
  const request = { file: "tandem.yaml", dataDir: join(folder, "data") };
  return applyFile(request, { environment, folder });
}

function refusedWith(code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code);
    return true;
  };
}

test("what is applied is exported, and the export changes nothing when applied again", async () => {
  const first = await apply(EXAMPLE);
  assert.equal(first.isChanged, true);
  const exported = await exportSettings({ dataDir: join(folder, "data") });
  assert.equal(exported.seq, 1);
  assert.doesNotMatch(exported.yaml, /token-of|password-of|110000000/);
  const again = await apply(exported.yaml);
  assert.deepEqual([again.isChanged, again.lines], [false, []]);
});

test("an export keeps the mode of the settings, and tells the one that a person has set", async () => {
  await apply(EXAMPLE);
  const dataDir = join(folder, "data");
  assert.deepEqual((await exportSettings({ dataDir })).movedModes, []);
  const pause = { link: "leader-asha", mode: "paused", reason: "lunch" } as const;
  await setLinkMode({ dataDir, ...pause });
  const { movedModes, yaml } = await exportSettings({ dataDir });
  const [moved, ...others] = movedModes;
  assert.deepEqual([moved?.link, moved?.mode, moved?.reason], ["leader-asha", "paused", "lunch"]);
  assert.equal(moved?.by, operatorName());
  assert.ok(Math.abs(Date.now() - (moved?.sinceMs ?? 0)) < 60_000);
  assert.deepEqual(others, []);
  assert.match(yaml, /mode: active/);
  assert.equal((await apply(yaml)).isChanged, false);
  await apply(EXAMPLE.replace("mode: active", "mode: close-only"));
  assert.deepEqual((await exportSettings({ dataDir })).movedModes, [], "the settings spoke last");
});

test("a change is shown and recorded as the next entry", async () => {
  await apply(EXAMPLE);
  const change = await apply(EXAMPLE.replace("mode: active", "mode: paused"));
  assert.deepEqual(change.lines, ["link leader-asha: mode active -> paused"]);
  assert.equal(change.seq, 2);
});

test("a bad file changes nothing, not even the folder", async () => {
  await assert.rejects(apply("accounts: []\n"), refusedWith("CONFIG_INVALID"));
  assert.equal(existsSync(join(folder, "data")), false);
});

test("an export of a folder in which nothing ran is one clear fault", async () => {
  const dataDir = join(folder, "nowhere");
  await assert.rejects(exportSettings({ dataDir }), refusedWith("JOURNAL_MISSING"));
});
