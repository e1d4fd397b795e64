/** Order groups under whatever prices, people and chance do to them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manualClock } from "../../../platform/manual-clock.ts";
import { createSimulator, type LegName, type Simulator } from "../../index.ts";

const CLIENT = "1100000001";
const START_MS = Date.parse("2026-08-05T10:00:00+05:30");
const KINDS = ["super", "bracket", "cover"] as const;
const LEGS = ["ENTRY_LEG", "TARGET_LEG", "STOP_LOSS_LEG"] as const satisfies readonly LegName[];

type Step =
  | {
      readonly kind: "place";
      readonly group: (typeof KINDS)[number];
      readonly buy: boolean;
      readonly quantity: number;
      readonly ticks: number;
      readonly wide: number;
      readonly trail: number;
    }
  | { readonly kind: "cancel"; readonly pick: number; readonly leg: LegName }
  | {
      readonly kind: "modify";
      readonly pick: number;
      readonly leg: LegName;
      readonly ticks: number;
      readonly quantity: number;
    }
  | { readonly kind: "exit"; readonly pick: number }
  | { readonly kind: "price"; readonly ticks: number }
  | { readonly kind: "liquidity"; readonly units: number }
  | { readonly kind: "wait"; readonly ms: number };

const ticks = fc.integer({ min: -100, max: 100 });
const quantity = fc.integer({ min: 1, max: 50 });
const pick = fc.integer({ min: 0, max: 20 });
const leg = fc.constantFrom(...LEGS);
const placing = fc.record({
  kind: fc.constant("place" as const),
  group: fc.constantFrom(...KINDS),
  buy: fc.boolean(),
  quantity,
  ticks,
  wide: fc.integer({ min: 1, max: 60 }),
  trail: fc.constantFrom(0, 1, 10),
});
const price = fc.record({ kind: fc.constant("price" as const), ticks });
const wait = fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(10, 20, 60) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: placing },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick, leg }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("modify" as const), pick, leg, ticks, quantity }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("exit" as const), pick }) },
  { weight: 5, arbitrary: price },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("liquidity" as const),
      units: fc.integer({ min: 0, max: 60 }),
    }),
  },
  { weight: 4, arbitrary: wait },
);

function rupees(ticksAway: number): number {
  return Math.round((1650 + ticksAway * 0.05) * 100) / 100;
}

function bodyOf(act: Extract<Step, { kind: "place" }>): Record<string, unknown> {
  const sign = act.buy ? 1 : -1;
  const base = {
    transactionType: act.buy ? "BUY" : "SELL",
    securityId: "1333",
    quantity: act.quantity,
    price: rupees(act.ticks),
  };
  const apart = Math.round(act.wide * 5) / 100;
  if (act.group === "bracket") {
    return { ...base, productType: "BO", boProfitValue: apart, boStopLossValue: apart };
  }
  const stop = rupees(act.ticks - sign * act.wide);
  if (act.group === "cover") return { ...base, productType: "CO", triggerPrice: stop };
  const targetPrice = rupees(act.ticks + sign * act.wide);
  return { ...base, targetPrice, stopLossPrice: stop, trailingJump: act.trail / 20 };
}

function take(simulator: Simulator, advance: (ms: number) => void, act: Step): void {
  const groups = simulator.truth(CLIENT)[0]?.groups ?? [];
  const chosen = "pick" in act ? groups[act.pick % Math.max(1, groups.length)] : undefined;
  switch (act.kind) {
    case "place":
      simulator.placeByHand(CLIENT, bodyOf(act));
      break;
    case "cancel":
      if (chosen !== undefined) simulator.cancelByHand(CLIENT, chosen.entryId, act.leg);
      break;
    case "modify": {
      const level = rupees(act.ticks);
      const changes = {
        ENTRY_LEG: { quantity: act.quantity },
        TARGET_LEG: { targetPrice: level },
        STOP_LOSS_LEG: { stopLossPrice: level, trailingJump: 0.5 },
      }[act.leg];
      const change = { orderId: chosen?.entryId ?? "", leg: act.leg, changes };
      if (chosen !== undefined) simulator.modifyByHand(CLIENT, change);
      break;
    }
    case "exit":
      if (chosen !== undefined) tryExit(simulator, chosen.entryId);
      break;
    case "price":
      simulator.setPrice("HDFCBANK", rupees(act.ticks));
      break;
    case "liquidity":
      simulator.setLiquidity("HDFCBANK", act.units);
      break;
    case "wait":
      advance(act.ms);
      break;
  }
}

/** Most groups have nothing to exit; that refusal is another card's subject. */
function tryExit(simulator: Simulator, entryId: string): void {
  const before = simulator.truth(CLIENT)[0]?.trades.length;
  try {
    simulator.exitGroupByHand(CLIENT, entryId);
  } catch {
    assert.equal(simulator.truth(CLIENT)[0]?.trades.length, before, "a refusal does nothing");
  }
}

function run(acts: readonly Step[], siblingCancelMs: number) {
  const clock = manualClock(START_MS);
  const accounts = [
    { clientId: CLIENT, accessToken: "token-of-asha", availableBalance: 100_000_000 },
  ];
  const simulator = createSimulator({ clock, accounts, switches: { siblingCancelMs } });
  for (const act of acts) take(simulator, (ms) => clock.advance(ms), act);
  clock.advance(1_000);
  const [account] = simulator.truth(CLIENT);
  assert.ok(account);
  return { simulator, account };
}

type Account = ReturnType<typeof run>["account"];

function assertBooksAgree(account: Account): void {
  const nets = new Map<string, number>();
  for (const { row, fills } of account.orders) {
    const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
    assert.equal(row.filledQty, filled);
    assert.ok(filled <= row.quantity, "never filled beyond the total");
    const signed = row.transactionType === "BUY" ? filled : -filled;
    nets.set(row.productType, (nets.get(row.productType) ?? 0) + signed);
  }
  for (const { productType, netQty } of account.positions) {
    assert.equal(netQty, nets.get(productType) ?? 0, productType);
  }
}

test("units out through legs never exceed units in, and books agree", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: "max" }), (acts) => {
      const { account, simulator } = run(acts, 0);
      for (const group of account.groups) {
        for (const moment of group.moments) {
          assert.ok(moment.unitsOut <= moment.unitsIn, "more out than in");
          const planned = (moment.stop?.quantity ?? 0) - (moment.stop?.filledQuantity ?? 0);
          const isLive = /working|triggered/.test(moment.stop?.status ?? "");
          const open = moment.unitsIn - moment.unitsOut;
          if (isLive) assert.equal(planned, open, "a live stop covers what is open");
          if (moment.unprotected > 0) assert.match(moment.stop?.status ?? "", /cancelled|expired/);
        }
      }
      assertBooksAgree(account);
      simulator.setClock({ session: "closed" });
      const after = simulator.truth(CLIENT)[0];
      assert.deepEqual(
        after?.orders.filter(({ row }) => row.remainingQuantity > 0),
        [],
        "nothing survives the close",
      );
    }),
    { numRuns: 300 },
  );
});

test("with a delay for siblings both may fill, but nothing works on when all is out", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: "max" }), (acts) => {
      const { account } = run(acts, 30);
      for (const { moments } of account.groups) {
        const last = moments.at(-1);
        if (last === undefined || last.unitsIn === 0 || last.unitsOut < last.unitsIn) continue;
        for (const exit of [last.target, last.stop]) {
          assert.doesNotMatch(exit?.status ?? "", /working|triggered|waiting/);
        }
      }
      assertBooksAgree(account);
    }),
    { numRuns: 200 },
  );
});
