import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manualClock } from "../platform/manual-clock.ts";
import { Agenda } from "./agenda.ts";

test("things run when they are due, the earliest first, ties in the order they were added", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (delays) => {
      const clock = manualClock(0);
      const agenda = new Agenda(clock);
      const ran: { at: number; due: number }[] = [];
      delays.forEach((due, at) => {
        agenda.after(due, () => ran.push({ at, due }));
      });
      clock.advance(50);
      const expected = delays
        .map((due, at) => ({ at, due }))
        .sort((a, b) => a.due - b.due || a.at - b.at);
      assert.deepEqual(ran, expected);
    }),
  );
});

test("what a callback adds runs too, and what was cancelled does not", () => {
  const clock = manualClock(0);
  const agenda = new Agenda(clock);
  const ran: string[] = [];
  const cancel = agenda.after(10, () => ran.push("cancelled"));
  agenda.after(5, () => {
    ran.push("first");
    cancel();
    agenda.after(1, () => ran.push("second"));
  });
  clock.advance(20);
  assert.deepEqual(ran, ["first", "second"]);
});

test("one timer of the clock is enough, and closing lets go of it", () => {
  const clock = manualClock(0);
  const agenda = new Agenda(clock);
  let ran = false;
  agenda.after(10, () => {
    ran = true;
  });
  agenda.after(5, () => {});
  assert.equal(clock.nextDueInMs(), 5);
  agenda.close();
  assert.equal(clock.nextDueInMs(), undefined);
  agenda.after(1, () => {
    ran = true;
  });
  clock.advance(100);
  assert.equal(ran, false);
});

test("an offset moves the wall clock and leaves what is due alone", () => {
  const clock = manualClock(1_000);
  const agenda = new Agenda(clock);
  let ran = false;
  agenda.after(10, () => {
    ran = true;
  });
  agenda.setOffset(86_400_000);
  assert.equal(agenda.nowMs(), 86_401_000);
  clock.advance(9);
  assert.equal(ran, false);
  clock.advance(1);
  assert.equal(ran, true);
});
