/** Forever orders and orders for the next open: what rests at the broker and not at the exchange. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../../eventually.ts";
import type { Rig } from "../rig.ts";
import {
  alarms,
  assertNoAlarms,
  endsFlat,
  liveForevers,
  NAMES,
  openRows,
  shareOf,
  startFamily,
} from "./family-rig.ts";

const DELIVERY = { productType: "CNC", orderType: "MARKET", price: 0, quantity: 100 };

const OCO = {
  orderFlag: "OCO",
  transactionType: "SELL",
  productType: "CNC",
  orderType: "LIMIT",
  securityId: "1333",
  quantity: 100,
  price: 1595,
  triggerPrice: 1600,
  quantity1: 100,
  price1: 1700,
  triggerPrice1: 1705,
};
const SINGLE = { ...OCO, orderFlag: "SINGLE" };

type Leg = ReturnType<Rig["truth"]>["forevers"][number]["legs"][number];

/** The leader places a trigger by hand; its id. */
function leadForever(rig: Rig, order: Readonly<Record<string, unknown>>): string {
  const { body } = rig.simulator.placeForeverByHand(rig.clientOf("leader"), order);
  const { orderId } = body as { orderId?: string };
  assert.ok(orderId, JSON.stringify(body));
  return orderId;
}

/** Waits until each follower has one trigger, with legs as the condition says. */
async function triggersReach(
  rig: Rig,
  what: string,
  isSo: (legs: readonly Leg[], name: string) => boolean,
): Promise<void> {
  for (const name of NAMES) {
    const reached = () => {
      const [trigger, ...others] = liveForevers(rig, name);
      return trigger !== undefined && others.length === 0 && isSo(trigger.legs, name);
    };
    await eventually(reached, { what: `${name}: ${what}`, deadlineMs: 10_000 });
    await eventually(() => isQuiet(rig, name), { what: `${name} at rest` });
  }
}

/** No command is under way: a trigger has no row in the book that could be looked at. */
function isQuiet(rig: Rig, name: string): boolean {
  const { state, waitingCommands } = rig.follower(name);
  const isBusy = [...state.children.values()].some((child) => {
    return child.state === "intended" || child.state === "unknown" || child.pending !== undefined;
  });
  return waitingCommands === 0 && !isBusy;
}

async function allBought(rig: Rig): Promise<void> {
  rig.lead(DELIVERY);
  for (const name of NAMES) {
    await eventually(() => rig.net(name) === shareOf(name, 100), { what: `${name} in` });
  }
}

async function everybodySold(rig: Rig): Promise<void> {
  for (const name of ["leader", ...NAMES]) {
    await eventually(() => rig.net(name) === 0, { what: `${name} out`, deadlineMs: 10_000 });
  }
}

describe("a Forever order of the leader", { concurrency: true }, () => {
  test("as an OCO is copied with both halves, and fires at the broker after a restart", async () => {
    await using rig = await startFamily();
    await allBought(rig);
    leadForever(rig, OCO);
    await triggersReach(rig, "both halves", (legs, name) => {
      const levels = legs.map((leg) => [leg.triggerPrice, leg.price, leg.quantity]);
      const share = shareOf(name, 100);
      const wanted = [
        [1600, 1595, share],
        [1705, 1700, share],
      ];
      return JSON.stringify(levels) === JSON.stringify(wanted);
    });
    for (const name of NAMES) {
      await rig.fact(name, "orderObserved", ({ order }) => order.family === "forever");
    }
    await rig.crashDesk();
    await rig.startDesk();
    rig.simulator.setPrice("HDFCBANK", 1705);
    await everybodySold(rig);
    await rig.crashDesk();
    await rig.startDesk();
    await endsFlat(rig);
    for (const name of NAMES) {
      // What was bought and what the trigger fired: nothing was sold a second time.
      assert.equal(rig.rows(name).length, 2, name);
    }
    await assertNoAlarms(rig);
  });

  test("that fires while Tandem is stopped is not sold again when it comes back", async () => {
    await using rig = await startFamily();
    await allBought(rig);
    leadForever(rig, OCO);
    await triggersReach(rig, "it rests", (legs) => legs.every(({ status }) => status === "active"));
    await rig.crashDesk();
    rig.simulator.setPrice("HDFCBANK", 1600);
    await everybodySold(rig);
    await rig.startDesk();
    await endsFlat(rig);
    for (const name of NAMES) {
      assert.equal(rig.rows(name).length, 2, name);
      // What was on its way when the process ended is unknown until its terms have found it.
      const told = await alarms(rig, name);
      assert.deepEqual(
        told.filter((code) => code !== "unknown-order"),
        [],
        name,
      );
    }
  });

  test("is changed half by half, and cancelled with him", async () => {
    await using rig = await startFamily();
    await allBought(rig);
    const id = leadForever(rig, OCO);
    await triggersReach(rig, "it rests", (legs) => legs.every(({ status }) => status === "active"));
    const clientId = rig.clientOf("leader");
    const change = { legName: "STOP_LOSS_LEG", triggerPrice: 1620, price: 1615 };
    rig.simulator.modifyForeverByHand(clientId, { orderId: id, changes: change });
    await triggersReach(rig, "the new stop", ([stop]) => stop?.triggerPrice === 1620);
    rig.simulator.cancelForeverByHand(clientId, id);
    for (const name of NAMES) {
      await eventually(() => liveForevers(rig, name).length === 0, { what: `${name}: no trigger` });
    }
    rig.simulator.setPrice("HDFCBANK", 1610);
    rig.lead({ ...DELIVERY, transactionType: "SELL" });
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });

  test("that buys opens the followers' positions by their own triggers", async () => {
    await using rig = await startFamily();
    leadForever(rig, { ...SINGLE, transactionType: "BUY", triggerPrice: 1660, price: 1665 });
    await triggersReach(rig, "it rests", ([only]) => only?.status === "active");
    rig.simulator.setPrice("HDFCBANK", 1660);
    for (const name of NAMES) {
      await eventually(() => rig.net(name) === shareOf(name, 100), { what: `${name} in` });
    }
    await eventually(() => rig.net("leader") === 100, { what: "the leader in" });
    for (const name of NAMES) await rig.settles(name);
    rig.lead({ ...DELIVERY, transactionType: "SELL" });
    await endsFlat(rig);
    for (const name of NAMES) assert.equal(rig.rows(name).length, 2, name);
    await assertNoAlarms(rig);
  });
});

describe("an order of the leader's for the next open", { concurrency: true }, () => {
  const AMO = { afterMarketOrder: true, amoTime: "OPEN", price: 1655, quantity: 100 };

  test("is queued for the followers, too, and leaves nothing when he cancels it before", async () => {
    await using rig = await startFamily({ simulator: { session: "closed" } });
    const id = rig.lead(AMO);
    for (const name of NAMES) {
      await eventually(() => rig.rows(name)[0]?.orderStatus === "PENDING", { what: `${name}'s` });
      const [row] = rig.rows(name);
      assert.equal(row?.afterMarketOrder, true, name);
      assert.equal(row?.quantity, shareOf(name, 100), name);
    }
    rig.cancel(id);
    for (const name of NAMES) {
      await eventually(() => openRows(rig, name).length === 0, { what: `${name}: cancelled` });
    }
    rig.simulator.setClock({ session: "open" });
    await endsFlat(rig);
    for (const name of NAMES) assert.equal(rig.rows(name).length, 1, name);
    await assertNoAlarms(rig);
  });

  test("enters with him at the open", async () => {
    await using rig = await startFamily({ simulator: { session: "closed" } });
    rig.lead(AMO);
    for (const name of NAMES) {
      await eventually(() => rig.rows(name)[0]?.orderStatus === "PENDING", { what: `${name}'s` });
    }
    rig.simulator.setClock({ session: "open" });
    for (const name of NAMES) {
      await eventually(() => rig.net(name) === shareOf(name, 100), { what: `${name} in` });
    }
    rig.lead({ orderType: "MARKET", price: 0, quantity: 100, transactionType: "SELL" });
    await endsFlat(rig);
    await assertNoAlarms(rig);
  });
});
