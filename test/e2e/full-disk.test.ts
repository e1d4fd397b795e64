/** The shipped program when the disk of its data folder is full. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { toAccountId } from "../../src/core/model/ids.ts";
import { leaderStream } from "../../src/core/model/stream.ts";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { eventually } from "../eventually.ts";
import { type SmallDisk, smallDisk } from "../small-disk.ts";
import {
  ASHA,
  createWorld,
  LEADER,
  lead,
  type RunningTandem,
  truthOf,
  type World,
} from "./program.ts";

/** Room for a journal with its log, the reserve, and the reserve once more. */
const DISK_MIB = 56;
/** Longer than two more tries of the journal. */
const NOTHING_MS = 2_500;
const QUIET_MS = 1_000;
/** Programs are started meanwhile, and other tests run beside this one. */
const WORK_MS = 30_000;
/** Several times what fills the room that the journal has inside its files. */
const BATCHES_MAX = 2_000;
const LEADER_STREAM = leaderStream(toAccountId("leader"));
const RELIANCE = { securityId: "2885", price: 1410 } as const;
const TCS = { securityId: "11536", price: 3130 } as const;

async function start(t: TestContext) {
  const world = await createWorld(t);
  const disk = smallDisk(t, world.data, DISK_MIB);
  return disk && { world, disk, tandem: world.tandem() };
}

function netOf(world: World, securityId: string): number {
  const rows = truthOf(world, ASHA).positions.filter((row) => row.securityId === securityId);
  return rows.reduce((sum, { netQty }) => sum + netQty, 0);
}

async function untilNet(world: World, securityId: string, units: number): Promise<void> {
  const isThere = () => netOf(world, securityId) === units;
  await eventually(isThere, { what: `${units} units of ${securityId}`, deadlineMs: WORK_MS });
}

/**
 * The leader places orders far from the market and takes them away, until `isEnough`. Each batch waits
 * until the one before is in the journal, so that a slow machine has no heap of them to work off later.
 */
async function churn(world: World, isEnough: () => Promise<boolean>): Promise<void> {
  await using journal = openSqliteJournal({
    file: join(world.data, "journal.db"),
    readOnly: true,
  });
  for (let batch = 0; !(await isEnough()); batch += 1) {
    assert.ok(batch < BATCHES_MAX, "the journal never met the full disk");
    const before = await journal.lastSeq(LEADER_STREAM);
    const ids = Array.from({ length: 10 }, () => lead(world, { price: 1500 }));
    for (const id of ids) world.simulator.cancelByHand(LEADER, id);
    const isWritten = async () => (await journal.lastSeq(LEADER_STREAM)) >= before + ids.length;
    await eventually(async () => (await isWritten()) || (await isEnough()), {
      what: "a batch in the journal, or the end of it",
      deadlineMs: WORK_MS,
    });
  }
}

async function reasonsOf(tandem: RunningTandem): Promise<string> {
  return (await tandem.readiness()).reasons.join("\n");
}

function buysOf(world: World, securityId: string): number {
  return truthOf(world, ASHA).orders.filter(
    ({ row }) => row.securityId === securityId && row.transactionType === "BUY",
  ).length;
}

async function stopsEntriesAlone({ world, disk, tandem }: Started): Promise<void> {
  await tandem.untilReady();
  lead(world);
  await untilNet(world, "1333", 10);
  disk.fill();
  await churn(world, async () => /are stopped \(disk, by tandem/.test(await reasonsOf(tandem)));
  assert.match(await reasonsOf(tandem), /the disk of the data folder is full.*free some space/);
  assert.match(tandem.stderr, /ALARM disk\.full: text the disk of the data folder is full/);
  const status = await world.run(["status", "--data", world.data]);
  assert.equal(status.code, 1);
  assert.match(status.stdout, /running, not ready[\s\S]*the disk of the data folder is full/);
  // Others take what the reserve has given back.
  disk.fill();

  const entry = lead(world, RELIANCE);
  const told = async () => (await world.run(["explain", entry, "--data", world.data])).stdout;
  const isRefused = async () => /skipped: .*full disk.*\[entries-stopped\]/.test(await told());
  await eventually(isRefused, { what: "a refused entry", deadlineMs: WORK_MS });
  lead(world, { transactionType: "SELL", price: 1640 });
  await untilNet(world, "1333", 0);
  assert.equal(buysOf(world, RELIANCE.securityId), 0);

  disk.free();
  await tandem.untilReady();
  lead(world, TCS);
  await untilNet(world, TCS.securityId, 10);
  assert.equal(buysOf(world, RELIANCE.securityId), 0, "what was missed is not entered later");
  await tandem.stop();
  assert.equal((await world.run(["audit", "verify", "--data", world.data])).code, 0);
}

/** The reserve is used up as well. */
async function sendsNothing({ world, disk, tandem }: Started): Promise<void> {
  await tandem.untilReady();
  lead(world);
  await untilNet(world, "1333", 10);
  disk.fill();
  await churn(world, async () => /are stopped \(disk/.test(await reasonsOf(tandem)));
  disk.fill();
  const cannotWrite = /the journal cannot be written: .*database or disk is full/;
  await churn(world, async () => cannotWrite.test(await reasonsOf(tandem)));
  assert.match(tandem.stderr, /ALARM journal\.appendFailed: .*disk is full/);
  // What had an intent before is on its way; from here on nothing can get one.
  const { length } = await settledRequests(world);
  lead(world, { transactionType: "SELL", price: 1640 });
  lead(world, RELIANCE);
  const isSeen = async () => cannotWrite.test(await reasonsOf(tandem));
  const untilMs = performance.now() + NOTHING_MS;
  await eventually(async () => (await isSeen()) && performance.now() > untilMs, {
    what: "a journal that still cannot be written",
  });
  assert.equal(orderRequests(world).length, length, "nothing leaves without a durable intent");
  assert.equal(netOf(world, "1333"), 10);

  disk.free();
  await untilNet(world, "1333", 0);
  await tandem.untilReady();
  await tandem.stop();
  assert.equal(buysOf(world, RELIANCE.securityId), 0);
  assert.equal((await world.run(["audit", "verify", "--data", world.data])).code, 0);
}

function orderRequests(world: World) {
  const { requests } = truthOf(world, ASHA);
  return requests.filter(({ kind }) => kind === "place" || kind === "modify" || kind === "cancel");
}

/** Order requests when none has come for a while. */
async function settledRequests(world: World) {
  let count = -1;
  let sinceMs = 0;
  const isQuiet = () => {
    const requests = orderRequests(world);
    if (requests.length !== count) sinceMs = performance.now();
    count = requests.length;
    return performance.now() - sinceMs > QUIET_MS && requests;
  };
  return eventually(isQuiet, { what: "quiet at the broker", deadlineMs: WORK_MS });
}

type Started = NonNullable<Awaited<ReturnType<typeof start>>>;

describe("a full disk", { concurrency: 2 }, () => {
  test("stops entries at once and says so, exits go on, and space that is freed mends it", async (t) => {
    const started = await start(t);
    if (started === undefined) return;
    using _disk: SmallDisk = started.disk;
    await stopsEntriesAlone(started);
  });

  test("whose reserve is used up, too, lets nothing be sent, and the exit goes when there is room", async (t) => {
    const started = await start(t);
    if (started === undefined) return;
    using _disk: SmallDisk = started.disk;
    await sendsNothing(started);
  });
});
