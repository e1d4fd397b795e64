import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { eventually } from "../../test/eventually.ts";
import { openLogFile } from "./log-file.ts";

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-log-file-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("lines arrive whole and in order, in a folder that is made for them", async (t) => {
  const path = join(temporaryFolder(t), "made", "tandem.log");
  const log = openLogFile(path);
  const lines = Array.from({ length: 2_000 }, (_, index) => `{"line":${index},"name":"आशा"}\n`);
  for (const line of lines) log.write(line);
  const whole = lines.join("");
  await eventually(() => readFileSync(path, "utf8") === whole, { what: "all lines" });
});

test("what is written last before an exit is in the file", (t) => {
  const path = join(temporaryFolder(t), "tandem.log");
  const module = JSON.stringify(new URL("./log-file.ts", import.meta.url).href);
  const script = `
    const { openLogFile } = await import(${module});
    const log = openLogFile(${JSON.stringify(path)});
    for (let line = 0; line < 100; line += 1) log.write("line " + line + "\\n");
    process.exit(0);
  `;
  execFileSync(process.execPath, ["--input-type=module", "-e", script]);
  assert.match(readFileSync(path, "utf8"), /line 99\n/);
});

test("a folder in its place is said at once", (t) => {
  assert.throws(() => openLogFile(temporaryFolder(t)), { code: "EISDIR" });
});

test("a full disk costs the lines, is told once, and does not hang at the exit", (t) => {
  if (!existsSync("/dev/full")) return t.skip("there is no /dev/full here");
  const module = JSON.stringify(new URL("./log-file.ts", import.meta.url).href);
  const script = `
    const { openLogFile } = await import(${module});
    const log = openLogFile("/dev/full", (error) => process.stdout.write(error.code + " "));
    for (let line = 0; line < 5; line += 1) {
      log.write("a line\\n");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    log.write("the last line\\n");
  `;
  const args = ["--input-type=module", "-e", script];
  const said = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 10_000 });
  assert.equal(said, "ENOSPC ");
});
