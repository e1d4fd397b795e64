/** The broker's limits are kept by us, whatever the leader does and whatever the news says. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { assertNoOrderTwice } from "./busy-day.ts";
import { Rig } from "./rig.ts";

describe("rate limits", { concurrency: true }, () => {
  test("a burst of forty orders is copied in full and never too fast for the broker", async () => {
    const followers = [
      { name: "asha", bps: 10_000 },
      { name: "ravi", bps: 5_000 },
    ];
    await using rig = await Rig.start({ followers });
    for (let place = 0; place < 40; place += 1) rig.lead({ quantity: 10, price: 1500 + place });
    for (const [name, quantity] of [
      ["asha", 10],
      ["ravi", 5],
    ] as const) {
      const isDone = () =>
        rig.rows(name).filter((row) => row.orderStatus === "PENDING").length === 40;
      await eventually(isDone, { what: `forty copies of ${name}`, deadlineMs: 15_000 });
      const { orderRequestsPerSecondMax, throttled } = rig.truth(name);
      assert.ok(orderRequestsPerSecondMax <= 10, `${name}: ${orderRequestsPerSecondMax} a second`);
      assert.equal(throttled, 0, name);
      assert.equal(rig.rows(name).length, 40, name);
      assert.deepEqual(
        rig
          .rows(name)
          .map((row) => row.price)
          .sort(),
        Array.from({ length: 40 }, (_, place) => 1500 + place),
        name,
      );
      assert.ok(rig.rows(name).every((row) => row.quantity === quantity));
      assertNoOrderTwice(rig, name);
    }
  });

  test("cancels do not wait behind thirty entries, nor between them", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const first = [0, 1, 2, 3, 4, 5].map((place) => rig.lead({ quantity: 7, price: 1490 + place }));
    await rig.untilCaughtUp();
    for (let place = 0; place < 30; place += 1) rig.lead({ quantity: 10, price: 1500 + place });
    await eventually(() => rig.follower("asha").waitingCommands > 15, { what: "a queue" });
    for (const id of first) rig.cancel(id);
    const isCopied = () => rig.rows("asha").length === 36 && rig.isSettled("asha");
    await eventually(isCopied, { what: "the entries", deadlineMs: 10_000 });
    const kinds = rig
      .truth("asha")
      .requests.map(({ kind }) => kind)
      .filter((kind) => kind === "place" || kind === "cancel");
    const behind = kinds.length - 1 - kinds.lastIndexOf("cancel");
    assert.ok(behind >= 10, `only ${behind} entries were sent after the cancels: ${kinds.join()}`);
    const among = kinds.slice(kinds.indexOf("cancel"), kinds.lastIndexOf("cancel"));
    assert.ok(among.filter((kind) => kind === "place").length <= 3, kinds.join());
    assert.equal(kinds.filter((kind) => kind === "cancel").length, 6);
    assert.equal(rig.truth("asha").throttled, 0);
  });

  test("an exit does not wait behind thirty entries", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const market = { orderType: "MARKET", price: 0, quantity: 10 };
    rig.lead(market);
    await eventually(() => rig.net("asha") === 10, { what: "the position" });
    for (let place = 0; place < 30; place += 1) {
      rig.lead({ securityId: "2885", quantity: 10, price: 1300 + place });
    }
    await eventually(() => rig.follower("asha").waitingCommands > 15, { what: "a queue" });
    rig.lead({ ...market, transactionType: "SELL" });
    await eventually(() => rig.net("asha") === 0, { what: "the exit" });
    assert.ok(rig.follower("asha").waitingCommands >= 5, "the entries had gone before the exit");
  });

  test("a restart in the middle of a burst does not begin to count anew", async () => {
    await using rig = await Rig.start({
      followers: [{ name: "asha", bps: 10_000 }],
      timing: { loginGraceMs: 10 },
    });
    for (let place = 0; place < 16; place += 1) rig.lead({ quantity: 10, price: 1500 + place });
    // The second eight went a second after they had been intended.
    await eventually(() => rig.rows("asha").length === 16, { what: "two rounds" });
    await rig.stopDesk();
    await rig.startDesk();
    for (let place = 0; place < 8; place += 1) rig.lead({ quantity: 10, price: 1400 + place });
    await eventually(() => rig.rows("asha").length === 24, { what: "the rest" });
    assert.ok(rig.truth("asha").orderRequestsPerSecondMax <= 10);
    assert.equal(rig.truth("asha").throttled, 0);
  });

  test("news that cannot be read does not make us read the books too often", async () => {
    await using rig = await Rig.start({ followers: [{ name: "asha", bps: 10_000 }] });
    const before = rig.truth("asha").requestCounts.orders ?? 0;
    const match = { clientId: rig.clientOf("asha") };
    const readsSoFar = () => {
      rig.simulator.addFault({ kind: "stray-frame", text: "not an order", match });
      return (rig.truth("asha").requestCounts.orders ?? 0) - before;
    };
    await eventually(() => readsSoFar() >= 40, { what: "forty reads", deadlineMs: 10_000 });
    assert.equal(rig.truth("asha").throttled, 0);
  });
});
