/** Links that are paused or only close, and what must not happen to them, shown to the check. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkMode } from "../../../core/model/link.ts";
import { benchOf, intentOf, NAME_OF_OURS } from "./bench.ts";
import { modeMeansStop } from "./mode-means-stop.ts";

const OTHER = "T0000000000000000000000B2";
const THIRD = "T0000000000000000000000C3";

type Bench = ReturnType<typeof benchOf>;

/** A person's word, as the journal has it. */
function said(mode: LinkMode, over: LinkMode = "active") {
  return { kind: "linkModeSet", linkId: "leader-asha", mode, over, by: "operator", text: "" };
}

function skipped(leaderOrderId: string, leg: string, code: string) {
  return { kind: "skipped", copyId: `leader-asha/${leaderOrderId}`, leg, code, inputs: {} };
}

async function leads({ world }: Bench): Promise<string> {
  const bid = { securityId: "1333", transactionType: "BUY", orderType: "LIMIT" };
  const order = { ...bid, quantity: 10, price: 1_600 };
  const reply = world.simulator.placeByHand(world.clientOf("leader"), order);
  await world.clock.run(1_000);
  return (reply.body as { orderId: string }).orderId;
}

for (const mode of ["close-only", "paused"] as const satisfies readonly LinkMode[]) {
  test(`an entry that leaves once a person's ${mode} is durable is told of, an exit is not`, async () => {
    const { told, sends, writes, world } = benchOf(modeMeansStop);
    writes(intentOf(NAME_OF_OURS, "71"), intentOf(OTHER, "70", "exit"));
    await sends({ price: 1_400 });
    writes(said(mode));
    await world.clock.run(10);
    await sends({ correlationId: OTHER });
    assert.deepEqual(told, []);
    writes(intentOf(THIRD, "72"));
    await sends({ correlationId: THIRD });
    assert.match(told.join(), new RegExp(`the entry ${THIRD} leaves, ${mode} since`));
    told.length = 0;
    writes(said("active"));
    writes(intentOf(NAME_OF_OURS, "73"));
    await sends({});
    assert.deepEqual(told, []);
  });

  test(`so is one of a link that the settings have as ${mode}, also where two processes run`, async () => {
    const { told, sends, writes, world } = benchOf(modeMeansStop, { mode });
    world.hadSecond = true;
    await world.clock.run(10);
    writes(intentOf(NAME_OF_OURS, "71"));
    await sends({});
    assert.match(told.join(), new RegExp(`${mode} since 0`));
  });
}

test("an entry that is enlarged in a link that only closes is told of, what was on the wire is not", async () => {
  const { told, sends, writes, world, asha } = benchOf(modeMeansStop);
  writes(intentOf(NAME_OF_OURS, "71"));
  const { orderId } = await sends({ price: 1_400 });
  const asks = () => {
    const request = { method: "PUT" as const, path: `/orders/${orderId}`, headers: {} };
    for (const listener of world.onCommand) listener("asha", request);
  };
  const becomes = async (quantity: number) => {
    world.simulator.modifyByHand(asha, { orderId, changes: { quantity } });
    await world.clock.run(1_000);
  };
  asks();
  writes(said("close-only"));
  await becomes(20);
  assert.deepEqual(told, []);
  asks();
  await becomes(15);
  assert.deepEqual(told, []);
  await becomes(25);
  assert.match(told.join(), new RegExp(`the entry ${orderId} is enlarged, close-only since`));
});

test("what was left out for the mode and is copied later is told of", () => {
  const { told, writes } = benchOf(modeMeansStop);
  writes(said("close-only"), skipped("71", "entry", "close-only"), said("active"));
  writes(intentOf(NAME_OF_OURS, "72"));
  assert.deepEqual(told, []);
  writes(intentOf(OTHER, "71"));
  assert.match(told.join(), /leader-asha\/71 is copied after it was left out: close-only/);
});

test("an order of the leader's while the link was paused is told of when it is copied, said or not", async () => {
  const bench = benchOf(modeMeansStop);
  const { told, sends, writes, world } = bench;
  writes(said("paused"));
  const during = await leads(bench);
  await world.clock.run(10_000);
  writes(said("active"));
  const afterwards = await leads(bench);
  writes(intentOf(NAME_OF_OURS, afterwards), intentOf(OTHER, during));
  await sends({});
  assert.deepEqual(told, []);
  await sends({ correlationId: OTHER });
  assert.match(told.join(), new RegExp(`${during}, of .* while paused, is copied`));
});

test("the leader's order just before a resume may be copied: it was not decided about yet", async () => {
  const bench = benchOf(modeMeansStop);
  const { told, sends, writes, world } = bench;
  writes(said("paused"));
  const ends = world.troubles.begins("asha");
  const during = await leads(bench);
  await world.clock.run(10_000);
  writes(said("active"));
  ends();
  writes(intentOf(NAME_OF_OURS, during));
  await sends({});
  assert.deepEqual(told, []);
});

test("an exit is left out of a paused link alone", async () => {
  const { told, writes, world } = benchOf(modeMeansStop);
  writes({ kind: "copyOpened", copyId: "leader-asha/71", exit: {} });
  writes(said("paused"), skipped("71", "all", "link-paused"));
  assert.deepEqual(told, []);
  writes(said("close-only"));
  await world.clock.run(10_000);
  writes(skipped("71", "all", "link-paused"));
  assert.match(
    told.join(),
    /the exit leader-asha\/71 is left out .link-paused., and the link is not/,
  );
});

test("a person's word holds until the settings have another mode, and not again after that", async () => {
  const { told, sends, writes, world } = benchOf(modeMeansStop, { mode: "close-only" });
  const begins = (mode: LinkMode) => {
    world.editRules("asha", { mode });
    for (const listener of world.onBegin) listener();
  };
  writes(said("active", "close-only"));
  begins("close-only");
  writes(intentOf(NAME_OF_OURS, "71"));
  await sends({});
  assert.deepEqual(told, []);
  begins("paused");
  begins("close-only");
  await world.clock.run(10);
  writes(intentOf(OTHER, "72"));
  await sends({ correlationId: OTHER });
  assert.match(told.join(), new RegExp(`the entry ${OTHER} leaves, close-only since`));
});
