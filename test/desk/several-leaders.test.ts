/** Links that meet: two leaders in one account, and a follower who leads. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toAccountId, toLinkId } from "../../src/core/model/ids.ts";
import { eventually } from "../eventually.ts";
import { assertNoOrderTwice } from "./busy-day.ts";
import { linkOf, Rig } from "./rig.ts";

const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SALE = { ...MARKET, transactionType: "SELL" };

async function startTwoLeaders(): Promise<Rig> {
  const second = { id: toLinkId("second-asha"), leader: toAccountId("second") };
  return Rig.start({
    followers: [{ name: "asha", bps: 10_000 }],
    others: [{ name: "second", account: { availableBalance: 100_000_000 } }],
    links: [linkOf({ name: "asha", bps: 5_000, link: second })],
  });
}

async function holds(rig: Rig, name: string, units: number): Promise<void> {
  await eventually(() => rig.net(name) === units, { what: `${units} units of ${name}` });
  await rig.settles(name);
}

describe("two leaders of one follower", { concurrency: true }, () => {
  test("are each copied by their own rule, and each exit takes only its own part", async () => {
    await using rig = await startTwoLeaders();
    rig.lead(MARKET);
    rig.placeByHand("second", { ...MARKET, quantity: 60 });
    await holds(rig, "asha", 130);
    rig.lead(SALE);
    await holds(rig, "asha", 30);
    rig.placeByHand("second", { ...SALE, quantity: 30 });
    await holds(rig, "asha", 15);
    rig.placeByHand("second", { ...SALE, quantity: 30 });
    await holds(rig, "asha", 0);
    assertNoOrderTwice(rig, "asha");
  });

  test("never sell each other's part when the follower has sold by hand", async () => {
    await using rig = await startTwoLeaders();
    rig.lead(MARKET);
    rig.placeByHand("second", { ...MARKET, quantity: 60 });
    await holds(rig, "asha", 130);
    rig.placeByHand("asha", { ...SALE, quantity: 110 });
    await holds(rig, "asha", 20);
    rig.lead(SALE);
    rig.placeByHand("second", { ...SALE, quantity: 60 });
    await holds(rig, "asha", 0);
    assertNoShort(rig);
  });

  test("who stand on opposite sides leave the follower flat when both have left", async () => {
    await using rig = await startTwoLeaders();
    rig.lead(MARKET);
    await holds(rig, "asha", 100);
    rig.placeByHand("second", { ...SALE, quantity: 100 });
    await holds(rig, "asha", 50);
    rig.lead(SALE);
    const left = rig.placeByHand("second", { ...MARKET, quantity: 100 });
    await rig.reaches("second", left, "TRADED");
    await holds(rig, "asha", 0);
  });
});

/** Walks the account's fills: its net was never below zero. */
function assertNoShort(rig: Rig): void {
  const fills = rig
    .truth("asha")
    .orders.flatMap(({ row, fills }) =>
      fills.map((fill) => ({ ...fill, sign: row.transactionType === "BUY" ? 1 : -1 })),
    )
    .sort((a, b) => a.atMs - b.atMs || b.sign - a.sign);
  let net = 0;
  for (const { quantity, sign } of fills) {
    net += sign * quantity;
    assert.ok(net >= 0, `short by ${-net}`);
  }
}

describe("a chain of two", { concurrency: true }, () => {
  async function startChain(): Promise<Rig> {
    const link = { id: toLinkId("asha-ravi"), leader: toAccountId("asha") };
    return Rig.start({
      followers: [
        { name: "asha", bps: 5_000 },
        { name: "ravi", bps: 5_000, link },
      ],
    });
  }

  test("copies placing, changing and cancelling from link to link", async () => {
    await using rig = await startChain();
    const id = rig.lead({ quantity: 100 });
    await eventually(() => rig.rows("ravi")[0]?.orderStatus === "PENDING", { what: "the copy" });
    assert.equal(rig.rows("asha")[0]?.quantity, 50);
    assert.equal(rig.rows("ravi")[0]?.quantity, 25);
    rig.modify(id, { quantity: 200, price: 1610 });
    await eventually(() => rig.rows("ravi")[0]?.price === 1610, { what: "the change" });
    await eventually(() => rig.rows("ravi")[0]?.quantity === 50, { what: "the quantity" });
    rig.cancel(id);
    await eventually(() => rig.rows("ravi")[0]?.orderStatus === "CANCELLED", { what: "the end" });
    for (const name of ["asha", "ravi"]) {
      assert.equal(rig.rows(name).length, 1, name);
      assertNoOrderTwice(rig, name);
    }
  });

  test("exits from link to link, to zero", async () => {
    await using rig = await startChain();
    rig.lead(MARKET);
    await holds(rig, "ravi", 25);
    rig.lead({ ...SALE, quantity: 50 });
    await holds(rig, "ravi", 13);
    assert.equal(rig.net("asha"), 25);
    rig.lead({ ...SALE, quantity: 50 });
    await holds(rig, "ravi", 0);
    await holds(rig, "asha", 0);
    for (const name of ["asha", "ravi"]) assert.equal(rig.rows(name).length, 3, name);
  });
});
