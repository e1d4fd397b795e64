/** Where a follower is not where he should be: seen, named, aged, and over when it is over. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { systemClock } from "../../src/platform/clock.ts";
import { systemRandom } from "../../src/platform/random.ts";
import { type LinkReport, readLinks } from "../../src/server/read/read-links.ts";
import { eventually } from "../eventually.ts";
import { linkOf, NIFTY_CALL, Rig, type RigFollower, type RigOptions } from "./rig.ts";

type Asha = Omit<Partial<RigFollower>, "name">;

async function startRig(asha: Asha = {}, options: Partial<RigOptions> = {}): Promise<Rig> {
  const follower = { name: "asha", bps: 10_000, ...asha };
  return Rig.start({ ...options, followers: [follower] });
}

const MARKET = { orderType: "MARKET", price: 0 } as const;
const NIFTY = { exchangeSegment: "NSE_FNO", securityId: NIFTY_CALL, productType: "MARGIN" };

async function statusOf(rig: Rig): Promise<LinkReport> {
  const link = { ...linkOf({ name: "asha", bps: 10_000 }), mode: "active" };
  const reports = await readLinks(rig.journal, {
    nowMs: systemClock().nowMs(),
    links: [link],
    disarmedBecause: () => "",
  });
  const [report] = reports;
  assert.ok(report);
  return report;
}

/** "out of sync: target 100, copied 0, 100 missed too-old", and the facts have an age for it. */
async function stands(rig: Rig, words: string, deadlineMs = 10_000): Promise<LinkReport> {
  let last = "";
  const what = () => `"${words}", and not "${last}"`;
  const found = eventually(
    async () => {
      const report = await statusOf(rig);
      const [drift] = report.drifts;
      const parts = (drift?.parts ?? []).map(({ units, cause, code }) =>
        code === "" ? `${units} ${cause}` : `${units} ${cause} ${code}`,
      );
      const levels = drift && `target ${drift.target}, copied ${drift.copied}`;
      last = `${report.state}: ${[levels ?? "nothing", ...parts].join(", ")}`;
      const isAged = drift === undefined || parts.length === 0 || drift.sinceMs !== undefined;
      return last === words && isAged && report;
    },
    { what: words, deadlineMs },
  );
  return found.catch((error) => {
    throw new Error(what(), { cause: error });
  });
}

/** The leader buys, and Asha with him. */
async function bothBuy(rig: Rig, quantity = 100): Promise<void> {
  rig.lead({ ...MARKET, quantity });
  await eventually(() => rig.net("asha") === quantity, { what: "the copied position" });
  await stands(rig, `in sync: target ${quantity}, copied ${quantity}`);
}

/** The leader gets out, and the link is in sync again. */
async function leaderLeaves(rig: Rig, order: Readonly<Record<string, unknown>> = {}) {
  rig.lead({ ...MARKET, quantity: 100, transactionType: "SELL", ...order });
  await rig.untilCaughtUp();
  const isOut = async () => {
    const { state, drifts } = await statusOf(rig);
    return state === "in sync" && drifts.every(({ difference }) => difference === 0);
  };
  await eventually(isOut, { what: "the link in sync", deadlineMs: 10_000 });
  const isOver = () => rig.follower("asha").state.drifts.size === 0;
  await eventually(isOver, { what: "the end of every drift", deadlineMs: 10_000 });
}

/** A request of Asha's own token, from something else than Tandem. */
async function ashaAsks(rig: Rig, method: string, path: string, body?: object): Promise<void> {
  const clientId = rig.clientOf("asha");
  const own = rig.simulator.accounts().find((account) => account.clientId === clientId);
  const { http } = rig.simulator.connect({ random: systemRandom() });
  const headers = { "access-token": own?.accessToken ?? "" };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await http.request({ method, path, headers, ...text } as never, {
    timeoutMs: 5_000,
  });
  assert.ok(reply.status < 300, reply.body);
}

describe("a follower who is not where he should be", { concurrency: true }, () => {
  test("frames lost on both sides: found by the books alone, copied, and in sync", async () => {
    await using rig = await startRig();
    rig.simulator.addFault({ kind: "drop-frames", match: {} });
    await bothBuy(rig);
    await leaderLeaves(rig);
    assert.equal(rig.net("asha"), 0);
  });

  test("frames lost until the order was too old: missed", async () => {
    await using rig = await startRig({ link: { maxAgeMs: 1_000 } });
    rig.simulator.changeSwitches({ rowLagMs: 3_000 });
    rig.simulator.addFault({ kind: "drop-frames", match: {} });
    rig.lead(MARKET);
    const { remark } = await stands(rig, "out of sync: target 100, copied 0, 100 missed too-old");
    assert.match(remark, /^100 HDFCBANK not entered, order \d+ \[too-old\]$/);
    await leaderLeaves(rig);
    assert.deepEqual(rig.rows("asha"), []);
  });

  test("a copy that the broker rejects", async () => {
    await using rig = await startRig({ account: { availableBalance: 10 } });
    rig.lead(MARKET);
    await stands(rig, "out of sync: target 100, copied 0, 100 rejected child-rejected");
    await leaderLeaves(rig);
  });

  test("less than a lot: rounding, and in sync by the rule", async () => {
    await using rig = await startRig({ bps: 5_000 });
    rig.lead({ ...MARKET, ...NIFTY, quantity: 130 });
    await eventually(() => rig.net("asha", NIFTY_CALL) === 65, { what: "the position" });
    const sale = { ...NIFTY, transactionType: "SELL" };
    rig.lead({ ...MARKET, ...sale, quantity: 65 });
    await stands(rig, "in sync: target 32, copied 65, 33 rounding below-one-lot");
    await leaderLeaves(rig, { ...sale, quantity: 65 });
    assert.equal(rig.net("asha", NIFTY_CALL), 0);
  });

  test("a fill after the leader's cancel", async () => {
    await using rig = await startRig();
    const id = rig.lead({});
    await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "the copy" });
    await rig.settles("asha");
    rig.cancel(id);
    rig.simulator.changeSwitches({ changeMs: 600 });
    await eventually(() => rig.truth("asha").requestCounts.cancel === 1, { what: "the cancel" });
    rig.simulator.fill({ orderId: rig.rows("asha")[0]?.orderId ?? "" });
    await stands(rig, "out of sync: target 0, copied 100, 100 late-fill filled-beyond-leader");
    rig.placeByHand("asha", { ...MARKET, transactionType: "SELL" });
    await stands(rig, "in sync: target 0, copied 100");
  });
});

describe("what others do in the follower's account", { concurrency: true }, () => {
  test("a sale by hand is named, never touched, and over when the leader is out", async () => {
    await using rig = await startRig();
    await bothBuy(rig);
    const orderId = rig.placeByHand("asha", { ...MARKET, quantity: 40, transactionType: "SELL" });
    const report = await stands(rig, "out of sync: target 100, copied 100, 40 manual");
    assert.equal(report.drifts[0]?.parts[0]?.foreignOrderId, orderId);
    assert.deepEqual(
      report.foreignOrders.map((order) => [order.orderId, order.origin, order.filled]),
      [[orderId, "by hand", 40]],
    );
    await leaderLeaves(rig);
    assert.equal(rig.net("asha"), 0);
    assert.ok((await rig.facts("asha")).every((fact) => !isDriftAlarm(fact)));
  });

  test("an order of his own that rests is named and left alone", async () => {
    await using rig = await startRig();
    await bothBuy(rig);
    const orderId = rig.placeByHand("asha", { price: 1590, quantity: 7 });
    const isNamed = async () => {
      const { foreignOrders } = await statusOf(rig);
      return foreignOrders.some((order) => order.orderId === orderId && order.status === "working");
    };
    await eventually(isNamed, { what: "the order's name" });
    await leaderLeaves(rig);
    assert.equal(rig.row("asha", orderId).orderStatus, "PENDING");
  });

  test("all of it squared off by the broker", async () => {
    await using rig = await startRig();
    await bothBuy(rig);
    await ashaAsks(rig, "DELETE", "/positions");
    const report = await stands(rig, "out of sync: target 100, copied 100, 100 square-off");
    assert.match(report.remark, /^100 HDFCBANK squared off, by the broker or by another program/);
    await leaderLeaves(rig);
    assert.equal(rig.net("asha"), 0);
  });

  test("units that go by no order are found by the positions, and told of in the end", async () => {
    await using rig = await startRig({}, { limits: { driftAlarmMs: 800 } });
    await bothBuy(rig);
    await ashaAsks(rig, "POST", "/positions/convert", {
      dhanClientId: rig.clientOf("asha"),
      fromProductType: "INTRADAY",
      toProductType: "CNC",
      exchangeSegment: "NSE_EQ",
      positionType: "LONG",
      securityId: "1333",
      convertQty: 100,
    });
    const words = "out of sync: target 100, copied 100, 100 unknown account-holds-less";
    await stands(rig, words);
    const alarm = await rig.fact("asha", "alarmed", isDriftAlarm);
    assert.deepEqual([alarm.inputs.units, alarm.inputs.held], [100, 0]);
    const { lastAlarm } = await statusOf(rig);
    assert.equal(lastAlarm?.code, "drift");
    await leaderLeaves(rig);
    assert.equal(rig.net("asha"), 100);
  });
});

function isDriftAlarm(fact: { readonly kind: string; readonly code?: unknown }): boolean {
  return fact.kind === "alarmed" && fact.code === "drift";
}
