/** How long an order of unknown outcome is looked for, by clocks that step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "../../test/core/desk.ts";
import type { FollowerFact } from "../core/model/fact.ts";
import { toEpochMs } from "../core/model/time.ts";
import { memoryJournal } from "../journal/memory/journal.ts";
import { silentLogger } from "../platform/logger.ts";
import { virtualClock } from "../platform/virtual-clock.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { FollowerLoop } from "./follower-loop.ts";
import { JournalWriter } from "./journal-writer.ts";
import { DHAN_ORDER_WINDOWS, RateBudget } from "./rate-budget.ts";

const STREAM = "follower/asha";

/** Asha's one order has an unknown outcome, and the broker shows it nowhere. */
function startedLoop() {
  const desk = new Desk();
  desk.leads("L1");
  desk.answer(desk.sent(), { kind: "unknown", text: "no reply" });
  const time = virtualClock(desk.nowMs);
  let aheadMs = 0;
  const clock: Clock = {
    nowMs: () => toEpochMs(time.nowMs() + aheadMs),
    monotonicMs: () => time.monotonicMs(),
    schedule: (delayMs, callback) => time.schedule(delayMs, callback),
  };
  const journal = memoryJournal();
  const logger = silentLogger();
  const writer = new JournalWriter({ journal, clock, logger, onLost: assert.fail });
  writer.open(STREAM, 0);
  const broker: Partial<Broker> = {
    orderByCorrelationId: () => Promise.resolve(undefined),
    place: () => Promise.resolve({ kind: "rejected", reason: "other", code: "", text: "no" }),
  };
  const loop: FollowerLoop = new FollowerLoop({
    state: desk.follower,
    stream: STREAM,
    broker: broker as Broker,
    writer,
    clock,
    logger,
    budget: new RateBudget(clock, DHAN_ORDER_WINDOWS),
    requestBook: () =>
      loop.ordersSeen({ orders: [], witness: "book", startedAtMs: clock.nowMs(), isWhole: true }),
    context: desk.context(),
  });
  loop.feed({ kind: "restarted" });
  const steps = (ms: number) => {
    aheadMs += ms;
  };
  return { loop, time, steps, journal };
}

test("an unknown order is not believed absent before it has been looked for long enough", async () => {
  const { loop, time } = startedLoop();
  await time.run(14_900);
  assert.equal(loop.unsettled, 1);
  await time.run(7_000);
  assert.equal(loop.unsettled, 0);
});

test("a clock that is put forward does not make it longer than it was", async () => {
  const { loop, time, steps, journal } = startedLoop();
  await time.run(2_000);
  steps(90_000);
  await time.run(14_900);
  assert.equal(loop.unsettled, 1);
  await time.run(9_000);
  assert.equal(loop.unsettled, 0);
  const facts: FollowerFact[] = [];
  for await (const entry of journal.read(STREAM)) facts.push(entry.body as FollowerFact);
  const leaps = facts.filter((fact) => fact.kind === "clockPutForward");
  assert.deepEqual(leaps, [{ kind: "clockPutForward", byMs: 90_000 }]);
});
