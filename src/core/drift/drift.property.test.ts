import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LINK } from "../../../test/core/builders.ts";
import { moves, RandomDay } from "../../../test/core/random-day.ts";
import { RandomGroupDay } from "../../../test/core/random-group-day.ts";
import { driftsOf } from "./drift.ts";

test("on any day the parts come to the difference", () => {
  const run = (day: RandomDay | RandomGroupDay) => {
    const { follower, leader } = day.desk;
    for (const { difference, parts } of driftsOf({ linkId: LINK, follower, leader })) {
      const units = parts.reduce((sum, part) => sum + part.units, 0);
      assert.equal(units, Math.abs(difference));
      assert.ok(parts.every((part) => part.units > 0));
    }
  };
  fc.assert(
    fc.property(moves, fc.nat({ max: 2 }), (list, kind) => {
      const day = kind === 2 ? new RandomGroupDay() : new RandomDay({ isInstant: kind === 1 });
      for (const move of list) {
        day.play(move);
        run(day);
      }
    }),
    { numRuns: 60 },
  );
});
