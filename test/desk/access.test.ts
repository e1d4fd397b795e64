/** Tokens that die and streams that fall silent in the middle of the day. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig, type RigOptions } from "./rig.ts";

const MARKET = { orderType: "MARKET", price: 0, quantity: 100 };
const SALE = { ...MARKET, transactionType: "SELL" };

async function startTwo(options: Partial<RigOptions> = {}): Promise<Rig> {
  return Rig.start({
    ...options,
    followers: [
      { name: "asha", bps: 10_000 },
      { name: "ravi", bps: 10_000 },
    ],
  });
}

/** Somebody else has made a token of Asha's account, so the one that Tandem has is over. */
function supersede(rig: Rig): void {
  rig.simulator.changeToken({ clientId: rig.clientOf("asha"), action: "supersede" });
}

/** Order commands that were decided for Asha so far. */
async function intents(rig: Rig): Promise<number> {
  const facts = await rig.facts("asha");
  return facts.filter(({ kind }) => kind.endsWith("Intended")).length;
}

describe("a token that dies in the middle of the day", { concurrency: true }, () => {
  test("suspends its account with an alarm, and the others go on", async () => {
    await using rig = await startTwo();
    rig.lead({});
    await rig.untilCaughtUp();
    supersede(rig);
    const second = rig.lead({ price: 1601 });
    await eventually(() => rig.copiesOf("ravi", second)[0]?.orderStatus === "PENDING", {
      what: "Ravi's copy",
    });
    await rig.fact("asha", "suspended", ({ reason }) => reason === "auth");
    await rig.fact("asha", "alarmed", ({ code }) => code === "account-suspended");
    const isNamed = () => rig.desk.readiness().reasons.some((reason) => reason.includes("asha"));
    await eventually(isNamed, { what: "the readiness" });
    assert.ok(!rig.desk.readiness().reasons.some((reason) => reason.includes("ravi")));
    assert.equal(rig.rows("asha").length, 1);
    const third = rig.lead({ price: 1602 });
    await rig.skipped("asha", third, "account-suspended");
  });

  for (const [what, act] of [
    ["modifies", (rig: Rig, id: string) => rig.modify(id, { quantity: 150, price: 1610 })],
    ["cancels", (rig: Rig, id: string) => rig.cancel(id)],
  ] as const) {
    test(`is not hammered when the leader ${what}, and the change follows later`, async () => {
      await using rig = await startTwo();
      const id = rig.lead({});
      await rig.untilCaughtUp();
      const before = await intents(rig);
      supersede(rig);
      act(rig, id);
      await rig.fact("asha", "suspended");
      const isDone = (name: string) => {
        const [row] = rig.rows(name);
        return row?.orderStatus === "CANCELLED" || row?.price === 1610;
      };
      await eventually(() => isDone("ravi"), { what: "Ravi's change" });
      assert.ok((await intents(rig)) - before <= 2, "asked again and again in vain");
      assert.equal(isDone("asha"), false);
      rig.renewToken("asha");
      await eventually(() => isDone("asha"), { what: "Asha's change" });
      await rig.untilReady();
      assert.equal(rig.rows("asha").length, 1);
    });
  }

  test("holds the exit, which is sent once the token is renewed", async () => {
    await using rig = await startTwo();
    rig.lead(MARKET);
    await eventually(() => rig.net("asha") === 100, { what: "the position" });
    await rig.settles("asha");
    supersede(rig);
    rig.lead(SALE);
    await eventually(() => rig.net("ravi") === 0, { what: "Ravi's exit" });
    await rig.fact("asha", "suspended");
    assert.equal(rig.net("asha"), 100);
    rig.renewToken("asha");
    await eventually(() => rig.net("asha") === 0, { what: "Asha's exit" });
    const sold = rig.rows("asha").filter((row) => row.transactionType === "SELL");
    assert.equal(sold.length, 1);
  });

  test("of the leader stops nothing that is open, and names him", async () => {
    await using rig = await startTwo();
    rig.lead({});
    await rig.untilCaughtUp();
    rig.simulator.changeToken({ clientId: rig.clientOf("leader"), action: "supersede" });
    const isNamed = () => {
      return rig.desk.readiness().reasons.some((reason) => reason.includes("account leader"));
    };
    await eventually(isNamed, { what: "the readiness" });
    assert.equal(rig.rows("asha")[0]?.orderStatus, "PENDING");
    // His stream lives on: the broker looks at tokens only when somebody logs in.
    const second = rig.lead({ price: 1601 });
    await eventually(() => rig.copiesOf("asha", second).length === 1, { what: "the copy" });
  });
});

test("an address that the broker refuses holds the exit until the address is mended", async () => {
  await using rig = await startTwo();
  rig.simulator.changeAccount({ clientId: rig.clientOf("ravi"), primaryIp: "127.0.0.1" });
  rig.lead(MARKET);
  await eventually(() => rig.net("asha") === 100, { what: "the position" });
  await rig.settles("asha");
  rig.simulator.changeSwitches({ staticIp: true });
  rig.lead(SALE);
  await eventually(() => rig.net("ravi") === 0, { what: "Ravi's exit" });
  await rig.fact("asha", "suspended", ({ reason }) => reason === "address");
  await rig.fact("asha", "alarmed", ({ code }) => code === "account-suspended");
  assert.ok(rig.desk.readiness().reasons.some((reason) => reason.includes("asha")));
  rig.simulator.changeAccount({ clientId: rig.clientOf("asha"), primaryIp: "127.0.0.1" });
  rig.mendAccess("asha");
  await eventually(() => rig.net("asha") === 0, { what: "Asha's exit" });
  await rig.untilReady();
});

describe("a stream that falls silent", { concurrency: true }, () => {
  const timing = {
    pingEveryMs: 150,
    staleAfterMs: 500,
    loginGraceMs: 100,
    firstRetryMs: 50,
    maxRetryMs: 100,
  };

  test("is replaced within the deadline, and its silence loses nothing", async () => {
    await using rig = await startTwo({ timing, cadence: { whileQuietMs: 10_000 } });
    const match = { clientId: rig.clientOf("leader") };
    const silence = rig.simulator.addFault({ kind: "silent", match });
    const id = rig.lead({});
    const isNoticed = () => {
      return rig.desk.readiness().reasons.some((reason) => reason.includes("no sign of life"));
    };
    await eventually(isNoticed, { what: "the silence", deadlineMs: 1_500 });
    await eventually(() => rig.copiesOf("asha", id)[0]?.orderStatus === "PENDING", {
      what: "the copy all the same",
    });
    rig.simulator.removeFault(silence);
    await rig.untilReady();
    const second = rig.lead({ price: 1601 });
    await eventually(() => rig.copiesOf("asha", second).length === 1, { what: "the next copy" });
    assert.equal(rig.rows("asha").length, 2);
  });

  test("of a follower is replaced, and what it did not tell is known", async () => {
    await using rig = await startTwo({ timing, cadence: { whileQuietMs: 10_000 } });
    rig.lead({});
    await rig.untilCaughtUp();
    const match = { clientId: rig.clientOf("asha") };
    const silence = rig.simulator.addFault({ kind: "silent", match });
    rig.simulator.fill({ orderId: rig.rows("asha")[0]?.orderId ?? "", quantity: 60 });
    const copied = () => [...rig.follower("asha").state.copied.values()][0];
    await eventually(() => copied() === 60, { what: "the fill", deadlineMs: 2_000 });
    rig.simulator.removeFault(silence);
    await rig.untilReady();
  });
});
