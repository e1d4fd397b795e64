import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { DemoCopy, DemoOrder } from "./demo-model.ts";
import { createDemoScreen, lineScreen } from "./demo-screen.ts";
import { createTerminal } from "./terminal.ts";

let out = "";
beforeEach(() => {
  out = "";
});

function terminal(columns?: number, environment: Readonly<Record<string, string>> = {}) {
  const size = columns === undefined ? {} : { isTTY: true, columns };
  const write = (text: string) => (out += text);
  return createTerminal({
    stdout: { ...size, write },
    stderr: { write },
    environment: { NO_COLOR: "1", ...environment },
  });
}

/** What has been printed since the last time. */
function printed(): string[] {
  const lines = out.split("\n").slice(0, -1);
  out = "";
  return lines;
}

function copy(change: Partial<DemoCopy>): DemoCopy {
  return {
    follower: "asha",
    childOrder: "BUY 25 at 1650.00",
    state: "working",
    reason: "",
    explanation: "",
    filled: 0,
    ...change,
  };
}

function order(copies: readonly DemoCopy[], change: Partial<DemoOrder> = {}): DemoOrder {
  return {
    number: 1,
    leaderOrderId: "342261122000001",
    leaderOrder: "BUY 50 HDFCBANK at 1650.00",
    brief: "BUY 50 HDFCBANK",
    state: "working",
    filled: 0,
    copies,
    ...change,
  };
}

test("without a terminal every change is one line, and what stays the same is not repeated", () => {
  const screen = createDemoScreen(terminal());
  screen.show([order([copy({ state: "sending" })])]);
  assert.deepEqual(printed(), ["#1  leader  BUY 50 HDFCBANK at 1650.00        working"]);
  screen.show([order([copy({ ms: 7 })])]);
  screen.show([order([copy({ ms: 7 })])]);
  assert.deepEqual(printed(), [
    "#1  asha    BUY 25 at 1650.00                 working           7 ms",
  ]);
  const rejected = { state: "rejected", reason: "child-rejected", ms: 7 } as const;
  screen.show([order([copy({ ...rejected, explanation: "RMS:342261122000009:No funds" })])]);
  assert.deepEqual(printed(), [
    "#1  asha    BUY 25 at 1650.00                 rejected          7 ms  No funds",
  ]);
});

test("orders that were shown before are not shown again", () => {
  const orders = [order([copy({ state: "filled", filled: 25 })])];
  lineScreen(terminal(80), orders).show(orders);
  assert.deepEqual(printed(), []);
});

test("what the broker says cannot move the cursor", () => {
  const evil = copy({ state: "rejected", reason: "child-rejected", explanation: "a\x1b[2Jb" });
  createDemoScreen(terminal()).show([order([evil])]);
  createDemoScreen(terminal(80)).show([order([evil])]);
  assert.ok(!out.includes("\x1b[2J"));
});

test("on a terminal a scene is redrawn over itself, and stays when the next one begins", () => {
  const screen = createDemoScreen(terminal(80));
  screen.scene("One", "first");
  printed();
  screen.show([order([copy({ state: "sending" })])]);
  assert.deepEqual(printed(), [
    "  follower  child order        state    ms  reason",
    "#1 BUY 50 HDFCBANK at 1650.00  working",
    "  asha      BUY 25 at 1650.00  sending",
  ]);
  screen.show([order([copy({ ms: 7 })])]);
  assert.equal(printed()[0], "\x1b[3A\x1b[0J  follower  child order        state    ms  reason");
  screen.show([order([copy({ ms: 7 })])]);
  assert.deepEqual(printed(), [], "nothing has changed");
  screen.endScene();
  screen.show([order([copy({ ms: 8 })])]);
  assert.deepEqual(printed(), [], "the scene is over");
  screen.scene("Two", "second");
  screen.show([order([copy({ ms: 7 })]), order([copy({})], { number: 2 })]);
  const lines = printed();
  assert.ok(!lines.join().includes("\x1b"), "the first scene is not touched");
  assert.match(lines.join("\n"), /Two\nsecond\n.*\n#2 BUY 50/);
});

test("many orders at once are one row for each follower", () => {
  const screen = createDemoScreen(terminal(80));
  screen.scene("Burst", "");
  printed();
  screen.show(
    [7, 8, 9].map((number) => {
      const state = number === 9 ? "cancelled" : "filled";
      return order([copy({ state, ms: number })], { number, state });
    }),
  );
  assert.deepEqual(printed(), [
    "  follower  copies                     ms",
    "#7 to #9  BUY 50 HDFCBANK at 1650.00 and so on  2 filled, 1 cancelled",
    "  asha      2 filled, 1 cancelled  7 to 9",
  ]);
});

test("a terminal too narrow for the rows gets lines", () => {
  const screen = createDemoScreen(terminal(60));
  screen.show([order([copy({})])]);
  screen.show([order([copy({ state: "filled", filled: 25 })])]);
  assert.ok(!out.includes("\x1b["));
});

for (const environment of [{ TERM: "dumb" }, { CI: "true" }]) {
  test(`with ${JSON.stringify(environment)} not one escape sequence is sent`, () => {
    const screen = createDemoScreen(terminal(120, environment));
    screen.scene("One", "first");
    screen.show([order([copy({})])]);
    screen.show([order([copy({ state: "filled", filled: 25 })])]);
    assert.ok(!out.includes("\x1b"), out);
    assert.match(out, /#1 {2}asha .* working\n#1 {2}asha .* filled/);
  });
}
