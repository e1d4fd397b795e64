/** Losing, repeating, delaying and shuffling news does not change where a day ends. */
import { describe, test } from "node:test";
import { seededRandom } from "../../src/platform/random.ts";
import { assertBusyDayEnd, BUSY_FOLLOWERS, playBusyDay } from "./busy-day.ts";
import { Rig, type RigOptions } from "./rig.ts";

async function play(
  disturb: (rig: Rig) => () => void,
  options: Partial<RigOptions> = {},
): Promise<void> {
  await using rig = await Rig.start({
    ...options,
    followers: BUSY_FOLLOWERS,
    timing: { firstRetryMs: 100, maxRetryMs: 400 },
  });
  const labels = await playBusyDay(rig, disturb(rig));
  assertBusyDayEnd(rig, labels);
}

/** Puts the fault in force for the whole day. */
function allDay(fault: Parameters<Rig["simulator"]["addFault"]>[0]) {
  return (rig: Rig) => {
    rig.simulator.addFault(fault);
    return () => {};
  };
}

describe("a busy day ends alike for every follower", { concurrency: true }, () => {
  test("when nothing is wrong", () => play(() => () => {}));

  test("when every frame comes twice", () => play(allDay({ kind: "repeat-frames", times: 2 })));

  test("when frames come in any order", () =>
    play(allDay({ kind: "shuffle-frames", hold: 5, windowMs: 200 })));

  test("when frames come half a second late", () =>
    play(allDay({ kind: "delay-frames", ms: 500 })));

  test("when frames are lost here and there", () =>
    play((rig) => {
      const random = seededRandom(11);
      return () => {
        const count = Math.floor(random.next() * 4);
        if (count > 0) rig.simulator.addFault({ kind: "drop-frames", count });
      };
    }));

  test("when no frame comes at all", () =>
    play(allDay({ kind: "drop-frames" }), { cadence: { whileQuietMs: 250 } }));

  test("when all streams are cut for three seconds in the middle of it", () =>
    play((rig) => {
      let moves = 0;
      return () => {
        moves += 1;
        if (moves === 2) rig.simulator.addFault({ kind: "cut", ms: 3_000 });
      };
    }));

  test("when the leader's stream alone is cut again and again", () =>
    play((rig) => {
      let moves = 0;
      return () => {
        moves += 1;
        const match = { clientId: rig.clientOf("leader") };
        if (moves % 4 === 1) rig.simulator.addFault({ kind: "cut", ms: 300, match });
      };
    }));

  test("when replies are lost, and frames are lost, repeated and shuffled", () =>
    play((rig) => {
      const random = seededRandom(5);
      rig.simulator.addFault({ kind: "shuffle-frames", hold: 3, windowMs: 100 });
      return () => {
        const draw = random.next();
        const path = draw < 0.5 ? "place" : "modify";
        if (draw < 0.3) rig.simulator.addFault({ kind: "drop-frames", count: 2 });
        else if (draw < 0.6) rig.simulator.addFault({ kind: "repeat-frames", times: 3, count: 2 });
        else rig.simulator.addFault({ kind: "lose-reply", match: { path }, count: 1 });
      };
    }));
});
