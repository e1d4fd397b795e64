/** All that was copied is closed and proved flat, against the broker: in a burst, over a crash, in trouble. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAccountId } from "../../src/core/model/ids.ts";
import { eventually } from "../eventually.ts";
import { HDFCBANK, NIFTY_CALL, RELIANCE, Rig } from "./rig.ts";

const ASHA = toAccountId("asha");
const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SHORT_CALL = {
  ...MARKET,
  exchangeSegment: "NSE_FNO",
  securityId: NIFTY_CALL,
  transactionType: "SELL",
  quantity: 65,
};

async function startRig(): Promise<Rig> {
  return Rig.start({
    followers: [{ name: "asha", bps: 10_000, account: { availableBalance: 100_000_000 } }],
    leader: { availableBalance: 100_000_000 },
  });
}

async function inPositions(rig: Rig): Promise<void> {
  rig.lead(MARKET);
  rig.lead(SHORT_CALL);
  await eventually(() => rig.net("asha", HDFCBANK) === 100 && rig.net("asha", NIFTY_CALL) === -65, {
    what: "a long and a short position",
    deadlineMs: 10_000,
  });
}

async function squaresOff(rig: Rig): Promise<void> {
  assert.deepEqual(await rig.desk.stopEntries("square-off", "asha", "enough"), [ASHA]);
}

async function isProvedFlat(rig: Rig): Promise<void> {
  await eventually(() => rig.desk.flatness().every(({ isProved }) => isProved), {
    what: "the proof",
    deadlineMs: 20_000,
  });
  for (const { securityId, netQty } of rig.truth("asha").positions) {
    assert.equal(netQty, 0, `${securityId} by the broker`);
  }
  const open = rig.rows("asha").filter(({ orderStatus }) => orderStatus === "PENDING");
  assert.deepEqual(open, []);
}

describe("an account that is squared off", { concurrency: true }, () => {
  test("in the middle of a burst of thirty is proved flat, and no entry arrives after it", async () => {
    await using rig = await startRig();
    await inPositions(rig);
    rig.lead({ transactionType: "SELL", price: 1_800 });
    await eventually(() => rig.rows("asha").length === 3, { what: "the copy of his exit" });
    for (let place = 0; place < 30; place += 1) {
      rig.lead({ securityId: RELIANCE, price: 1_300 + place });
    }
    await eventually(() => rig.rows("asha").length >= 8, { what: "some at the broker" });
    await squaresOff(rig);
    const isEntry = ({ leg }: { leg: string }) => leg === "entry";
    const facts = await rig.facts("asha");
    const after = facts.slice(facts.findIndex(({ kind }) => kind === "entriesStopped"));
    await isProvedFlat(rig);
    const later = (await rig.facts("asha")).slice(facts.length - after.length);
    const placed = later.flatMap((fact) => (fact.kind === "placeIntended" ? [fact.identity] : []));
    assert.deepEqual(placed.filter(isEntry), []);
    assert.equal(placed.length, 2, "one order for each contract");
    const counted = rig.rows("asha").length;
    const exit = rig.lead({ ...MARKET, transactionType: "SELL" });
    await rig.skipped("asha", exit, "squared-off");
    await rig.settles("asha");
    assert.equal(rig.rows("asha").length, counted);
  });

  test("and crashes in the middle goes on with it, and is stopped still", async () => {
    await using rig = await startRig();
    await inPositions(rig);
    rig.simulator.setLiquidity("HDFCBANK", 0);
    await squaresOff(rig);
    await eventually(() => rig.net("asha", NIFTY_CALL) === 0, { what: "the option" });
    await rig.crashDesk();
    await rig.startDesk();
    assert.equal(rig.net("asha", HDFCBANK), 100);
    const [{ isProved, positions } = { isProved: true, positions: [] }] = rig.desk.flatness();
    assert.deepEqual(
      [isProved, positions.map(({ copied, held }) => [copied, held])],
      [false, [[100, 100]]],
    );
    rig.simulator.setLiquidity("HDFCBANK", null);
    rig.simulator.setPrice("HDFCBANK", 1_650);
    await isProvedFlat(rig);
    await rig.skipped("asha", rig.lead({ price: 1_500 }), "entries-stopped");
  });

  test("whose closing order gets no reply is closed once", async () => {
    await using rig = await startRig();
    await inPositions(rig);
    rig.simulator.addFault({
      kind: "lose-reply",
      count: 1,
      match: { clientId: rig.clientOf("asha"), path: "place" },
    });
    const before = rig.rows("asha").length;
    await squaresOff(rig);
    await isProvedFlat(rig);
    assert.equal(rig.rows("asha").length, before + 2);
  });

  test("keeps the shares that it had bought itself", async () => {
    await using rig = await startRig();
    await inPositions(rig);
    rig.placeByHand("asha", { ...MARKET, quantity: 40 });
    await eventually(() => rig.net("asha", HDFCBANK) === 140, { what: "forty of her own" });
    await rig.settles("asha");
    await squaresOff(rig);
    await eventually(() => rig.desk.flatness().every(({ isProved }) => isProved), {
      what: "the proof",
      deadlineMs: 20_000,
    });
    assert.deepEqual([rig.net("asha", HDFCBANK), rig.net("asha", NIFTY_CALL)], [40, 0]);
  });

  test("gets out of a group by one order, once its legs have ended", async () => {
    await using rig = await startRig();
    rig.lead({ ...MARKET, targetPrice: 1_700, stopLossPrice: 1_600 });
    await eventually(() => rig.rows("asha").length === 3, { what: "the entry and its legs" });
    await squaresOff(rig);
    await isProvedFlat(rig);
    assert.equal(rig.rows("asha").length, 4);
  });
});
