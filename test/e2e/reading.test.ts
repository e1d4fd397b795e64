/** What an operator and an auditor can read of a day that is over, and what cannot be hidden. */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { hashOfEntry } from "../../src/journal/entry.ts";
import type { Entry } from "../../src/ports/journal.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  assertFault,
  contentsOf,
  createWorld,
  LEADER,
  lead,
  linesOf,
  truthOf,
  untilCopied,
  type World,
} from "./program.ts";

interface Day {
  readonly leaderOrderId: string;
  readonly childOrderId: string;
  readonly correlationId: string;
}

/** A buy and its exit, an order that rests, and one that the broker's risk check turns away. */
async function play(world: World): Promise<Day> {
  const { simulator } = world;
  const tandem = world.tandem();
  await tandem.untilReady();
  const leaderOrderId = lead(world);
  await untilCopied(world, 1);
  const net = () => truthOf(world, ASHA).positions[0]?.netQty ?? 0;
  await eventually(() => net() === 10, { what: "the copied position" });
  const match = { clientId: ASHA, path: "place" } as const;
  simulator.addFault({ kind: "reject-later", afterMs: 20, match, count: 1 });
  lead(world, { securityId: "2885", price: 1410 });
  await untilCopied(world, 2);
  lead(world, { transactionType: "SELL", price: 1640 });
  await eventually(() => net() === 0, { what: "the copied exit" });
  lead(world, { price: 1600 });
  await untilCopied(world, 4);
  const running = await world.run(["status", "--data", world.data, "--json"]);
  assert.equal(running.code, 0, running.stdout);
  const { isRunning, isReady, links } = JSON.parse(running.stdout);
  assert.deepEqual([isRunning, isReady, links[0].link], [true, true, "leader-asha"]);
  await tandem.stop();
  const child = truthOf(world, ASHA).orders[0];
  assert(child !== undefined);
  return { leaderOrderId, childOrderId: child.orderId, correlationId: child.correlationId };
}

test("after a day", async (t) => {
  const world = await createWorld(t);
  const { run, data } = world;
  const day = await play(world);
  const written = contentsOf(data);
  const at = (name: string, ...args: string[]) => run([name, ...args, "--data", data]);

  await t.test("status says that nothing runs, and exits 1", async () => {
    const { code, stdout } = await at("status");
    assert.equal(code, 1);
    assert.match(stdout, /^Tandem is not running \(broker: custom\)\n[\s\S]*leader-asha/);
    const json = await at("status", "--json");
    assert.equal(json.code, 1);
    const report = JSON.parse(json.stdout);
    assert.equal(report.isRunning, false);
    assert.equal(report.links[0].openChildOrders, 1);
  });

  await t.test("explain finds an order by any of its names", async () => {
    const told = await at("explain", day.leaderOrderId);
    assert.equal(told.code, 0);
    assert.match(told.stdout, new RegExp(`^order ${day.leaderOrderId} of leader: BUY 10 HDFCBANK`));
    assert.match(told.stdout, /\nasha \(leader-asha\): copied: /);
    for (const name of [day.childOrderId, day.correlationId]) {
      const { code, stdout } = await at("explain", name, "--json");
      assert.equal(code, 0);
      assert.equal(JSON.parse(stdout).leaderOrderId, day.leaderOrderId);
    }
    const unknown = await at("explain", "999", "--json");
    assert.deepEqual([unknown.code, unknown.stdout], [1, "null\n"]);
    assert.match(unknown.stderr, /^the journal knows no leader order 999/);
  });

  await t.test(
    "audit export is a line of JSON for each entry, each chained to the one before",
    () => assertChained(world),
  );

  await t.test("audit verify finds it whole, and says the last hashes", async () => {
    const { code, stdout } = await run(["audit", "verify", "--data", data, "--json"]);
    assert.equal(code, 0, stdout);
    const { whole, streams } = JSON.parse(stdout);
    assert.equal(whole, true);
    assert.equal(streams.length, 3);
    for (const { hash } of streams) assert.match(hash, /^[0-9a-f]{64}$/);
  });

  for (const forgery of FORGERIES) {
    await t.test(`audit verify finds ${forgery.name}`, (t) => assertFound(t, world, forgery));
  }

  await t.test("none of the looks has changed anything", () => {
    const isOurs = ([path]: [string, string]) => !/-(wal|shm)$/.test(path);
    const now = Object.entries(contentsOf(data) ?? {}).filter(isOurs);
    assert.deepEqual(Object.fromEntries(now), written);
  });

  await t.test("an export with its secrets filled in is what apply takes for no change", () =>
    assertRoundTrip(world),
  );
});

async function assertChained({ run, data }: World): Promise<void> {
  const { code, stdout } = await run(["audit", "export", "--data", data]);
  assert.equal(code, 0);
  const entries = linesOf(stdout) as Entry[];
  assert.ok(entries.length > 30);
  const last = new Map<string, string>();
  for (const entry of entries) {
    const { stream, hash, previousHash, body } = entry;
    assert.equal(previousHash, last.get(stream) ?? previousHash);
    assert.equal(hash, hashOfEntry({ ...entry, bodyText: JSON.stringify(body) }));
    last.set(stream, hash);
  }
  assert.deepEqual([...last.keys()].sort(), ["follower/asha", "leader/leader", "settings"]);
}

async function assertRoundTrip({ run, data, folder }: World): Promise<void> {
  const at = (name: string, ...args: string[]) => run([name, ...args, "--data", data]);

  const { code, stdout } = await at("export");
  assert.equal(code, 0);
  const file = join(folder, "exported.yaml");
  writeFileSync(file, stdout);
  assertFault(await at("apply", file), /is a placeholder of `tandem export`/, "CONFIG_INVALID");
  const secrets = [LEADER, "token-of-the-leader", ASHA, "token-of-asha"];
  // The first one stands in the comment that explains it.
  const filled = stdout.replaceAll(/(?<=: )FILL-IN-\S+/g, () => `"${secrets.shift()}"`);
  assert.deepEqual(secrets, [], stdout);
  writeFileSync(file, filled);
  const applied = await at("apply", file, "--json");
  assert.equal(applied.code, 0, applied.stderr);
  const { changed, seq, lines } = JSON.parse(applied.stdout);
  assert.deepEqual({ changed, seq, lines }, { changed: false, seq: 1, lines: [] });
  assert.equal(JSON.parse((await at("export", "--json")).stdout).seq, 1);
}

interface Forgery {
  readonly name: string;
  readonly act: (database: DatabaseSync) => void;
  readonly says: RegExp;
}

const THIRD = "stream_id = (SELECT id FROM stream WHERE name = 'follower/asha') AND seq = 3";

const FORGERIES: readonly Forgery[] = [
  {
    name: "a changed byte of a body",
    act: (database) => {
      const sql = `SELECT body FROM entry WHERE ${THIRD}`;
      const { body } = database.prepare(sql).get() as { body: string };
      const digit = /\d/.exec(body);
      assert(digit !== null);
      const other = String((Number(digit[0]) + 1) % 10);
      const changed = body.slice(0, digit.index) + other + body.slice(digit.index + 1);
      database.prepare(`UPDATE entry SET body = ? WHERE ${THIRD}`).run(changed);
    },
    says: /follower\/asha#3: its content does not match its hash/,
  },
  {
    name: "a row that was taken out",
    act: (database) => database.exec(`DELETE FROM entry WHERE ${THIRD}`),
    says: /follower\/asha#4: expected seq 3/,
  },
  {
    name: "a forged row at the end",
    act: (database) =>
      database.exec(`
        INSERT INTO entry
        SELECT (SELECT max(position) + 1 FROM entry), stream_id, seq + 1, format, kind, at_ms,
          caused_by, hash, lower(hex(randomblob(32))), body
        FROM entry JOIN stream ON stream.id = stream_id
        WHERE name = 'settings' ORDER BY seq DESC LIMIT 1`),
    says: /settings#2: its content does not match its hash/,
  },
];

async function assertFound(t: TestContext, world: World, { act, says }: Forgery): Promise<void> {
  const { folder, data, run } = world;
  const copy = join(folder, t.name.replaceAll(" ", "-"));
  mkdirSync(copy);
  copyFileSync(join(data, "journal.db"), join(copy, "journal.db"));
  const database = new DatabaseSync(join(copy, "journal.db"));
  act(database);
  database.close();
  const { code, stdout, stderr } = await run(["audit", "verify", "--data", copy]);
  assert.equal(code, 1, stderr);
  assert.match(stdout, new RegExp(`^the record is broken: ${says.source}\\n$`));
}
