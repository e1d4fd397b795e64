import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LEADER, orderOf, rupees, SHARE, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { type OrderObservation, type OrderStatus, sameTerms } from "../model/order.ts";
import { toEpochMs } from "../model/time.ts";
import { netUnits, toPositionKey } from "./account-book.ts";
import { emptyLeader, foldLeader, type LeaderState, leaderOrderFact } from "./leader.ts";

/** One order's life as the broker saw it: fills rise, time does not fall, it ends once. */
const lives = fc
  .record({
    changes: fc.array(
      fc.record({
        seconds: fc.nat({ max: 2 }),
        fill: fc.nat({ max: 30 }),
        price: fc.nat({ max: 5 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    end: fc.constantFrom<OrderStatus>("working", "cancelled", "filled"),
  })
  .map(({ changes, end }) => {
    const versions: OrderObservation[] = [orderOf("A", { status: "transit" })];
    let at = TEN_O_CLOCK_MS as number;
    let filledQuantity = 0;
    let price = rupees(1650);
    for (const change of changes) {
      at += change.seconds * 1_000;
      filledQuantity = Math.min(100, filledQuantity + change.fill);
      if (change.price > 3) price = rupees(1650 + change.price);
      const averagePrice = rupees(1_000 + filledQuantity);
      const fills = filledQuantity === 0 ? {} : { filledQuantity, averagePrice };
      versions.push(orderOf("A", { ...fills, updatedAtMs: toEpochMs(at), terms: { price } }));
    }
    const last = versions.at(-1) as OrderObservation;
    if (end === "cancelled") versions.push({ ...last, status: end });
    if (end === "filled") {
      const averagePrice = rupees(1_100);
      versions.push({ ...last, status: end, filledQuantity: 100, averagePrice });
    }
    return versions;
  });

function told(frames: readonly OrderObservation[], book: OrderObservation): LeaderState {
  let state = emptyLeader(LEADER);
  [...frames, book].forEach((frame, index) => {
    const fact = leaderOrderFact(state, frame, index < frames.length ? "stream" : "book");
    if (fact !== undefined) state = foldLeader(state, fact, index + 1);
  });
  return state;
}

test("frames lost, repeated and shuffled end where the broker's book is read", () => {
  const cases = lives.chain((versions) =>
    fc.tuple(
      fc.constant(versions),
      fc.shuffledSubarray([...versions, ...versions]).filter((frames) => frames.length > 0),
    ),
  );
  fc.assert(
    fc.property(cases, ([versions, frames]) => {
      const truth = versions.at(-1) as OrderObservation;
      const state = told(frames, truth);
      const order = state.book.orders.get(truth.brokerOrderId);
      assert.ok(order);
      assert.equal(order.status, truth.status);
      assert.equal(order.filledQuantity, truth.filledQuantity);
      assert.equal(order.averagePrice, truth.averagePrice);
      assert.ok(sameTerms(order.terms, truth.terms), "the terms are the book's");
      const key = toPositionKey(SHARE, "INTRADAY");
      assert.equal(netUnits(state.book, key), truth.filledQuantity);
      assert.equal(state.book.open.size, truth.status === "working" ? 1 : 0);
    }),
    { numRuns: 200 },
  );
});

test("a repeated read of the book is never news", () => {
  fc.assert(
    fc.property(lives, (versions) => {
      const truth = versions.at(-1) as OrderObservation;
      const state = told(versions, truth);
      assert.equal(leaderOrderFact(state, truth, "book"), undefined);
    }),
    { numRuns: 200 },
  );
});
