/** The rules of this project that a machine can check, checked over the project itself. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import packageFile from "../../package.json" with { type: "json" };
import { checkErrorCodes, checkHeadings, checkWords } from "./document-rules.ts";
import { checkBarrels, checkCycles, checkDeadFiles, checkDirections } from "./import-rules.ts";
import { type Problem, parseSources, readProject } from "./project.ts";
import { checkBannedCalls, checkNames, checkSizes, checkTestSwitches } from "./source-rules.ts";

const files = readProject(join(import.meta.dirname, "../.."));
const sources = parseSources(files);
const published = Object.values(packageFile.exports).map((path) => path.replace("./", ""));
/** Read by people and by the compiler. */
const examples = published.map((path) => path.replace("index.ts", "example.ts"));
const programs = ["bin/tandem.js", "src/app/main.ts", "test/check.ts", "test/core-coverage.ts"];
const entryPoints = [...programs, ...published, ...examples];

const rules: Readonly<Record<string, () => readonly Problem[]>> = {
  "imports go only in the allowed directions": () => checkDirections(sources),
  "imports make no circles": () => checkCycles(sources),
  "barrels stand only at published subpaths": () => checkBarrels(sources, published),
  "every file is needed": () => checkDeadFiles(sources, entryPoints),
  "clocks, timers, randomness and the console are injected": () => checkBannedCalls(sources),
  "names use the glossary's words": () => checkNames(sources),
  "no test is switched off without a reason or runs alone": () => checkTestSwitches(sources),
  "files and functions stay small": () => checkSizes(sources),
  "each document has one title": () => checkHeadings(files),
  "no text has leftovers or speaks of things outside": () => checkWords(files),
  "error codes and their page agree": () => checkErrorCodes(files, sources),
};

for (const [rule, check] of Object.entries(rules)) {
  test(rule, () => {
    const problems = check();
    assert.ok(problems.length === 0, `\n${problems.join("\n")}`);
  });
}

test("the rules see the project", () => {
  assert.ok(sources.some((file) => file.path === "src/platform/assert.ts"));
  assert.ok(files.some((file) => file.path === "docs/reference/errors.md"));
});
