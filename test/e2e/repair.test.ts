/** `tandem repair` as a person types it: a look, then a yes to just that. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { ASHA, createWorld, lead, truthOf, type World } from "./program.ts";

const HDFCBANK = "1333";
const RELIANCE = "2885";

function netOf(world: World, securityId: string): number {
  const positions = truthOf(world, ASHA).positions;
  return positions.find((position) => position.securityId === securityId)?.netQty ?? 0;
}

async function untilNet(world: World, securityId: string, units: number): Promise<void> {
  const what = `${units} of ${securityId}`;
  await eventually(() => netOf(world, securityId) === units, { what, deadlineMs: 10_000 });
}

function ordersOf(world: World): number {
  return truthOf(world, ASHA).orders.length;
}

test("a rejected entry and a cancelled exit are shown, repaired after a yes, and differ no more", async (t) => {
  const world = await createWorld(t);
  const at = (...args: string[]) => world.run([...args, "--data", world.data]);
  const nobody = await at("repair");
  assert.deepEqual([nobody.code, /TANDEM_NOT_RUNNING/.test(nobody.stderr)], [1, true]);
  const tandem = world.tandem();
  await tandem.untilReady();
  assert.equal((await at("repair")).stdout, "Nothing differs.\n");
  assert.match((await at("repair", "nobody")).stderr, /LINK_UNKNOWN/);

  const onPlace = { clientId: ASHA, path: "place" } as const;
  world.simulator.addFault({ kind: "reject-later", afterMs: 20, match: onPlace, count: 1 });
  lead(world);
  const hasRejected = () => truthOf(world, ASHA).orders.some(({ status }) => status === "REJECTED");
  await eventually(hasRejected, { what: "the rejected copy" });
  lead(world, { securityId: RELIANCE, price: 1_420 });
  await untilNet(world, RELIANCE, 10);
  lead(world, { securityId: RELIANCE, transactionType: "SELL", quantity: 6, price: 1_450 });
  const exit = await eventually(
    () => truthOf(world, ASHA).orders.find(({ status }) => status === "PENDING"),
    { what: "the copied exit" },
  );
  assert.equal(world.simulator.cancelByHand(ASHA, exit.orderId).status, 200);
  const isGone = () => truthOf(world, ASHA).orders.some(({ status }) => status === "CANCELLED");
  await eventually(isGone, { what: "the cancel by hand" });
  world.simulator.setPrice("RELIANCE", 1_455);
  const isShown = async () => {
    const { stdout } = await at("repair", "leader-asha");
    return /HDFCBANK .*BUY 10 at [\s\S]*RELIANCE .*SELL 6 at market/.test(stdout) && stdout;
  };
  const shown = await eventually(isShown, { what: "both differences", deadlineMs: 15_000 });
  assert.match(shown, /Nothing was sent\. Give the command with --yes/);
  const before = ordersOf(world);

  const one = await at("repair", "--instrument", "RELIANCE", "--yes");
  assert.deepEqual([one.code, one.stderr], [0, ""], one.stdout);
  assert.match(one.stdout, /^asha RELIANCE INTRADAY: SELL 6, 6 filled \((RP\d+)\)$/m);
  const all = await at("repair", "--yes", "--json");
  const report = JSON.parse(all.stdout);
  assert.equal(all.code, 0, all.stdout);
  assert.deepEqual(
    report.repairs.map((done: { repair: { units: number; filled: number } }) => [
      done.repair.units,
      done.repair.filled,
    ]),
    [[10, 10]],
  );
  assert.deepEqual([netOf(world, HDFCBANK), netOf(world, RELIANCE)], [10, 4]);
  assert.equal(ordersOf(world), before + 2, "two orders, and no other");
  const drifts = JSON.parse((await at("drift", "--json")).stdout).positions;
  const differences = drifts.map(({ difference }: { difference: number }) => difference);
  assert.deepEqual(differences, [0, 0]);
  const { name } = report.repairs[0].repair;
  const told = await at("explain", name);
  assert.match(told.stdout, /repair/i, told.stderr);

  lead(world, { transactionType: "SELL", price: 1_500 });
  await untilNet(world, HDFCBANK, 0);
  await tandem.stop();
});

test("what somebody sold by hand is his: it is shown, and nothing is sent for it", async (t) => {
  const world = await createWorld(t);
  const at = (...args: string[]) => world.run([...args, "--data", world.data]);
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world);
  await untilNet(world, HDFCBANK, 10);
  world.simulator.placeByHand(ASHA, {
    securityId: HDFCBANK,
    transactionType: "SELL",
    quantity: 4,
    price: 1_500,
  });
  const isShown = async () => {
    const { stdout } = await at("repair", "--yes");
    return /HDFCBANK .* 10 +6 +manual .*nothing/.test(stdout) && stdout;
  };
  const shown = await eventually(isShown, { what: "the sale by hand", deadlineMs: 15_000 });
  assert.match(shown, /it is his to bring back[\s\S]*Nothing of this can be repaired now/);
  assert.equal(ordersOf(world), 2, "the copy, and the sale by hand");
  lead(world, { transactionType: "SELL", price: 1_500 });
  await untilNet(world, HDFCBANK, 0);
  await tandem.stop();
});
