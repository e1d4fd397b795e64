/** How `tandem run` begins, ends and begins again. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Entry } from "../../src/ports/journal.ts";
import { eventually } from "../eventually.ts";
import {
  ASHA,
  createWorld,
  LEADER,
  lead,
  linesOf,
  listen,
  MAIN,
  Program,
  TOKENS,
  truthOf,
  untilCopied,
  type World,
  writeConfig,
} from "./program.ts";

const CLEAN_STOP_MS = 5_000;

async function entriesOf({ run, data }: World, stream: string): Promise<Entry[]> {
  const args = ["audit", "export", "--data", data, "--stream", stream];
  return linesOf((await run(args)).stdout) as Entry[];
}

/** Commands that the journal has an intent of and no answer. */
function unanswered(entries: readonly Entry[]): number {
  const count = (shape: RegExp) => entries.filter(({ kind }) => shape.test(kind)).length;
  return count(/Intended$/) - count(/^commandAnswered$/);
}

/** To be imported by a child, so that nothing of it can reach the real broker: no name has an address. */
function withoutNames(folder: string): string {
  const file = join(folder, "no-names.mjs");
  writeFileSync(
    file,
    `import dns from "node:dns";
    const { lookup } = dns;
    dns.lookup = (name, options, callback = options) =>
      name === "127.0.0.1"
        ? lookup(name, options, callback)
        : setImmediate(callback, new Error("no name is known here: " + name));
    `,
  );
  return pathToFileURL(file).href;
}

describe("a run", { concurrency: 2 }, () => {
  test("SIGTERM with orders in flight waits for their answers, and the next run goes on", async (t) => {
    const world = await createWorld(t);
    const { simulator, data } = world;
    const first = world.tandem();
    await first.untilReady();
    assert.match(
      first.stdout,
      /^Tandem is running; readiness at http:\/\/127\.0\.0\.1:\d+\/readyz\n$/,
    );
    simulator.changeAccount({ clientId: ASHA, replyMs: 400 });
    for (let order = 0; order < 3; order += 1) lead(world, { price: 1640 });
    await untilCopied(world, 3);
    const tookMs = await first.stop("SIGTERM");
    assert.ok(tookMs < CLEAN_STOP_MS, `${tookMs} ms`);
    assert.match(first.stdout, /\nTandem has stopped\n$/);
    assert.ok(!existsSync(join(data, "run.json")));
    const entries = await entriesOf(world, "follower/asha");
    assert.equal(entries.filter(({ kind }) => kind === "placeIntended").length, 3);
    assert.equal(unanswered(entries), 0);

    const second = world.tandem();
    await second.untilReady();
    for (const { orderId } of truthOf(world, LEADER).orders) {
      simulator.cancelByHand(LEADER, orderId);
    }
    lead(world, { price: 1641 });
    const rows = () =>
      truthOf(world, ASHA).orders.map(({ row }) => `${row.orderStatus} ${row.price}`);
    const wanted = ["CANCELLED 1640", "CANCELLED 1640", "CANCELLED 1640", "PENDING 1641"];
    await eventually(() => rows().join() === wanted.join(), { what: "the day goes on" });
    await second.stop("SIGINT");
    assert.ok(!existsSync(join(data, "run.json")));
  });

  test("a broker that never answers does not hold up a stop, and the order stays unknown", async (t) => {
    const world = await createWorld(t);
    const { simulator } = world;
    const tandem = world.tandem();
    await tandem.untilReady();
    const match = { clientId: ASHA, path: "place" } as const;
    simulator.addFault({ kind: "lose-reply", match });
    lead(world);
    await untilCopied(world, 1);
    const tookMs = await tandem.stop();
    assert.ok(tookMs < CLEAN_STOP_MS, `${tookMs} ms`);
    const answers = (await entriesOf(world, "follower/asha")).filter(
      ({ kind }) => kind === "commandAnswered",
    );
    const kinds = answers.map(({ body }) => (body as { outcome: { kind: string } }).outcome.kind);
    assert.deepEqual(kinds, ["unknown"]);
  });

  test("a log that cannot be written stops neither the copying nor the stop", async (t) => {
    if (!existsSync("/dev/full")) return t.skip("there is no /dev/full here");
    const world = await createWorld(t);
    mkdirSync(world.data);
    symlinkSync("/dev/full", join(world.data, "tandem.log"));
    const tandem = world.tandem();
    await tandem.untilReady();
    lead(world);
    await untilCopied(world, 1);
    await tandem.stop();
    assert.equal(
      tandem.stderr.match(/tandem\.log cannot be written \(ENOSPC.*lost until it can$/gm)?.length,
      1,
    );
  });

  test("SIGTERM while it starts is a clean stop, too", async (t) => {
    const world = await createWorld(t);
    // Waits for its books: the broker takes longer than anybody has patience for.
    for (const clientId of [LEADER, ASHA]) {
      world.simulator.addFault({ kind: "delay-reply", ms: 60_000, match: { clientId } });
    }
    const tandem = world.tandem();
    const { status, reasons } = await tandem.readiness();
    assert.equal(status, 503);
    assert.ok(reasons.length > 0);
    const tookMs = await tandem.stop();
    assert.ok(tookMs < CLEAN_STOP_MS, `${tookMs} ms`);
  });

  test("SIGTERM while the instrument file does not come is a clean stop, too", async (t) => {
    const world = await createWorld(t);
    const { folder, config, data } = world;
    const asked = Promise.withResolvers<void>();
    const silent = createServer(() => asked.resolve());
    const instruments = `${await listen(t, silent)}/instruments.csv`;
    const file = writeConfig(folder, { ...config, broker: { ...config.broker, instruments } });
    const tandem = world.tandem(["--config", file]);
    await asked.promise;
    const tookMs = await tandem.stop();
    assert.ok(tookMs < CLEAN_STOP_MS, `${tookMs} ms`);
    assert.equal(tandem.stdout, "Tandem has stopped\n");
    assert.equal((await world.run(["export", "--data", data])).code, 1, "nothing was applied");
  });

  test("variables of .env go into the file, and those of the environment before them", async (t) => {
    const world = await createWorld(t);
    const { folder, config, data } = world;
    writeFileSync(
      join(folder, ".env"),
      `LEADER_TOKEN="${TOKENS.leader}"\nASHA_TOKEN=token-of-nobody\n`,
    );
    const [leader, asha] = config.accounts;
    const accounts = [
      { ...leader, accessToken: `$\{LEADER_TOKEN}` },
      { ...asha, accessToken: `$\{ASHA_TOKEN}` },
    ];
    const file = writeConfig(folder, { ...config, accounts });
    const tandem = world.tandem(["--config", file], { ASHA_TOKEN: TOKENS.asha });
    await tandem.untilReady();
    lead(world);
    await untilCopied(world, 1);
    await tandem.stop();
    const { stdout } = await world.run(["export", "--data", data]);
    assert.match(stdout, /accessToken: \$\{LEADER_TOKEN\}\n[\s\S]*accessToken: \$\{ASHA_TOKEN\}\n/);
  });

  test("variables alone are a leader and his followers at the live broker", async (t) => {
    const world = await createWorld(t);
    const { folder, data, config } = world;
    await world.run(["apply", world.file, "--data", data]);
    writeFileSync(
      join(data, "instruments.csv"),
      await (await fetch(config.broker.instruments)).text(),
    );
    writeFileSync(
      join(folder, ".env"),
      "FOLLOWER_2_CLIENT_ID=1100000003\nFOLLOWER_2_ACCESS_TOKEN=token-of-ravi\n",
    );
    const environment = {
      LEADER_CLIENT_ID: LEADER,
      LEADER_ACCESS_TOKEN: TOKENS.leader,
      FOLLOWER_CLIENT_ID: ASHA,
      FOLLOWER_ACCESS_TOKEN: TOKENS.asha,
      FOLLOWER_MULTIPLIER: "0.5",
    };
    const flags = ["--import", withoutNames(folder)];
    // What was applied is of other accounts: that they take its place must be said.
    const args = ["run", "--data", data, "--port", "0", "--replace"];
    const tandem = new Program([...flags, MAIN, ...args], { folder, environment });
    t.after(() => tandem.kill());
    const line = await eventually(() => /readiness at (\S+)\n/.exec(tandem.stdout)?.[1], {
      what: "a Tandem that runs",
      deadlineMs: 15_000,
    });
    assert.match(tandem.stderr, /^LIVE: this copies orders with real money$/m);
    assert.match(
      tandem.stderr,
      /api-scrip-master-detailed.csv: no name is known here: images.dhan.co/,
    );
    const reply = await fetch(line);
    assert.equal(reply.status, 503);
    tandem.child.kill("SIGTERM");
    assert.equal((await tandem.ended()).code, 0);

    const { stdout } = await world.run(["export", "--data", data, "--json"]);
    const { settings } = JSON.parse(stdout);
    assert.equal(settings.broker.restUrl, "https://api.dhan.co/v2");
    type Row = Record<string, never> & { accessToken: { from: string }; sizing: { bps: number } };
    assert.deepEqual(
      settings.accounts.map(({ id, accessToken }: Row) => [id, accessToken.from]),
      [
        ["leader", "env:LEADER_ACCESS_TOKEN"],
        ["follower", "env:FOLLOWER_ACCESS_TOKEN"],
        ["follower-2", "env:FOLLOWER_2_ACCESS_TOKEN"],
      ],
    );
    assert.deepEqual(
      settings.links.map(({ id, leader, follower, sizing }: Row) => [
        id,
        leader,
        follower,
        sizing.bps,
      ]),
      [
        ["leader-follower", "leader", "follower", 5_000],
        ["leader-follower-2", "leader", "follower-2", 10_000],
      ],
    );
  });
});
