/** Whatever is wrong with what the operator gave: one message, what to do, and nothing changed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { createSimulator } from "../../src/simulator/index.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  assertFault,
  contentsOf,
  createAccounts,
  createWorld,
  lead,
  listen,
  runOnce,
  TOKENS,
  temporaryFolder,
  truthOf,
  untilCopied,
  type World,
  writeConfig,
} from "./program.ts";

const GOOD = `broker: simulator
accounts:
  - { id: leader, clientId: "1100000001", accessToken: ${TOKENS.leader} }
  - { id: asha, clientId: "1100000002", accessToken: ${TOKENS.asha} }
links:
  - { id: leader-asha, leader: leader, follower: asha }
`;

/** Everything that a hurried hand gets wrong, in one file. */
const BAD = `broker: simulator
lniks: []
accounts:
  - { id: leader, clientId: "1100000001", accessToken: "${TOKENS.leader} x" }
  - { id: asha, clientId: "1100000002", accessToken: $\{ASHA_TOKEN} }
links:
  - { id: leader-asha, leader: leader, follower: asha, maxAgeSeconds: soon }
  - { id: back, leader: asha, follower: leader }
`;
const PROBLEMS = [
  "line 2, lniks: unknown key; did you mean links? Known here: broker, accounts, links",
  "line 4, accounts[0].accessToken: expected an access token without spaces",
  "line 5, accounts[1].accessToken: the variable ASHA_TOKEN is not set; set it in the environment or in .env",
  'line 7, links[0].maxAgeSeconds: expected whole seconds from 1 to 86400, found "soon"',
  "line 8, links[1]: links must not form a cycle: leader -> asha -> leader",
];

describe("a configuration that cannot be used", { concurrency: 2 }, () => {
  for (const command of [["run", "--config"], ["apply"]]) {
    test(`${command[0]} lists all that is wrong, and not even makes the data folder`, async (t) => {
      const folder = temporaryFolder(t);
      const file = writeConfig(folder, BAD);
      const written = contentsOf(folder);
      const ended = await runOnce([...command, file], { folder });
      assertFault(ended, /tandem.yaml has 5 problems; nothing was changed:/, "CONFIG_INVALID");
      const listed = ended.stderr.split("\n").filter((line) => line.startsWith("  "));
      assert.deepEqual(
        listed,
        PROBLEMS.map((problem) => `  ${problem}`),
      );
      assert.deepEqual(contentsOf(folder), written);
    });
  }

  test("a file that is not UTF-8, or not YAML, says so", async (t) => {
    const folder = temporaryFolder(t);
    const file = writeConfig(folder, Uint8Array.of(0x62, 0xff, 0xfe, 0x00));
    const bytes = await runOnce(["run", "--config", file], { folder });
    assertFault(bytes, /tandem.yaml: it is not UTF-8 text/, "CONFIG_UNREADABLE");
    writeConfig(folder, `${GOOD}  - {`);
    assertFault(
      await runOnce(["apply", file], { folder }),
      /not readable as YAML/,
      "CONFIG_INVALID",
    );
  });

  test("a file that is missing, or a folder, is said by its path", async (t) => {
    const folder = temporaryFolder(t);
    const none = await runOnce(["run", "--config", "none.yaml"], { folder });
    assertFault(
      none,
      new RegExp(`cannot read ${folder}/none.yaml: there is no`),
      "CONFIG_UNREADABLE",
    );
    mkdirSync(join(folder, "some"));
    const ended = await runOnce(["apply", "some"], { folder });
    assertFault(ended, /it is a folder/, "CONFIG_UNREADABLE");
    assert.deepEqual(contentsOf(folder), {});
  });

  test("no file and no variable says where settings come from", async (t) => {
    const folder = temporaryFolder(t);
    assertFault(await runOnce(["run"], { folder }), /LEADER_… variable/, "CONFIG_MISSING");
    const environment = { LEADER_CLIENT_ID: "1100000001", FOLLOWER_CLIENT_ID: "1100000002" };
    const ended = await runOnce(["run"], { folder, environment });
    assertFault(
      ended,
      /LEADER_ACCESS_TOKEN: expected .*\n.*FOLLOWER_ACCESS_TOKEN: /,
      "CONFIG_INVALID",
    );
    assert.deepEqual(contentsOf(folder), {});
  });

  test("a command line that is not understood is a usage error", async (t) => {
    const folder = temporaryFolder(t);
    const { code, stdout, stderr } = await runOnce(["run", "--prot", "1"], { folder });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: .+\n\(Did you mean --port\?\)\nRun it with --help .+\n$/);
    assert.deepEqual(contentsOf(folder), {});
  });
});

describe("a data folder that cannot be used", { concurrency: 2 }, () => {
  /** The command ends with the fault, and every file of the folder keeps its bytes. */
  async function assertRefused(
    t: TestContext,
    {
      command,
      fault,
      spoil,
    }: { command: "run" | "apply"; fault: string; spoil: (data: string) => void },
  ) {
    const folder = temporaryFolder(t);
    const file = writeConfig(folder, GOOD);
    const data = join(folder, "data");
    spoil(data);
    const was = contentsOf(folder);
    const args = command === "run" ? ["run", "--config", file, "--port", "0"] : ["apply", file];
    assertFault(await runOnce([...args, "--data", data], { folder }), new RegExp(data), fault);
    assert.deepEqual(contentsOf(folder), was);
  }

  test("a file in its place", async (t) => {
    const spoil = (data: string) => writeFileSync(data, "mine");
    await assertRefused(t, { command: "apply", fault: "DATA_FOLDER_UNUSABLE", spoil });
  });

  test("a file in the way to it", async (t) => {
    const folder = temporaryFolder(t);
    const file = writeConfig(folder, GOOD);
    const ended = await runOnce(["apply", file, "--data", join(file, "data")], { folder });
    assertFault(ended, /tandem.yaml\/data/, "DATA_FOLDER_UNUSABLE");
  });

  test("a folder in the place of the lock", async (t) => {
    const spoil = (data: string) => mkdirSync(join(data, "instance.lock"), { recursive: true });
    await assertRefused(t, { command: "run", fault: "DATA_FOLDER_UNUSABLE", spoil });
  });

  test("a folder in the place of journal.db", async (t) => {
    const spoil = (data: string) => mkdirSync(join(data, "journal.db"), { recursive: true });
    await assertRefused(t, { command: "apply", fault: "JOURNAL_IO", spoil });
  });

  for (const name of ["tandem.log", "run.json"]) {
    test(`a folder in the place of ${name}`, async (t) => {
      const world = await createWorld(t);
      const { data, file, run } = world;
      mkdirSync(join(data, name), { recursive: true });
      const ended = await run(["run", "--config", file, "--data", data, "--port", "0"]);
      assertFault(ended, new RegExp(`${data} cannot be used .*${name}`), "DATA_FOLDER_UNUSABLE");
    });
  }

  test("a journal.db that is a text", async (t) => {
    const spoil = (data: string) => {
      mkdirSync(data);
      writeFileSync(join(data, "journal.db"), "Dear journal, today I wrote to you. ".repeat(100));
    };
    await assertRefused(t, { command: "run", fault: "JOURNAL_NOT_A_JOURNAL", spoil });
  });

  test("a journal.db that is somebody else's database", async (t) => {
    const spoil = (data: string) => {
      mkdirSync(data);
      using database = new DatabaseSync(join(data, "journal.db"));
      database.exec("CREATE TABLE song (name TEXT)");
    };
    await assertRefused(t, { command: "apply", fault: "JOURNAL_NOT_A_JOURNAL", spoil });
  });

  test("a journal.db of a newer Tandem", async (t) => {
    const spoil = (data: string) => {
      mkdirSync(data);
      const file = join(data, "journal.db");
      // Made by this one, so that nothing else in it is strange.
      void openSqliteJournal({ file }).close();
      using database = new DatabaseSync(file);
      database.exec("UPDATE journal_schema SET version = 9, min_reader = 9");
    };
    await assertRefused(t, { command: "run", fault: "JOURNAL_SCHEMA_TOO_NEW", spoil });
  });

  test("a file system that is mounted read-only", async (t) => {
    const folder = temporaryFolder(t);
    const file = writeConfig(folder, GOOD);
    const mount = join(folder, "mount");
    mkdirSync(mount);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", mount], { stdio: "pipe" });
    } catch (error) {
      return t.skip(`nothing can be mounted here: ${String(error).split("\n")[1]}`);
    }
    try {
      const run = ["run", "--config", file, "--port", "0", "--data"];
      assertFault(await runOnce([...run, mount], { folder }), /mount/, "DATA_FOLDER_UNUSABLE");
      const inside = await runOnce([...run, join(mount, "data")], { folder });
      assertFault(inside, /mount\/data/, "DATA_FOLDER_UNUSABLE");
    } finally {
      execFileSync("umount", [mount]);
    }
  });
});

/** What the journal holds, whatever the bytes of its file. */
async function entriesOf({ run, data }: World): Promise<string> {
  const { code, stdout, stderr } = await run(["audit", "export", "--data", data]);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a second Tandem on the same data, and an apply of what needs a start, change nothing", async (t) => {
  const world = await createWorld(t);
  const { run, data, file } = world;
  const tandem = world.tandem();
  await tandem.untilReady();
  const was = await entriesOf(world);
  const second = await run(["run", "--config", file, "--data", data, "--port", "0"]);
  assertFault(
    second,
    new RegExp(`in use by another Tandem \\(process ${tandem.child.pid}\\)`),
    "DATA_LOCKED",
  );
  const other = join(world.folder, "other.yaml");
  writeFileSync(other, readFileSync(file, "utf8").replace("relation: spouse", "relation: self"));
  const applied = await run(["apply", other, "--data", data]);
  assertFault(applied, /this changes the accounts.*nothing was changed/, "START_NEEDED");
  assert.equal(await entriesOf(world), was);
  assert.equal((await tandem.readiness()).status, 200);
  await tandem.stop();
});

test("a port in use is found before anything is written", async (t) => {
  const world = await createWorld(t);
  const { run, data, file } = world;
  const server = createServer();
  const { port } = new URL(await listen(t, server));
  const ended = await run(["run", "--config", file, "--data", data, "--port", port]);
  assertFault(ended, new RegExp(`127.0.0.1:${port} is in use by another program`), "PORT_IN_USE");
  assert.deepEqual(contentsOf(data), {});
});

test("without an instrument file Tandem starts on its stored copy, or not at all", async (t) => {
  const world = await createWorld(t);
  const { run, data, folder, config } = world;
  const broken = createServer((_request, reply) => reply.writeHead(503).end());
  const instruments = `${await listen(t, broken)}/instruments.csv`;
  const file = writeConfig(folder, { ...config, broker: { ...config.broker, instruments } });
  const ended = await run(["run", "--config", file, "--data", data, "--port", "0"]);
  assertFault(
    ended,
    /cannot read the instrument file .*: the server answered 503/,
    "INSTRUMENTS_UNREADABLE",
  );
  assert.equal((await run(["export", "--data", data])).code, 1, "no settings were applied");
  assert.deepEqual(
    Object.keys(contentsOf(data) ?? {}).filter((path) => !/journal/.test(path)),
    [],
  );

  const reply = await fetch(config.broker.instruments);
  writeFileSync(join(data, "instruments.csv"), await reply.text());
  const tandem = world.tandem();
  await tandem.untilReady();
  await tandem.stop();
  assert.match(tandem.stderr, /the instrument file cannot be read .* using the copy of \d{4}-/);
});

test("without a broker Tandem waits, says why, and copies as soon as there is one", async (t) => {
  const world = await createWorld(t);
  const { broker, folder, config } = world;
  const instruments = join(folder, "instruments.csv");
  writeFileSync(instruments, await (await fetch(config.broker.instruments)).text());
  await broker.close();
  const file = writeConfig(folder, { ...config, broker: { ...config.broker, instruments } });
  const tandem = world.tandem(["--config", file]);
  const url = await tandem.url();
  assert.deepEqual(await (await fetch(`${url}/healthz`)).json(), { ok: true });
  const { status, reasons } = await tandem.readiness();
  assert.equal(status, 503);
  for (const account of ["leader", "asha"]) {
    const reason = new RegExp(`^link leader-asha: account ${account}: .*\\w`);
    assert.ok(
      reasons.some((each) => reason.test(each)),
      reasons.join("\n"),
    );
  }
  await eventually(
    async () => (await tandem.readiness()).reasons.some((text) => /ECONNREFUSED/.test(text)),
    { what: "a reason that says what the matter is" },
  );
  const simulator = createSimulator({ seed: 2 });
  t.after(() => simulator.close());
  createAccounts(simulator);
  await simulator.listen({ port: broker.port });
  await tandem.untilReady();
  const there = { ...world, simulator };
  lead(there);
  await untilCopied(there, 1);
  assert.equal(truthOf(there, ASHA).orders[0]?.row.quantity, 10);
  await tandem.stop();
});
