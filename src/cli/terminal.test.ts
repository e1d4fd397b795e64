import assert from "node:assert/strict";
import { test } from "node:test";
import { createTerminal } from "./terminal.ts";

function terminalOf(isTTY: boolean, environment: Readonly<Record<string, string>> = {}) {
  const stdout = { isTTY, columns: 120, write: () => true };
  return createTerminal({ stdout, stderr: stdout, environment });
}

test("a terminal has colours and its own width", () => {
  const terminal = terminalOf(true);
  assert.equal(terminal.columns, 120);
  assert.notEqual(terminal.paint("bad", "unknown"), "unknown");
});

test("a pipe has no colours and no width to keep to", () => {
  const terminal = terminalOf(false);
  assert.equal(terminal.columns, Number.POSITIVE_INFINITY);
  assert.equal(terminal.paint("bad", "unknown"), "unknown");
});

for (const environment of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
  test(`${JSON.stringify(environment)} turns colours off`, () => {
    assert.equal(terminalOf(true, environment).paint("bad", "unknown"), "unknown");
  });
}

test("lines are drawn over on a terminal alone, and not on a dumb one or in CI", () => {
  assert.equal(terminalOf(true).canRedraw, true);
  assert.equal(terminalOf(true, { NO_COLOR: "1" }).canRedraw, true);
  assert.equal(terminalOf(false).canRedraw, false);
  assert.equal(terminalOf(true, { TERM: "dumb" }).canRedraw, false);
  assert.equal(terminalOf(true, { CI: "true" }).canRedraw, false);
});
