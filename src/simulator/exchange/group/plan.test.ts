import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExitView, type GroupStep, type GroupView, planGroup } from "./plan.ts";

const waiting: ExitView = { state: "waiting", quantity: 0, filled: 0, hasFired: false };
const working = (quantity: number, filled = 0): ExitView => ({
  state: "working",
  quantity,
  filled,
  hasFired: filled > 0,
});
const triggered = (quantity: number, filled = 0): ExitView => ({
  ...working(quantity, filled),
  state: "triggered",
  hasFired: true,
});
const filled = (quantity: number): ExitView => ({
  state: "filled",
  quantity,
  filled: quantity,
  hasFired: true,
});
const cancelled: ExitView = { state: "cancelled", quantity: 10, filled: 0, hasFired: false };

function entry(filledUnits: number, how: "open" | "done" | "expired"): GroupView {
  return { entryIsOpen: how === "open", entryExpired: how === "expired", entryFilled: filledUnits };
}

interface Row {
  readonly name: string;
  readonly view: GroupView;
  readonly steps: readonly GroupStep[];
}

const ROWS: readonly Row[] = [
  {
    name: "while nothing has filled the legs wait",
    view: { ...entry(0, "open"), target: waiting, stop: waiting },
    steps: [],
  },
  {
    name: "the first fill arms both legs, the stop first",
    view: { ...entry(4, "open"), target: waiting, stop: waiting },
    steps: [
      { kind: "arm", leg: "stop", quantity: 4 },
      { kind: "arm", leg: "target", quantity: 4 },
    ],
  },
  {
    name: "further fills let the legs grow",
    view: { ...entry(10, "done"), target: working(4), stop: working(4) },
    steps: [
      { kind: "grow", leg: "stop", quantity: 10 },
      { kind: "grow", leg: "target", quantity: 10 },
    ],
  },
  {
    name: "legs of the right size are left alone",
    view: { ...entry(10, "done"), target: working(10), stop: working(10) },
    steps: [],
  },
  {
    name: "a leg that has traded in part shrinks its sibling",
    view: { ...entry(10, "done"), target: working(10, 4), stop: working(10) },
    steps: [{ kind: "shrink", leg: "stop", quantity: 6 }],
  },
  {
    name: "a leg that has traded in full ends its sibling",
    view: { ...entry(10, "done"), target: filled(10), stop: working(10) },
    steps: [{ kind: "end-leg", leg: "stop" }],
  },
  {
    name: "what the sibling has left may be what this leg has traded already",
    view: { ...entry(10, "done"), target: working(10, 4), stop: filled(6) },
    steps: [{ kind: "end-leg", leg: "target" }],
  },
  {
    name: "an exit that has begun ends the rest of the entry first",
    view: { ...entry(4, "open"), target: working(4), stop: triggered(4) },
    steps: [{ kind: "end-entry" }],
  },
  {
    name: "a target that trades ends the rest of the entry, too",
    view: { ...entry(4, "open"), target: working(4, 1), stop: working(4) },
    steps: [{ kind: "end-entry" }, { kind: "shrink", leg: "stop", quantity: 3 }],
  },
  {
    name: "an entry cancelled without a fill takes its legs along",
    view: { ...entry(0, "done"), target: waiting, stop: waiting },
    steps: [
      { kind: "drop-leg", leg: "stop", as: "cancelled" },
      { kind: "drop-leg", leg: "target", as: "cancelled" },
    ],
  },
  {
    name: "an entry that expired without a fill leaves expired legs",
    view: { ...entry(0, "expired"), stop: waiting },
    steps: [{ kind: "drop-leg", leg: "stop", as: "expired" }],
  },
  {
    name: "a cancelled leg never comes back, and the other one stays",
    view: { ...entry(10, "done"), target: cancelled, stop: working(10) },
    steps: [],
  },
  {
    name: "a leg whose sibling has taken everything is never armed",
    view: { ...entry(10, "done"), target: waiting, stop: filled(10) },
    steps: [{ kind: "drop-leg", leg: "target", as: "cancelled" }],
  },
  {
    name: "an entry that ended after a part keeps its legs at that part",
    view: { ...entry(4, "done"), target: working(4), stop: working(4) },
    steps: [],
  },
];

for (const { name, view, steps } of ROWS) {
  test(name, () => assert.deepEqual(planGroup(view), steps));
}
