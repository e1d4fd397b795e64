/** Followers on paper beside one who trades, as an operator has them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Entry } from "../../src/ports/journal.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  assertFault,
  createWorld,
  LEADER,
  lead,
  linesOf,
  truthOf,
  type World,
  writeConfig,
} from "./program.ts";

/** The account at the broker behind a shadow: it has money, and nothing may ever come to it. */
const RAVI = "1100000044";
const RAVI_TOKEN = "token-of-ravi-who-only-watches";
/** One lot less than a copy of all orders would cost: what he has must decide. */
const RAVI_FUNDS = 1_000_000_000;

interface Followers {
  readonly ravi: object;
  readonly meera: object;
}

const SHADOWS: Followers = {
  ravi: { id: "ravi", clientId: RAVI, accessToken: RAVI_TOKEN, shadow: true },
  meera: { id: "meera", shadow: { capital: 1_000_000_000 } },
};

/** Asha trades; ravi and meera have the same rule on paper. */
async function worldWithShadows(t: TestContext): Promise<World> {
  const world = await createWorld(t);
  world.simulator.createAccount({
    clientId: RAVI,
    accessToken: RAVI_TOKEN,
    availableBalance: RAVI_FUNDS,
  });
  configure(world, SHADOWS);
  return world;
}

function configure(world: World, { ravi, meera }: Followers): void {
  const link = (follower: string) => ({ id: `leader-${follower}`, leader: "leader", follower });
  writeConfig(world.folder, {
    ...world.config,
    accounts: [...world.config.accounts, ravi, meera],
    links: ["asha", "ravi", "meera"].map(link),
  });
}

async function entriesOf({ run, data }: World, follower: string): Promise<Entry[]> {
  const args = ["audit", "export", "--data", data, "--stream", `follower/${follower}`];
  return linesOf((await run(args)).stdout) as Entry[];
}

/** What was decided to be sent, without the names that are each follower's own. */
async function decisionsOf(world: World, follower: string): Promise<string[]> {
  const entries = await entriesOf(world, follower);
  return entries
    .filter(({ kind }) => /Intended$/.test(kind))
    .map(({ body }) => {
      const { command } = body as { command: Record<string, unknown> };
      const { correlationId: _, brokerOrderId: __, ...rest } = command;
      return JSON.stringify(rest);
    });
}

interface Link {
  readonly link: string;
  readonly follower: string;
  readonly isShadow: boolean;
  readonly state: string;
  readonly openChildOrders: number;
  readonly alarmsToday: number;
  readonly positions: readonly { readonly copiedUnits: number }[];
}

async function linksOf({ run, data }: World): Promise<readonly Link[]> {
  return JSON.parse((await run(["status", "--data", data, "--json"])).stdout).links;
}

/** Waits until every follower has copied so many units, and has so many orders that rest. */
async function untilAllHave(world: World, units: number, resting: number): Promise<void> {
  const isThere = async () => {
    const links = await linksOf(world);
    return links.every(({ positions, openChildOrders, state }) => {
      const copied = positions.reduce((sum, { copiedUnits }) => sum + copiedUnits, 0);
      return copied === units && openChildOrders === resting && state === "in sync";
    });
  };
  await eventually(isThere, {
    what: `${units} units and ${resting} orders at each follower`,
    deadlineMs: 15_000,
  });
}

/** Nothing was ever asked of the account but what it has. */
function assertUntouched(world: World): void {
  const { requests, orders, positions } = truthOf(world, RAVI);
  assert.deepEqual([...new Set(requests.map(({ kind }) => kind))], ["funds"]);
  assert.deepEqual([orders, positions], [[], []]);
}

test("shadows decide what a follower who trades decides, and the broker never hears of it", async (t) => {
  const world = await worldWithShadows(t);
  const { simulator, run, data } = world;
  const tandem = world.tandem();
  await tandem.untilReady();
  assert.match(tandem.stderr, /SHADOW: ravi, meera are shadows: .* nothing is sent/);

  const entry = lead(world, { quantity: 100, price: 1660 });
  await untilAllHave(world, 100, 0);
  lead(world, {
    transactionType: "SELL",
    orderType: "STOP_LOSS",
    quantity: 100,
    price: 1595,
    triggerPrice: 1600,
  });
  await untilAllHave(world, 100, 1);
  const resting = lead(world, { quantity: 40, price: 1640 });
  await untilAllHave(world, 100, 2);
  simulator.modifyByHand(LEADER, { orderId: resting, changes: { quantity: 40, price: 1645 } });
  await eventually(
    async () => (await decisionsOf(world, "meera")).some((text) => text.includes('"modify"')),
    { what: "the changed copy", deadlineMs: 10_000 },
  );
  simulator.setPrice("HDFCBANK", 1645);
  await untilAllHave(world, 140, 1);
  simulator.setPrice("HDFCBANK", 1600);
  await untilAllHave(world, 40, 0);

  const { stdout: told } = await run(["explain", entry, "--data", data]);
  assert.match(told, /^ravi \(leader-ravi\): SHADOW, would have: copied: 100 of 100 filled/m);
  assert.match(told, /^asha \(leader-asha\): copied: 100 of 100 filled/m);
  const { copies } = JSON.parse((await run(["explain", entry, "--data", data, "--json"])).stdout);
  assert.deepEqual(
    copies.map(({ follower, isShadow }: Link) => [follower, isShadow]),
    [
      ["asha", false],
      ["meera", true],
      ["ravi", true],
    ],
  );
  await tandem.stop();

  const decided = await decisionsOf(world, "asha");
  assert.equal(decided.length, 4, "three orders and a change");
  assert.deepEqual(await decisionsOf(world, "ravi"), decided);
  assert.deepEqual(await decisionsOf(world, "meera"), decided);
  assert.deepEqual(
    (await linksOf(world)).map(({ follower, isShadow, alarmsToday }) => [
      follower,
      isShadow,
      alarmsToday,
    ]),
    [
      ["asha", false, 0],
      ["meera", true, 0],
      ["ravi", true, 0],
    ],
  );
  assertUntouched(world);
  assert.equal(truthOf(world, ASHA).orders.length, 3);
});

test("what is on paper is there after a kill, without an alarm, and goes on", async (t) => {
  const world = await worldWithShadows(t);
  const first = world.tandem();
  await first.untilReady();
  lead(world, { quantity: 100, price: 1660 });
  await untilAllHave(world, 100, 0);
  const resting = lead(world, { quantity: 40, price: 1600 });
  await untilAllHave(world, 100, 1);
  await first.kill();

  const second = world.tandem();
  await second.untilReady();
  await untilAllHave(world, 100, 1);
  world.simulator.cancelByHand(LEADER, resting);
  await untilAllHave(world, 100, 0);
  lead(world, { transactionType: "SELL", quantity: 100, price: 1640 });
  await untilAllHave(world, 0, 0);
  const closed = await world.run(["square-off", "--data", world.data]);
  assert.equal(closed.code, 0, closed.stderr);
  assert.match(closed.stdout, /^asha: flat, as the broker's positions say$/m);
  assert.match(closed.stdout, /^ravi \(shadow\): flat, as the paper positions say$/m);
  await second.stop();
  for (const { follower, alarmsToday } of await linksOf(world)) {
    assert.equal(alarmsToday, 0, follower);
  }
  assert.deepEqual(await decisionsOf(world, "ravi"), await decisionsOf(world, "asha"));
  assertUntouched(world);
});

test("a shadow that has copied does not begin to trade under its name", async (t) => {
  const world = await worldWithShadows(t);
  const tandem = world.tandem();
  await tandem.untilReady();
  lead(world, { quantity: 100, price: 1660 });
  await untilAllHave(world, 100, 0);
  await tandem.stop();
  configure(world, { ...SHADOWS, ravi: { ...SHADOWS.ravi, shadow: false } });
  const run = ["run", "--config", world.file, "--data", world.data, "--port", "0"];
  const refused = await world.run(run);
  assertFault(refused, /ravi was a shadow so far/, "ACCOUNT_KIND_CHANGED");
  const applied = await world.run(["apply", world.file, "--data", world.data]);
  assertFault(applied, /ravi was a shadow so far/, "ACCOUNT_KIND_CHANGED");
  assertUntouched(world);
  assert.ok(world.data.endsWith(join("data")));
});

test("a shadow whose account refuses its token is not ready, and says why", async (t) => {
  const world = await worldWithShadows(t);
  configure(world, { ...SHADOWS, ravi: { ...SHADOWS.ravi, accessToken: "token-of-nobody" } });
  const tandem = world.tandem();
  await eventually(
    async () => {
      const { stdout } = await world.run(["status", "--data", world.data, "--json"]);
      const { reasons } = JSON.parse(stdout || "{}");
      return reasons?.some((reason: string) => /leader-ravi: account ravi: funds/.test(reason));
    },
    { what: "the reason", deadlineMs: 15_000 },
  );
  await tandem.stop();
  assert.equal(truthOf(world, RAVI).requests.length, 0);
});
