/** `tandem square-off` as a person types it: in a burst, over the death of the program, and without it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../eventually.ts";
import { ASHA, createWorld, lead, truthOf, type World } from "./program.ts";

function netOf(world: World): number {
  return truthOf(world, ASHA).positions[0]?.netQty ?? 0;
}

function entriesOf(world: World) {
  return truthOf(world, ASHA).orders.filter(({ row }) => row.transactionType === "BUY");
}

test("in a burst of thirty, killed in the middle, it ends flat, is proved, and stays stopped", async (t) => {
  const world = await createWorld(t);
  const squareOff = (...args: string[]) => world.run(["square-off", "--data", world.data, ...args]);
  const nobody = await squareOff();
  assert.deepEqual([nobody.code, /TANDEM_NOT_RUNNING/.test(nobody.stderr)], [1, true]);

  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world);
  await eventually(() => netOf(world) === 10, { what: "the copied position" });
  lead(world, { transactionType: "SELL", price: 1_800 });
  world.simulator.setLiquidity("HDFCBANK", 0);
  for (let place = 0; place < 30; place += 1) lead(world, { price: 1_500 + place });
  await eventually(() => entriesOf(world).length > 3, { what: "some of the burst" });
  const inVain = await squareOff("--wait", "1", "--reason", "we are out");
  assert.equal(inVain.code, 1, inVain.stdout);
  assert.match(inVain.stdout, /^asha: .*HDFCBANK INTRADAY: 10 copied, 10 held.* works?$/m);
  assert.match(inVain.stdout, /NOT PROVED FLAT after/);
  const entered = entriesOf(world).length;
  await tandem.kill();

  const next = world.tandem();
  const isAsked = async () => (await next.readiness()).reasons.join().includes("square-off, by");
  await eventually(isAsked, { what: "a Tandem that knows of it", deadlineMs: 30_000 });
  world.simulator.setLiquidity("HDFCBANK", null);
  world.simulator.setPrice("HDFCBANK", 1_650);
  const proved = await squareOff();
  assert.deepEqual([proved.code, proved.stderr], [0, ""], proved.stdout);
  assert.match(proved.stdout, /^asha: flat, as the broker's positions say$/m);
  assert.match(proved.stdout, /^flat, proved after \d+\.\d s$/m);
  assert.equal(netOf(world), 0);
  assert.equal(truthOf(world, ASHA).orders.filter(({ status }) => status === "PENDING").length, 0);
  lead(world, { price: 1_600 });
  const json = await squareOff("--json");
  const report = JSON.parse(json.stdout);
  assert.deepEqual([report.isFlat, report.followers[0].positions], [true, []]);
  assert.equal(entriesOf(world).length, entered, "no entry after the square-off");
  await next.stop();
});
