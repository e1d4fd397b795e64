import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChildFact, type ChildState, isOpen, nextChildState } from "./child-state.ts";

const FACTS = [
  "accepted",
  "rejected",
  "unsent",
  "lost",
  "absenceProved",
  "seenTransit",
  "seenWorking",
  "seenFilled",
  "seenCancelled",
  "seenRejected",
  "seenExpired",
] as const satisfies readonly ChildFact[];

// One column for each fact, in the order above; "-" where nothing changes, "!" where a person hears.
// biome-ignore format: a table is read in columns
const TABLE: Readonly<Record<ChildState, readonly string[]>> = {
  //          accepted     rejected    unsent     lost         absent   transit   working    filled    cancelled    rejected    expired
  intended:  ["acked",     "rejected", "notSent", "unknown",   "-",     "acked",  "working", "filled", "cancelled", "rejected", "expired"],
  unknown:   ["acked",     "-",        "-",       "-",         "absent","acked",  "working", "filled", "cancelled", "rejected", "expired"],
  acked:     ["acked",     "-",        "-",       "acked",     "-",     "acked",  "working", "filled", "cancelled", "rejected", "expired"],
  working:   ["working",   "-",        "-",       "working",   "-",     "working","working", "filled", "cancelled", "rejected", "expired"],
  filled:    ["filled",    "-",        "-",       "filled",    "-",     "-",      "-",       "filled", "-",         "-",        "-"],
  cancelled: ["cancelled", "-",        "-",       "cancelled", "-",     "-",      "-",       "filled!","cancelled", "-",        "-"],
  rejected:  ["rejected",  "-",        "-",       "rejected",  "-",     "acked!", "working!","filled!","cancelled", "rejected", "expired"],
  expired:   ["expired",   "-",        "-",       "expired",   "-",     "-",      "-",       "-",      "-",         "-",        "expired"],
  notSent:   ["-",         "-",        "-",       "-",         "-",     "acked!", "working!","filled!","cancelled", "rejected", "expired"],
  absent:    ["-",         "-",        "-",       "absent",    "-",     "acked!", "working!","filled!","cancelled", "rejected", "expired"],
};

const STATES = Object.keys(TABLE) as ChildState[];

for (const state of STATES) {
  FACTS.forEach((fact, column) => {
    const expected = TABLE[state][column] ?? "";
    const words = expected === "-" ? "changes nothing" : `leads to ${expected}`;
    test(`from ${state}, ${fact} ${words}`, () => {
      const transition = nextChildState(state, fact);
      const found =
        transition === undefined
          ? "-"
          : transition.to + (transition.alarm === undefined ? "" : "!");
      assert.equal(found, expected);
    });
  });
}

/** Why nothing changes where the table has no row: the state rules the fact out, or outlives it. */
const IMPOSSIBLE: readonly (readonly [
  reason: string,
  states: readonly ChildState[],
  facts: readonly ChildFact[],
])[] = [
  ["only an unknown order is looked for", STATES.filter((s) => s !== "unknown"), ["absenceProved"]],
  [
    "a reply is given once: the broker or an earlier reply has spoken already",
    STATES.filter((s) => s !== "intended"),
    ["rejected", "unsent"],
  ],
  ["it is unknown because its only reply was lost", ["unknown"], ["lost"]],
  ["no byte of it left, so nobody answers", ["notSent"], ["accepted", "lost"]],
  ["absence is proved long after the reply was given up", ["absent"], ["accepted"]],
  [
    "an old frame says less than the end that is known",
    ["filled", "cancelled", "expired"],
    ["seenTransit", "seenWorking"],
  ],
  [
    "an order ends once; a fill in its last second is a level in the book",
    ["filled"],
    ["seenCancelled", "seenRejected", "seenExpired"],
  ],
  ["an order ends once", ["cancelled"], ["seenRejected", "seenExpired"]],
  [
    "yesterday's order stays ended, whatever an old book says of it",
    ["expired"],
    ["seenFilled", "seenCancelled", "seenRejected"],
  ],
];

test("every pair has a row in the table or a reason not to, never both", () => {
  const reasoned = new Set<string>();
  for (const [, states, facts] of IMPOSSIBLE) {
    for (const state of states) for (const fact of facts) reasoned.add(`${state} ${fact}`);
  }
  for (const state of STATES) {
    for (const fact of FACTS) {
      const hasRow = nextChildState(state, fact) !== undefined;
      assert.notEqual(hasRow, reasoned.has(`${state} ${fact}`), `${state} ${fact}`);
    }
  }
});

test("what may still fill is open, and nothing else", () => {
  assert.deepEqual(STATES.filter(isOpen), ["intended", "unknown", "acked", "working"]);
});
