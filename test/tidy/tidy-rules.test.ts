/** Each rule finds what it is for, and leaves alone what looks like it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkErrorCodes, checkHeadings, checkWords, ERRORS_PAGE } from "./document-rules.ts";
import { checkBarrels, checkCycles, checkDeadFiles, checkDirections } from "./import-rules.ts";
import { parseSources } from "./project.ts";
import { checkBannedCalls, checkNames, checkSizes, checkTestSwitches } from "./source-rules.ts";

/** Sources from "path" to text. */
function sources(texts: Readonly<Record<string, string>>) {
  return parseSources(Object.entries(texts).map(([path, text]) => ({ path, text })));
}

const only = "on" + "ly";
const skip = "sk" + "ip";

const directions: readonly [path: string, line: string, isAllowed: boolean][] = [
  ["src/core/step.ts", 'import { a } from "./model/ids.ts";', true],
  ["src/core/step.ts", 'import { assert } from "../platform/assert.ts";', true],
  ["src/core/step.ts", 'import { sha256Hex } from "../platform/hash.ts";', false],
  ["src/core/step.ts", 'import { hash } from "node:crypto";', false],
  ["src/core/step.ts", 'import { z } from "zod";', false],
  ["src/core/step.ts", 'import type { Clock } from "../ports/clock.ts";', true],
  ["src/core/step.ts", 'import { SeqConflict } from "../ports/journal.ts";', false],
  ["src/ports/broker.ts", 'import type { Side } from "../core/model/order.ts";', true],
  ["src/platform/ist.ts", 'import { offset } from "../core/model/time.ts";', true],
  ["src/platform/a.ts", 'import { step } from "../core/step.ts";', false],
  ["src/journal/chain.ts", 'import { sha256Hex } from "../platform/hash.ts";', true],
  ["src/journal/chain.ts", 'import { Client } from "../dhan/client.ts";', false],
  ["src/runtime/a.ts", 'import { Client } from "../dhan/client.ts";', false],
  ["src/runtime/a.ts", 'import type { Client } from "../dhan/client.ts";', false],
  ["src/runtime/a.ts", 'import { step } from "../core/step.ts";', true],
  ["src/simulator/a.ts", 'import { schema } from "../dhan/wire/order.ts";', true],
  ["src/simulator/a.ts", 'import { Client } from "../dhan/rest/orders.ts";', false],
  ["src/simulator/a.ts", 'export { Client } from "../dhan/client.ts";', false],
  ["src/server/a.ts", 'const x = await import("../app/main.ts");', false],
  ["src/cli/run.ts", 'import "../app/main.ts";', false],
  ["src/app/main.ts", 'import { Client } from "../dhan/client.ts";', true],
  ["src/core/step.ts", 'import { eventually } from "../../test/eventually.ts";', false],
  ["src/dhan/a.test.ts", 'import { eventually } from "../../test/eventually.ts";', true],
  ["src/core/step.ts", '// import { z } from "zod";', true],
  ["src/core/step.ts", "const text = 'import { z } from \"zod\"';", true],
  ["src/core/step.ts", 'import {\n  a,\n  b,\n} from "zod";', false],
  ["src/core/step.ts", 'import { type A, type B } from "../ports/journal.ts";', true],
  ["src/novel/a.ts", 'import { a } from "../ports/journal.ts";', false],
];

for (const [path, line, isAllowed] of directions) {
  test(`${path} ${isAllowed ? "may" : "may not"} have: ${line.replaceAll("\n", " ")}`, () => {
    const problems = checkDirections(sources({ [path]: line }));
    assert.equal(problems.length, isAllowed ? 0 : 1, problems.join("\n"));
  });
}

test("a circle of imports is named with all of its files", () => {
  const circle = sources({
    "src/core/a.ts": 'import "./b.ts";',
    "src/core/b.ts": 'import "./c.ts";',
    "src/core/c.ts": 'import "./b.ts";',
  });
  assert.deepEqual(checkCycles(circle), [
    "imports in a circle: src/core/b.ts -> src/core/c.ts -> src/core/b.ts",
  ]);
});

test("a barrel is allowed at a published subpath only", () => {
  const barrels = sources({
    "src/dhan/index.ts": 'export { a } from "./a.ts";',
    "src/core/index.ts": 'export { a } from "./a.ts";',
    "src/core/all.ts": 'export * from "./a.ts";',
    "src/core/a.ts": "export const a = 1;",
  });
  assert.equal(checkBarrels(barrels, ["src/dhan/index.ts"]).length, 2);
});

test("a file is needed when an entry point leads to it, not when only its own test does", () => {
  const files = sources({
    "src/app/main.ts": 'import "../core/used.ts";',
    "src/core/used.ts": "",
    "src/core/dead.ts": "",
    "src/core/dead.test.ts": 'import "./dead.ts";',
    "src/core/dead.property.test.ts": 'import "./dead.ts";',
    "test/kill.test.ts": 'spawn(join(folder, "kill.child.ts"))',
    "test/kill.child.ts": "",
  });
  assert.deepEqual(checkDeadFiles(files, ["src/app/main.ts"]), [
    "src/core/dead.ts: nobody imports it; use it or delete it",
  ]);
});

const calls: readonly [path: string, line: string, isAllowed: boolean][] = [
  ["src/core/a.ts", "const now = Date.now();", false],
  ["src/core/a.ts", "const now = new Date();", false],
  ["src/core/a.ts", "const day = new Date(atMs);", true],
  ["src/runtime/a.ts", "setTimeout(tick, 10);", false],
  ["src/runtime/a.ts", "clock.schedule(10, tick);", true],
  ["src/runtime/a.ts", "const x = Math.random();", false],
  ["src/dhan/a.ts", "crypto.randomUUID();", false],
  ["src/dhan/a.ts", "// Date.now() would lie here", true],
  ["src/dhan/a.ts", 'throw new Error("no Date.now() here");', true],
  ["src/dhan/a.ts", `log(\`at \${Date.now()}\`);`, false],
  ["src/dhan/a.ts", `log(\`Date.now() \${x} Date.now()\`);`, true],
  ["src/server/a.ts", "console.log(1);", false],
  ["src/platform/clock.ts", "Date.now();", true],
  ["src/app/main.ts", "console.log(process.env.HOME);", true],
  ["src/dhan/a.test.ts", "setTimeout(done, 10);", false],
  ["src/dhan/a.test.ts", "setImmediate(done);", true],
  ["src/dhan/a.ts", "setImmediate(done);", false],
  ["src/dhan/a.test.ts", "const startedMs = performance.now();", true],
];

for (const [path, line, isAllowed] of calls) {
  test(`${path} ${isAllowed ? "may" : "may not"} call: ${line}`, () => {
    const problems = checkBannedCalls(sources({ [path]: line }));
    assert.equal(problems.length, isAllowed ? 0 : 1, problems.join("\n"));
  });
}

const names: readonly [line: string, isAllowed: boolean][] = [
  ["const masterAccount = 1;", false],
  ["function canceledOrders() {}", false],
  ["class OrderManager {}", false],
  ["const SLAVE_COUNT = 2;", false],
  ["server.setErrorHandler(report);", true],
  ["const cancelled = true;", true],
  ["const mastery = 1; // the master knows", true],
  ['const text = "master";', true],
  ["const pattern = /master/;", true],
  ["const half = a / master / b;", false],
];

for (const [line, isAllowed] of names) {
  test(`the glossary ${isAllowed ? "allows" : "forbids"}: ${line}`, () => {
    assert.equal(checkNames(sources({ "src/core/a.ts": line })).length, isAllowed ? 0 : 1);
  });
}

test("the glossary holds for paths, too", () => {
  assert.equal(checkNames(sources({ "src/core/order-utils.ts": "" })).length, 1);
});

const switches: readonly [line: string, isAllowed: boolean][] = [
  [`test.${only}("a", run);`, false],
  [`test("a", { ${only}: true }, run);`, false],
  [`test.${skip}("a", run);`, false],
  [`test("a", { ${skip}: true }, run);`, false],
  [`t.${skip}();`, false],
  [`t.${skip}("no IPv6 here");`, true],
  [`test("a", { ${skip}: "no IPv6 here" }, run);`, true],
];

for (const [line, isAllowed] of switches) {
  test(`tests ${isAllowed ? "may" : "may not"} have: ${line}`, () => {
    assert.equal(checkTestSwitches(sources({ "test/a.test.ts": line })).length, isAllowed ? 0 : 1);
  });
}

const filler = (lines: number) => "  work();\n".repeat(lines);

const sizes: readonly [what: string, text: string, isAllowed: boolean][] = [
  ["500 lines", "work();\n".repeat(500), true],
  ["501 lines", "work();\n".repeat(501), false],
  ["a function of 70 lines", `function a(b: number): number {\n${filler(68)}}\n`, true],
  ["a function of 71 lines", `function a(b: number): number {\n${filler(69)}}\n`, false],
  [
    "a method of 71 lines",
    `class A {\n#run(b: () => void): Promise<void> {\n${filler(69)}}\n}\n`,
    false,
  ],
  ["an arrow of 71 lines", `const a = (b) => {\n${filler(69)}};\n`, false],
  ["a suite of 90 lines", `describe("a", { concurrency: true }, () => {\n${filler(88)}});\n`, true],
  ["a class of 90 lines", `class A extends B {\n${filler(88)}}\n`, true],
  ["a table of 90 lines", `const a = {\n${"  b: 1,\n".repeat(88)}};\n`, true],
  ["a long loop at the top", `for (const a of b()) {\n${filler(88)}}\n`, true],
  ["braces in texts", `function a() {\nreturn "{{{{";\n}\n${filler(90)}`, true],
];

for (const [what, text, isAllowed] of sizes) {
  test(`${what}: ${isAllowed ? "allowed" : "too long"}`, () => {
    assert.equal(checkSizes(sources({ "src/core/a.ts": text })).length, isAllowed ? 0 : 1);
  });
}

test("a document has one title; what stands in a code fence is none", () => {
  const one = { path: "docs/a.md", text: "# A\n\n```sh\n# a comment\n```\n\n## B\n" };
  const two = { path: "docs/b.md", text: "# A\n\n# B\n" };
  const none = { path: "docs/c.md", text: "## A\n" };
  assert.equal(checkHeadings([one]).length, 0);
  assert.equal(checkHeadings([two, none]).length, 2);
});

const words: readonly [text: string, isAllowed: boolean][] = [
  [`// ${"FIX"}${"ME"} later`, false],
  [`// ${"TO"}${"DO"} later`, false],
  [`// ${"TO"}${"DO"} 12: later`, true],
  [`see ../sha${"red"}/notes`, false],
  [`as iss${"ue #"}7 says`, false],
  ["the market session ends at 15:30", true],
  [`in sess${"ion 4"} it was decided`, false],
];

for (const [text, isAllowed] of words) {
  test(`texts ${isAllowed ? "may" : "may not"} say: ${text}`, () => {
    assert.equal(checkWords([{ path: "docs/a.md", text }]).length, isAllowed ? 0 : 1);
  });
}

test("error codes and their page are compared in both directions", () => {
  const page = "# Errors\n\n| `A_USED` | x |\n| `A_GONE` | x |\n| `A_USED` | x |\n";
  const files = [{ path: ERRORS_PAGE, text: page }];
  const code = 'super({ code: "A_USED" });\nreadonly code = "A_NEW";\n// code: "A_COMMENT"\n';
  assert.deepEqual(checkErrorCodes(files, sources({ "src/core/errors.ts": code })), [
    `src/core/errors.ts: A_NEW is not explained in ${ERRORS_PAGE}`,
    `${ERRORS_PAGE}: A_GONE is not used anywhere in src`,
    `${ERRORS_PAGE}: A_USED is explained twice`,
  ]);
});
