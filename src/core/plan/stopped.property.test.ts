/** Whatever has happened before, and whatever happens then: a stop of entries is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Desk, Recorded } from "../../../test/core/desk.ts";
import { moves, RandomDay } from "../../../test/core/random-day.ts";
import type { CopyId } from "../model/fact.ts";
import { isOpen } from "../order/child-state.ts";
import { foldFollower } from "../order/follower.ts";
import { endsWorkingEntries, STOP_CAUSES } from "../order/stops.ts";

const RUNS = { numRuns: Number(process.env.RUNS ?? 200) };

/** Copies whose entry has come to stand for an exit. */
function turned(facts: readonly Recorded[]): ReadonlySet<CopyId> {
  return new Set(
    facts.flatMap(({ fact }) =>
      fact.kind === "copyResized" && fact.isTurned ? [fact.copyId] : [],
    ),
  );
}

/** Entries that were intended, enlarged or re-priced from this fact on. */
function opened({ recorded }: Desk, from: number, before: Desk["follower"]): string[] {
  let state = before;
  return recorded.slice(from).flatMap(({ fact, seq, atMs }) => {
    const was = state;
    state = foldFollower(state, fact, seq, atMs);
    if (fact.kind === "placeIntended" && fact.identity.leg === "entry") return [fact.copyId];
    if (fact.kind !== "modifyIntended") return [];
    const child = was.children.get(fact.command.correlationId);
    if (child?.identity.leg !== "entry" || turned(recorded).has(child.copyId)) return [];
    const { quantity, price } = fact.command.terms;
    const isMore = quantity > child.terms.quantity || price !== child.terms.price;
    return isMore ? [`${child.copyId}: ${quantity} at ${price}`] : [];
  });
}

test("while entries are stopped none is placed, enlarged or re-priced, and by a kill none is left", () => {
  const cause = fc.constantFrom(...STOP_CAUSES);
  fc.assert(
    fc.property(moves, moves, cause, fc.boolean(), (before, after, cause, isInstant) => {
      const day = new RandomDay({ isInstant });
      for (const move of before) day.play(move);
      const { desk } = day;
      const [from, state] = [desk.recorded.length, desk.follower];
      desk.input({ kind: "stopEntries", cause, by: "asha", text: "" });
      for (const move of after) day.play(move);
      assert.deepEqual(opened(desk, from, state), []);
      if (!endsWorkingEntries(cause)) return;
      day.calmsDown();
      for (const child of desk.children()) {
        if (child.identity.leg !== "entry" || turned(desk.recorded).has(child.copyId)) continue;
        assert.ok(!isOpen(child.state), `${child.copyId} is ${child.state}`);
      }
    }),
    RUNS,
  );
});
