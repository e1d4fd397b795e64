/** What is sent once is at the broker once, whatever became of the reply. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { Rig, type RigOptions } from "./rig.ts";

type Fault = Parameters<Rig["simulator"]["addFault"]>[0];

async function startRig(options: Partial<RigOptions> = {}): Promise<Rig> {
  return Rig.start({ ...options, followers: [{ name: "asha", bps: 10_000 }] });
}

/** One fault upon Asha's next placement. */
function onPlace(rig: Rig, fault: Fault): void {
  const match = { clientId: rig.clientOf("asha"), path: "place" as const };
  rig.simulator.addFault({ count: 1, ...fault, match } as Fault);
}

/** Asha's one order is known to be at the broker, under its first name, and can be cancelled. */
async function assertOneLiveCopy(rig: Rig, leaderOrderId: string, deadlineMs = 8_000) {
  const isAccepted = () => {
    const [child] = rig.follower("asha").state.children.values();
    return child?.state === "working" && rig.isSettled("asha");
  };
  await eventually(isAccepted, { what: "an accepted copy", deadlineMs });
  assert.equal(rig.rows("asha").length, 1);
  assert.equal(rig.truth("asha").requestCounts.place, 1, "placements sent");
  const [child] = rig.follower("asha").state.children.values();
  assert.equal(child?.identity.attempt, 0);
  assert.equal(rig.rows("asha")[0]?.correlationId, child?.correlationId);
  rig.cancel(leaderOrderId);
  const isCancelled = () => rig.rows("asha")[0]?.orderStatus === "CANCELLED";
  await eventually(isCancelled, { what: "the copy's end" });
  assert.equal(rig.rows("asha").length, 1);
}

const AFTER_ACCEPTANCE: readonly (readonly [string, Fault])[] = [
  ["the reply is lost", { kind: "lose-reply" }],
  ["the reply is a 500", { kind: "status", code: 500, afterAccept: true }],
  [
    "the reply is a 500 that says incorrect request",
    {
      kind: "status",
      code: 500,
      afterAccept: true,
      body: {
        errorType: "Order_Error",
        errorCode: "DH-906",
        errorMessage: "Incorrect request for order and cannot be processed",
      },
    },
  ],
  ["the reply is a gateway's page", { kind: "html", afterAccept: true }],
  ["the reply is a 200 with nothing in it", { kind: "status", code: 200, afterAccept: true }],
  ["the reply is a 429 although it was taken", { kind: "status", code: 429, afterAccept: true }],
];

describe("replies", { concurrency: true }, () => {
  describe("an order that was taken is copied once", { concurrency: true }, () => {
    for (const [what, fault] of AFTER_ACCEPTANCE) {
      test(`when ${what}`, async () => {
        await using rig = await startRig();
        onPlace(rig, fault);
        await assertOneLiveCopy(rig, rig.lead({}));
      });

      test(`when ${what}, and the stream tells nothing`, async () => {
        await using rig = await startRig();
        const match = { clientId: rig.clientOf("asha") };
        rig.simulator.addFault({ kind: "drop-frames", match });
        onPlace(rig, fault);
        await assertOneLiveCopy(rig, rig.lead({}));
      });
    }

    test("when the reply comes after the deadline", async () => {
      await using rig = await startRig({ requestTimeoutMs: 300 });
      onPlace(rig, { kind: "delay-reply", ms: 900 });
      await assertOneLiveCopy(rig, rig.lead({}));
    });

    test("when it cannot be found for eight seconds, by any witness", async () => {
      await using rig = await startRig({ limits: { absenceSettleMs: 10_000 } });
      rig.simulator.changeSwitches({ rowLagMs: 8_000 });
      const match = { clientId: rig.clientOf("asha") };
      rig.simulator.addFault({ kind: "drop-frames", match });
      onPlace(rig, { kind: "lose-reply" });
      onPlace(rig, { kind: "blind-lookup", ms: 8_000 });
      const id = rig.lead({});
      await rig.fact("asha", "absenceSeen", ({ by }) => by === "lookup");
      await rig.fact("asha", "absenceSeen", ({ by }) => by === "book");
      await assertOneLiveCopy(rig, id, 15_000);
      const facts = await rig.facts("asha");
      assert.ok(!facts.some(({ kind }) => kind === "absenceProved"));
    });

    test("when the lookup alone is blind for two seconds", async () => {
      await using rig = await startRig({ limits: { absenceSettleMs: 1_000 } });
      onPlace(rig, { kind: "lose-reply" });
      onPlace(rig, { kind: "blind-lookup", ms: 2_000 });
      await assertOneLiveCopy(rig, rig.lead({}));
    });

    test("when it stays in transit for two seconds after a lost reply", async () => {
      await using rig = await startRig({ limits: { absenceSettleMs: 1_000 } });
      onPlace(rig, { kind: "lose-reply" });
      onPlace(rig, { kind: "stuck-transit", ms: 2_000 });
      await assertOneLiveCopy(rig, rig.lead({}));
    });
  });

  describe("an order that was not taken", { concurrency: true }, () => {
    for (const fault of [
      { kind: "drop" },
      { kind: "html" },
      { kind: "status", code: 503 },
      { kind: "throttle" },
    ] as const satisfies readonly Fault[]) {
      test(`is asked again under a new name once its absence is proved (${fault.kind})`, async () => {
        await using rig = await startRig();
        onPlace(rig, fault);
        rig.lead({});
        await rig.fact("asha", "absenceProved");
        await rig.settles("asha");
        await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", { what: "a copy" });
        assert.equal(rig.rows("asha").length, 1);
        const asked = rig.truth("asha").requests.filter(({ kind }) => kind === "place");
        assert.equal(asked.length, 2);
        assert.notEqual(asked[0]?.correlationId, asked[1]?.correlationId);
        assert.equal(rig.rows("asha")[0]?.correlationId, asked[1]?.correlationId);
        const [first, second] = asked.map(({ atMs }) => atMs);
        assert.ok((second ?? 0) - (first ?? 0) >= 1_500, "asked again before the settling delay");
      });
    }

    test("is not asked again while an exit of the same instrument waits for the proof", async () => {
      await using rig = await startRig({ limits: { absenceSettleMs: 1_000 } });
      const market = { orderType: "MARKET", price: 0, quantity: 10 };
      rig.lead(market);
      await eventually(() => rig.net("asha") === 10, { what: "the position" });
      await rig.settles("asha");
      onPlace(rig, { kind: "drop" });
      rig.lead({ ...market, transactionType: "SELL" });
      await eventually(() => rig.net("asha") === 0, { what: "the exit", deadlineMs: 8_000 });
      const sent = rig.rows("asha").filter((row) => row.transactionType === "SELL");
      assert.equal(sent.length, 1);
      assert.equal(rig.net("asha"), 0);
    });
  });

  describe("a change of unknown outcome", { concurrency: true }, () => {
    for (const path of ["modify", "cancel"] as const) {
      for (const fault of ["lose-reply", "drop"] as const) {
        test(`is settled by reading the order (${path}, ${fault})`, async () => {
          await using rig = await startRig();
          const id = rig.lead({});
          await eventually(() => rig.rows("asha")[0]?.orderStatus === "PENDING", {
            what: "a copy",
          });
          await rig.settles("asha");
          const match = { clientId: rig.clientOf("asha"), path };
          rig.simulator.addFault({ kind: fault, match, count: 1 });
          if (path === "modify") rig.modify(id, { quantity: 150, price: 1605 });
          else rig.cancel(id);
          const isDone = () => {
            const [row] = rig.rows("asha");
            if (path === "cancel") return row?.orderStatus === "CANCELLED";
            return row?.price === 1605 && row.quantity === 150;
          };
          await eventually(isDone, { what: "the change at the broker" });
          await rig.settles("asha");
          assert.equal(rig.rows("asha").length, 1);
        });
      }
    }
  });
});
