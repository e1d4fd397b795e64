/** More than the exchange takes in one order: every slice has a fate of its own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../../eventually.ts";
import { NIFTY_CALL, type Rig, type Row } from "../rig.ts";
import { assertNoAlarms, endsFlat, NAMES, startFamily } from "./family-rig.ts";

const LOT = 65;
const MOST = 27 * LOT;
/** 5,005 units: what he places comes to the exchange in three orders. */
const LEADER_SLICES = [MOST, MOST, 77 * LOT - 2 * MOST];

const OPTION = { securityId: NIFTY_CALL, exchangeSegment: "NSE_FNO", productType: "MARGIN" };
const BUY = { ...OPTION, price: 310 };
const SALE = { ...OPTION, transactionType: "SELL", price: 300 };

/** Of one slice of the leader's: half in whole lots, and double. */
const SHARES: Readonly<Record<string, (units: number) => number>> = {
  asha: (units) => Math.floor(units / 2 / LOT) * LOT,
  ravi: (units) => 2 * units,
};
const shareOf = (name: string, units: number) => SHARES[name]?.(units) ?? 0;
const wholeShare = (name: string) =>
  LEADER_SLICES.reduce((sum, units) => sum + shareOf(name, units), 0);

function leadSlices(rig: Rig, order: Readonly<Record<string, unknown>>): string[] {
  return LEADER_SLICES.map((quantity) => rig.lead({ ...order, quantity }));
}

async function holds(rig: Rig, name: string, units: number): Promise<void> {
  await eventually(() => rig.net(name, NIFTY_CALL) === units, {
    what: `${units} units of ${name}, not ${rig.net(name, NIFTY_CALL)}`,
    deadlineMs: 10_000,
  });
  await rig.settles(name);
}

function slicesOf(rig: Rig, name: string, leaderOrderId: string): number[] {
  return rig.copiesOf(name, leaderOrderId).map(({ quantity }) => quantity);
}

describe("5,005 units of an option", { concurrency: true }, () => {
  test("are copied in slices that the exchange takes, and exited whole", async () => {
    await using rig = await startFamily();
    const [first = ""] = leadSlices(rig, BUY);
    for (const name of NAMES) await holds(rig, name, wholeShare(name));
    assert.deepEqual(slicesOf(rig, "ravi", first), [MOST, MOST]);
    assert.deepEqual(slicesOf(rig, "asha", first), [13 * LOT]);
    leadSlices(rig, SALE);
    await endsFlat(rig);
    assertSlicesFit(rig);
    await assertNoAlarms(rig);
  });

  test("with one slice rejected keep the others, and the exit takes what is there", async () => {
    await using rig = await startFamily();
    const text = "RMS:{orderId}:Scrip is blocked for this client";
    const match = { clientId: rig.clientOf("ravi"), path: "place" } as const;
    rig.simulator.addFault({ kind: "reject-later", text, afterMs: 50, match, count: 1 });
    const ids = leadSlices(rig, BUY);
    await holds(rig, "ravi", wholeShare("ravi") - MOST);
    await holds(rig, "asha", wholeShare("asha"));
    await rig.fact("ravi", "alarmed", ({ code }) => code === "entry-rejected");
    const rejected = rig.rows("ravi").filter((row: Row) => row.orderStatus === "REJECTED");
    assert.equal(rejected.length, 1);
    assert.equal(ids.flatMap((id) => rig.copiesOf("ravi", id)).length, 6, "none was sent again");
    leadSlices(rig, SALE);
    await endsFlat(rig);
    assertSlicesFit(rig);
  });

  test("that rest are changed and cancelled slice by slice with him", async () => {
    await using rig = await startFamily();
    const id = rig.lead({ ...BUY, price: 290, quantity: MOST });
    await eventually(() => slicesOf(rig, "ravi", id).length === 2, { what: "two slices" });
    await rig.settles("ravi");
    rig.modify(id, { quantity: 20 * LOT, price: 291 });
    const rests = () => {
      const open = rig.copiesOf("ravi", id).filter((row) => row.orderStatus === "PENDING");
      const units = open.reduce((sum, row) => sum + row.quantity, 0);
      return units === 40 * LOT && open.every((row) => row.price === 291);
    };
    await eventually(rests, { what: "forty lots at the new price", deadlineMs: 10_000 });
    rig.cancel(id);
    await endsFlat(rig);
    assertSlicesFit(rig);
    await assertNoAlarms(rig);
  });
});

function assertSlicesFit(rig: Rig): void {
  for (const name of NAMES) {
    for (const { quantity } of rig.rows(name)) assert.ok(quantity <= MOST, `${name}: ${quantity}`);
  }
}
