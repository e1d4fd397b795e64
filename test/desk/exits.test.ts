/** An exit never exceeds what was copied, and never what the account holds. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { HDFCBANK, NIFTY_CALL, Rig, type RigFollower } from "./rig.ts";

const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SALE = { ...MARKET, transactionType: "SELL" };
const ASHA: RigFollower = { name: "asha", bps: 10_000 };

async function startRig(asha: Partial<RigFollower> = {}): Promise<Rig> {
  return Rig.start({ followers: [{ ...ASHA, ...asha }] });
}

async function holds(rig: Rig, units: number, securityId = HDFCBANK): Promise<void> {
  await eventually(() => rig.net("asha", securityId) === units, {
    what: `Asha's ${units} units`,
  });
  await rig.settles("asha");
}

function sales(rig: Rig) {
  return rig.rows("asha").filter((row) => row.transactionType === "SELL");
}

describe("an exit", { concurrency: true }, () => {
  test("is not sent when its entry was rejected for want of funds", async () => {
    await using rig = await startRig({ account: { availableBalance: 1_000 } });
    rig.lead(MARKET);
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "REJECTED", { what: "the no" });
    await rig.fact("asha", "alarmed", ({ code }) => code === "entry-rejected");
    const exit = rig.lead(SALE);
    await rig.skipped("asha", exit, "nothing-to-exit");
    await rig.untilCaughtUp();
    assert.equal(rig.rows("asha").length, 1);
    assert.equal(rig.net("asha"), 0);
  });

  test("is not sent when the leader leaves what he had before the link began", async () => {
    const holding = { instrument: "NSE_EQ:1333", quantity: 100 };
    await using rig = await Rig.start({
      followers: [{ ...ASHA, account: { holdings: [holding] } }],
      leader: { holdings: [holding] },
    });
    const exit = rig.lead({ ...SALE, productType: "CNC" });
    await rig.skipped("asha", exit, "nothing-to-exit");
    await rig.untilCaughtUp();
    assert.deepEqual(rig.rows("asha"), []);
  });

  test("of half the leader's position takes half of the copy, down to the lot", async () => {
    const half = { bps: 5_000 };
    await using rig = await startRig(half);
    const call = { securityId: NIFTY_CALL, exchangeSegment: "NSE_FNO", productType: "MARGIN" };
    // Ten lots of the leader are five of Asha; half of five is two and a half.
    rig.lead({ ...MARKET, ...call, quantity: 650 });
    await holds(rig, 325, NIFTY_CALL);
    rig.lead({ ...SALE, ...call, quantity: 325 });
    await holds(rig, 195, NIFTY_CALL);
    // A third of what he has left: one lot of her three.
    rig.lead({ ...SALE, ...call, quantity: 130 });
    await holds(rig, 130, NIFTY_CALL);
    rig.lead({ ...SALE, ...call, quantity: 195 });
    await holds(rig, 0, NIFTY_CALL);
    assert.deepEqual(
      sales(rig).map((row) => row.quantity),
      [130, 65, 130],
    );
  });

  test("of less than a lot of the copy is skipped, and the last one takes all", async () => {
    await using rig = await startRig({ bps: 5_000 });
    const call = { securityId: NIFTY_CALL, exchangeSegment: "NSE_FNO", productType: "MARGIN" };
    rig.lead({ ...MARKET, ...call, quantity: 195 });
    await holds(rig, 65, NIFTY_CALL);
    const part = rig.lead({ ...SALE, ...call, quantity: 65 });
    await rig.skipped("asha", part, "below-one-lot");
    await rig.reaches("leader", part, "TRADED");
    await rig.untilCaughtUp();
    const rest = rig.lead({ ...SALE, ...call, quantity: 130 });
    await rig.reaches("leader", rest, "TRADED");
    await holds(rig, 0, NIFTY_CALL);
    assert.deepEqual(
      sales(rig).map((row) => row.quantity),
      [65],
    );
  });

  test("and another that together close all leave the follower flat", async () => {
    await using rig = await startRig({ bps: 5_000 });
    const call = { securityId: NIFTY_CALL, exchangeSegment: "NSE_FNO", productType: "MARGIN" };
    rig.lead({ ...MARKET, ...call, quantity: 390 });
    await holds(rig, 195, NIFTY_CALL);
    rig.lead({ ...SALE, ...call, quantity: 195 });
    rig.lead({ ...SALE, ...call, quantity: 195 });
    await eventually(() => rig.net("leader", NIFTY_CALL) === 0, { what: "a flat leader" });
    await rig.untilCaughtUp();
    assert.equal(rig.net("asha", NIFTY_CALL), 0);
  });

  test("placed before its entry filled opens no short where the entry was missed", async () => {
    await using rig = await startRig();
    const entry = rig.lead({ price: 1600 });
    const stop = rig.lead({ ...SALE, orderType: "STOP_LOSS", triggerPrice: 1595, price: 1580 });
    await rig.untilCaughtUp();
    const missed = rig.copiesOf("asha", entry)[0]?.orderId ?? "";
    rig.simulator.cancelByHand(rig.clientOf("asha"), missed);
    await rig.skipped("asha", entry, "cancelled-elsewhere");
    rig.simulator.fill({ orderId: entry });
    await rig.untilCaughtUp();
    rig.simulator.setPrice("HDFCBANK", 1590);
    await rig.reaches("leader", stop, "TRADED");
    await rig.settles("asha");
    assert.equal(rig.net("leader"), 0);
    assert.equal(rig.net("asha"), 0);
  });

  test("never sells what the follower holds or has bought by himself", async () => {
    const holding = { instrument: "NSE_EQ:1333", quantity: 500 };
    await using rig = await startRig({ account: { holdings: [holding] } });
    const delivery = { ...MARKET, productType: "CNC" };
    rig.lead(delivery);
    await holds(rig, 100);
    rig.placeByHand("asha", { ...delivery, quantity: 50 });
    await holds(rig, 150);
    const exit = rig.lead({ ...delivery, transactionType: "SELL" });
    await rig.reaches("leader", exit, "TRADED");
    await holds(rig, 50);
    await rig.untilCaughtUp();
    assert.deepEqual(
      sales(rig).map((row) => row.quantity),
      [100],
    );
    const more = rig.lead({ ...delivery, transactionType: "SELL", quantity: 10 });
    await eventually(() => rig.row("leader", more).orderStatus !== "TRANSIT", { what: "his no" });
    assert.equal(sales(rig).length, 1);
  });

  test("never turns a follower short who has sold by hand, wholly or in part", async () => {
    for (const sold of [100, 70]) {
      await using rig = await startRig();
      rig.lead(MARKET);
      await holds(rig, 100);
      rig.placeByHand("asha", { ...SALE, quantity: sold });
      await holds(rig, 100 - sold);
      const exit = rig.lead(SALE);
      await rig.reaches("leader", exit, "TRADED");
      await rig.fact("asha", "held", ({ code }) => code === "account-holds-less");
      await holds(rig, 0);
      assert.equal(
        sales(rig).reduce((sum, row) => sum + row.quantity, 0),
        100,
        `sold ${sold} by hand`,
      );
    }
  });

  test("that rests is taken back when the follower sells by hand", async () => {
    await using rig = await startRig();
    rig.lead(MARKET);
    await holds(rig, 100);
    rig.lead({ ...SALE, orderType: "LIMIT", price: 1700 });
    await eventually(() => sales(rig)[0]?.orderStatus === "PENDING", { what: "the exit" });
    rig.placeByHand("asha", SALE);
    await eventually(() => sales(rig)[0]?.orderStatus === "CANCELLED", { what: "its end" });
    rig.simulator.setPrice("HDFCBANK", 1700);
    await holds(rig, 0);
  });

  test("by target takes the stop back, and the position is flat and never flipped", async () => {
    await using rig = await startRig();
    rig.lead(MARKET);
    await holds(rig, 100);
    const target = rig.lead({ ...SALE, orderType: "LIMIT", price: 1700 });
    const stop = rig.lead({ ...SALE, orderType: "STOP_LOSS", triggerPrice: 1600, price: 1595 });
    await rig.untilCaughtUp();
    assert.deepEqual(
      sales(rig).map((row) => [row.orderType, row.quantity, row.orderStatus]),
      [
        ["LIMIT", 100, "PENDING"],
        ["STOP_LOSS", 100, "PENDING"],
      ],
    );
    rig.simulator.setPrice("HDFCBANK", 1700);
    await rig.reaches("leader", target, "TRADED");
    rig.cancel(stop);
    await holds(rig, 0);
    await eventually(() => sales(rig)[1]?.orderStatus === "CANCELLED", { what: "no stop" });
    rig.simulator.setPrice("HDFCBANK", 1590);
    await rig.settles("asha");
    assert.equal(rig.net("asha"), 0);
  });

  test("by a part of the target shrinks the stop, although the leader leaves his", async () => {
    await using rig = await startRig();
    rig.lead(MARKET);
    await holds(rig, 100);
    rig.lead({ ...SALE, orderType: "LIMIT", price: 1700 });
    rig.lead({ ...SALE, orderType: "STOP_LOSS", triggerPrice: 1600, price: 1595 });
    await rig.untilCaughtUp();
    const target = sales(rig)[0]?.orderId ?? "";
    rig.simulator.fill({ orderId: target, quantity: 40 });
    await eventually(() => sales(rig)[1]?.quantity === 60, { what: "a stop of 60" });
    rig.simulator.fill({ orderId: target, quantity: 60 });
    await eventually(() => sales(rig)[1]?.orderStatus === "CANCELLED", { what: "no stop" });
    rig.simulator.setPrice("HDFCBANK", 1590);
    await rig.settles("asha");
    assert.equal(rig.net("asha"), 0);
  });

  test("that crosses zero closes first and opens afterwards", async () => {
    await using rig = await startRig({ bps: 5_000 });
    rig.lead(MARKET);
    await holds(rig, 50);
    rig.lead({ ...SALE, quantity: 200 });
    await holds(rig, -50);
    await rig.untilCaughtUp();
    assert.deepEqual(
      sales(rig).map((row) => [row.quantity, row.orderStatus]),
      [
        [50, "TRADED"],
        [50, "TRADED"],
      ],
    );
    const [close, open] = rig.truth("asha").orders.slice(1);
    assert.ok(close && open);
    assert.ok(close.fills.at(-1) !== undefined, "the closing part filled");
    assert.ok((close.fills.at(-1)?.atMs ?? 0) <= open.placedAtMs, "and before the other was sent");
    const legs = sales(rig).map((row) => {
      const children = [...rig.follower("asha").state.children.values()];
      return children.find((child) => child.correlationId === row.correlationId)?.identity.leg;
    });
    assert.deepEqual(legs, ["exit", "entry"]);
  });

  test("that crosses zero opens nothing while the closing part rests", async () => {
    await using rig = await startRig();
    rig.lead(MARKET);
    await holds(rig, 100);
    rig.lead({ ...SALE, orderType: "LIMIT", price: 1700, quantity: 200 });
    await rig.fact("asha", "held", ({ code }) => code === "closing-part-first");
    await rig.untilCaughtUp();
    assert.deepEqual(
      sales(rig).map((row) => row.quantity),
      [100],
    );
    rig.simulator.setPrice("HDFCBANK", 1700);
    await holds(rig, -100);
  });

  test("of a leader whose entry is still resting takes what the copy has filled", async () => {
    await using rig = await startRig();
    const entry = rig.lead({ price: 1600, quantity: 100 });
    await rig.untilCaughtUp();
    const copy = rig.rows("asha")[0]?.orderId ?? "";
    rig.simulator.fill({ orderId: entry, quantity: 60 });
    rig.simulator.fill({ orderId: copy, quantity: 60 });
    await holds(rig, 60);
    const exit = rig.lead({ ...SALE, quantity: 60 });
    await rig.reaches("leader", exit, "TRADED");
    await holds(rig, 0);
    rig.cancel(entry);
    await eventually(() => rig.row("asha", copy).orderStatus === "CANCELLED", { what: "its end" });
    assert.equal(rig.net("asha"), 0);
  });
});
