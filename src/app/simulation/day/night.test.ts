import assert from "node:assert/strict";
import { test } from "node:test";
import { Draw } from "../draw.ts";
import { drawPlan } from "../draw-plan.ts";
import { seedOptionsOf } from "../plan.ts";
import { runSeed } from "../run-seed.ts";
import { World } from "../world.ts";
import type { Night } from "./act.ts";
import { Market } from "./market.ts";
import { passNight } from "./night.ts";

const AT_MARKET = { orderType: "MARKET", price: 0 };
const STOPPED: Night = { isStopped: true, killsTokens: true, waitsMs: 2_000 };
const ASLEEP: Night = { isStopped: false, killsTokens: true, waitsMs: 2_000 };

/** One who follows one for one, and what the leader has bought of each product. */
async function evening() {
  const world = new World({ seed: 1, followers: [{ name: "asha", bps: 10_000 }] });
  const market = new Market(world, new Draw(1, "day"));
  market.repeats();
  await world.startDesk();
  const leader = world.clientOf("leader");
  const places = (order: Readonly<Record<string, unknown>>) => {
    const reply = world.simulator.placeByHand(leader, { transactionType: "BUY", ...order });
    assert.ok("orderId" in (reply.body as object), JSON.stringify(reply.body));
  };
  places({ securityId: "1333", quantity: 10, productType: "INTRADAY", ...AT_MARKET });
  places({ securityId: "1333", quantity: 4, productType: "CNC", ...AT_MARKET });
  places({
    exchangeSegment: "NSE_FNO",
    securityId: "52002",
    quantity: 65,
    productType: "MARGIN",
    ...AT_MARKET,
  });
  places({ securityId: "2885", quantity: 3, productType: "CNC", price: 1_360 });
  await world.clock.run(5_000);
  const overnight = { world, market, families: [], int: (from: number) => from };
  return { world, places, overnight, asha: world.clientOf("asha") };
}

for (const [name, night] of [
  ["that is stopped for the night", STOPPED],
  ["whose machine sleeps", ASLEEP],
] as const) {
  test(`a desk ${name} exits by what it copied the day before, settled and carried`, async () => {
    const { world, places, overnight, asha } = await evening();
    const dayBefore = world.clock.nowMs();
    await passNight(overnight, night);
    assert.ok(world.clock.nowMs() - dayBefore > 20 * 3_600_000);
    assert.equal(world.simulator.clock().nowMs, world.clock.nowMs());
    assert.deepEqual(
      world.books.holdings(asha).map(({ product, net }) => [product, net]),
      [
        ["CNC", 4],
        ["MARGIN", 65],
      ],
    );
    assert.deepEqual(world.books.alive(asha), []);
    await world.clock.run(60_000);
    places({
      securityId: "1333",
      quantity: 4,
      productType: "CNC",
      transactionType: "SELL",
      ...AT_MARKET,
    });
    places({
      exchangeSegment: "NSE_FNO",
      securityId: "52002",
      quantity: 65,
      productType: "MARGIN",
      transactionType: "SELL",
      ...AT_MARKET,
    });
    await world.clock.run(10_000);
    overnight.market.repeats();
    await world.clock.run(10_000);
    assert.deepEqual(world.books.holdings(asha), []);
    await world.stop();
  });
}

test("about a third of the days have a night, and it leaves the acts of the others as they were", () => {
  const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(seed));
  const nights = plans.filter(({ acts }) => acts.some(({ what }) => what === "night"));
  assert.ok(nights.length > 60 && nights.length < 140, `${nights.length} of 300`);
  for (const { acts } of plans) {
    const times = acts.map(({ atMs }) => atMs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  }
});

test("a day with a night is the same when it is played again", async () => {
  const seed = Array.from({ length: 50 }, (_, index) => index + 1).find((candidate) =>
    drawPlan(candidate).acts.some(({ what }) => what === "night"),
  );
  const plan = drawPlan(seed ?? 1);
  const [first, second] = [await runSeed(seedOptionsOf(plan)), await runSeed(seedOptionsOf(plan))];
  assert.equal(first.traceHash, second.traceHash);
  assert.ok(first.events > 100);
});
