import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { OPTION, orderOf, rupees, SHARE, TEN_O_CLOCK_MS } from "../../../test/core/builders.ts";
import { Floor, fileOf, filledAt } from "../../../test/paper-floor.ts";
import { AppError } from "../../platform/fault.ts";

const HOUR_MS = 3_600_000;

test("a copy of an order that has filled trades at the leader's price", async (t) => {
  await using floor = new Floor(fileOf(t));
  floor.leader("1", filledAt(1649.5));
  await floor.place();
  assert.deepEqual(floor.orders, ["TRADED 10 at 1649.5"]);
});

test("a copy rests beside the leader's order, and trades when his price comes to it", async (t) => {
  await using floor = new Floor(fileOf(t));
  floor.leader("1", {});
  await floor.place();
  assert.deepEqual(floor.orders, ["PENDING 0"]);
  floor.leader("2", filledAt(1650.05));
  assert.deepEqual(floor.orders, ["PENDING 0"]);
  floor.leader("1", filledAt(1649.95));
  assert.deepEqual(floor.orders, ["TRADED 10 at 1650"]);
});

test("a fill that was told of before a restart moves no price again", async (t) => {
  await using floor = new Floor(fileOf(t));
  floor.leader("1", filledAt(1600));
  floor.leader("2", filledAt(1660));
  await floor.place();
  await floor.restart();
  floor.leader("1", filledAt(1600));
  floor.leader("2", filledAt(1660));
  assert.deepEqual(floor.orders, ["PENDING 0"]);
});

test("a contract that the instrument file does not know has no price", async (t) => {
  await using floor = new Floor(fileOf(t));
  const other = orderOf("1", { ...filledAt(5), instrument: "BSE_EQ:500180" as typeof SHARE });
  floor.exchange.leaderOrderSeen("leader", other, [other.instrument]);
  const { errorType } = await floor.call("POST", "/orders", { securityId: "500180" });
  assert.equal(errorType, "Input_Exception");
});

test("an order that rests says nothing of the market where a price was told on another day", async (t) => {
  await using floor = new Floor(fileOf(t));
  floor.leader("1", filledAt(1650));
  await floor.place({ productType: "CNC" });
  floor.clock.advance(23 * HOUR_MS);
  await floor.place({
    productType: "CNC",
    transactionType: "SELL",
    orderType: "STOP_LOSS",
    triggerPrice: 1600,
    price: 1595,
  });
  floor.leader("2", { terms: { price: rupees(1500) } });
  floor.clock.advance(1_000);
  assert.deepEqual(floor.orders, ["PENDING 0"], "a purchase far below wakes no stop");
  floor.leader("3", { lastPrice: rupees(1600) });
  assert.deepEqual(floor.orders, ["TRADED 10 at 1600"]);
});

test("a night ends day orders, turns purchases into holdings, and nothing trades at its prices", async (t) => {
  await using floor = new Floor(fileOf(t));
  floor.leader("1", filledAt(1650));
  await floor.place({ productType: "CNC" });
  await floor.place({ price: 1600 });
  assert.deepEqual(floor.orders, ["TRADED 10 at 1650", "PENDING 0"]);
  floor.clock.advance(14 * HOUR_MS);
  const truth = floor.exchange.truth("asha");
  assert.deepEqual([truth.orders.length, truth.holdings[0]?.totalQty], [0, 10]);
  assert.equal(truth.earlierOrders.at(-1)?.row.orderStatus, "EXPIRED");
  const early = await floor.call("POST", "/orders", {
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "CNC",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 1,
    price: 1700,
  });
  assert.match(String(early.errorMessage), /Market is Closed/i);
  floor.clock.advance(9 * HOUR_MS);
  await floor.place({ price: 1700 });
  assert.deepEqual(floor.orders, ["PENDING 0"], "yesterday's price fills nothing");
  floor.leader("9", { lastPrice: rupees(1690) });
  assert.deepEqual(floor.orders, ["TRADED 10 at 1700"]);
});

test("a line that was only begun is cut off; one that makes no sense is told with its place", async (t) => {
  const file = fileOf(t);
  const floor = new Floor(file);
  floor.leader("1", filledAt(1650));
  await floor.place();
  await floor[Symbol.asyncDispose]();
  const whole = readFileSync(file, "utf8");
  appendFileSync(file, '{"kind":"priced","atMs":17');
  await using again = new Floor(file, TEN_O_CLOCK_MS + HOUR_MS);
  assert.deepEqual(again.orders, ["TRADED 10 at 1650"]);
  assert.ok(readFileSync(file, "utf8").startsWith(`${whole}{"kind":"funded"`));
  const broken = fileOf(t);
  writeFileSync(broken, `${whole.split("\n")[0]}\n{"kind":"guessed"}\n`);
  assert.throws(
    () => new Floor(broken),
    (error) =>
      error instanceof AppError &&
      error.code === "PAPER_BOOK_UNREADABLE" &&
      /line 2:/.test(error.message),
  );
});

test("no client id and no token but made-up ones are written down", async (t) => {
  const file = fileOf(t);
  await using floor = new Floor(file);
  await floor.place();
  assert.doesNotMatch(readFileSync(file, "utf8"), /access-token|paper-token/);
});

type Act =
  | { readonly kind: "leader"; readonly id: number; readonly price: number; readonly units: number }
  | { readonly kind: "market"; readonly price: number }
  | {
      readonly kind: "place";
      readonly side: string;
      readonly price: number;
      readonly units: number;
    }
  | { readonly kind: "change"; readonly nth: number; readonly price: number }
  | { readonly kind: "cancel"; readonly nth: number }
  | { readonly kind: "read" }
  | { readonly kind: "wait"; readonly ms: number };

const price = fc.integer({ min: 32_900, max: 33_100 }).map((ticks) => ticks / 20);
const units = fc.integer({ min: 1, max: 50 });
const nth = fc.nat({ max: 9 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("leader" as const), id: fc.nat({ max: 5 }), price, units }),
  fc.record({ kind: fc.constant("market" as const), price }),
  fc.record({
    kind: fc.constant("place" as const),
    side: fc.constantFrom("BUY", "SELL"),
    price,
    units,
  }),
  fc.record({ kind: fc.constant("change" as const), nth, price }),
  fc.record({ kind: fc.constant("cancel" as const), nth }),
  fc.record({ kind: fc.constant("read" as const) }),
  fc.record({
    kind: fc.constant("wait" as const),
    ms: fc.constantFrom(0, 1, 19, 20, 50, 1_000, 8 * HOUR_MS, 24 * HOUR_MS),
  }),
);

async function perform(floor: Floor, ids: string[], asked: Act): Promise<void> {
  switch (asked.kind) {
    case "leader":
      return floor.leader(String(asked.id), filledAt(asked.price, asked.units), [SHARE, OPTION]);
    case "market":
      return floor.leader("other", { lastPrice: rupees(asked.price) });
    case "place": {
      const terms = { transactionType: asked.side, price: asked.price };
      const isCarried = asked.units % 3 === 0;
      const productType = asked.units % 2 === 0 ? "INTRADAY" : "CNC";
      ids.push(
        await (isCarried
          ? floor.placeCarried({ ...terms, quantity: asked.units * 65 })
          : floor.place({ ...terms, quantity: asked.units, productType })),
      );
      return;
    }
    case "change":
      await floor.call("PUT", `/orders/${ids[asked.nth] ?? "none"}`, {
        orderType: "LIMIT",
        validity: "DAY",
        quantity: 10,
        price: asked.price,
      });
      return;
    case "cancel":
      await floor.call("DELETE", `/orders/${ids[asked.nth] ?? "none"}`);
      return;
    case "read":
      await floor.call("GET", "/orders");
      return;
    case "wait":
      floor.clock.advance(asked.ms);
  }
}

test("whenever it is restarted, the book is what it was, and goes on as if it had not been", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 25 }),
      fc.array(act, { maxLength: 10 }),
      async (before, after) => {
        await using floor = new Floor(fileOf(t));
        await using twin = new Floor(fileOf(t));
        const ids: string[] = [];
        const twinIds: string[] = [];
        for (const asked of before) {
          await perform(floor, ids, asked);
          await perform(twin, twinIds, asked);
        }
        await floor.restart();
        assert.equal(floor.book, twin.book);
        for (const asked of after) {
          await perform(floor, ids, asked);
          await perform(twin, twinIds, asked);
        }
        await floor.restart(3 * HOUR_MS);
        twin.clock.advance(3 * HOUR_MS);
        assert.equal(floor.book, twin.book);
        assert.deepEqual(ids, twinIds);
        assert.deepEqual(floor.errors, []);
      },
    ),
    { numRuns: 60 },
  );
});
