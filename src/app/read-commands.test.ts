/** `tandem status` and `tandem explain` beside a Tandem that runs, and after it has stopped. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../test/eventually.ts";
import { AppError } from "../platform/fault.ts";
import { lockDataFolder } from "../platform/instance-lock.ts";
import { createSimulator, type Listening, type Simulator } from "../simulator/index.ts";
import { RUN_FILE } from "./data-files.ts";
import { driftFromJournal } from "./drift-command.ts";
import { explainFromJournal } from "./explain-command.ts";
import { askRunning } from "./running-instance.ts";
import { startTandem } from "./start-tandem.ts";
import { statusFromJournal } from "./status-command.ts";

const LEADER = "1100000001";
const ASHA = "1100000002";

let folder: string;
let dataDir: string;
let simulator: Simulator;
let listening: Listening;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-read-"));
  dataDir = join(folder, "data");
  simulator = createSimulator({ seed: 3 });
  listening = await simulator.listen({ port: 0 });
});
afterEach(async () => {
  await listening.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

async function startDesk() {
  const leader = simulator.createAccount({ clientId: LEADER, availableBalance: 10_000_000 });
  const asha = simulator.createAccount({ clientId: ASHA, availableBalance: 10_000_000 });
  const text = `
broker:
  restUrl: ${listening.restUrl}
  authUrl: ${listening.authUrl}
  orderUpdateUrl: ${listening.orderUpdateUrl}
  instruments: ${listening.instrumentsUrl}
  calendar: always-open
accounts:
  - { id: leader, clientId: "${LEADER}", accessToken: \${LEADER_TOKEN} }
  - { id: asha, clientId: "${ASHA}", accessToken: \${ASHA_TOKEN} }
links:
  - { id: leader-asha, leader: leader, follower: asha, sizing: { kind: multiplier, value: 0.5 } }
`;
  writeFileSync(join(folder, "tandem.yaml"), text);
  const request = { configFile: "tandem.yaml", dataDir, port: 0, host: "127.0.0.1" };
  const environment = { LEADER_TOKEN: leader.accessToken, ASHA_TOKEN: asha.accessToken };
  const running = await startTandem(request, { environment, folder });
  return { running, secrets: [leader.accessToken, asha.accessToken, LEADER, ASHA] };
}

function leaderBuys(): string {
  const { body } = simulator.placeByHand(LEADER, {
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 100,
    price: 1600,
  });
  return String((body as { orderId?: string }).orderId);
}

test("both read beside a running Tandem, and after it has stopped", async () => {
  const { running, secrets } = await startDesk();
  try {
    const ready = await eventually(
      async () => {
        const report = await statusFromJournal({ dataDir });
        return report.isReady && report;
      },
      { what: "a ready status", deadlineMs: 10_000 },
    );
    assert.deepEqual([ready.isRunning, ready.reasons, ready.venue], [true, [], "custom"]);
    assert.deepEqual(
      ready.links.map(({ link, mode, state }) => [link, mode, state]),
      [["leader-asha", "active", "in sync"]],
    );
    const orderId = leaderBuys();
    const explanation = await eventually(
      async () => {
        const found = await explainFromJournal({ dataDir, orderId });
        return found?.copies.every((copy) => copy.outcome === "copied") && found;
      },
      { what: "an explained copy" },
    );
    const [copy] = explanation.copies;
    assert.match(String(copy?.summary), /^none of 50 filled yet, it is working; accepted .* after/);
    const report = await statusFromJournal({ dataDir });
    assert.equal(report.links[0]?.openChildOrders, 1);
    const even = await driftFromJournal({ dataDir });
    assert.deepEqual(even, { positions: [], foreignOrders: [] });
    const said = JSON.stringify([explanation, report, even]);
    for (const secret of secrets) assert.ok(!said.includes(secret), "a secret was told");
  } finally {
    await running.stop();
  }
  const stopped = await statusFromJournal({ dataDir });
  assert.deepEqual([stopped.isRunning, stopped.isReady], [false, false]);
  assert.deepEqual(
    stopped.links.map(({ state, remark }) => [state, remark]),
    [["disarmed", "not running"]],
  );
  assert.equal(await explainFromJournal({ dataDir, orderId: "nobody's" }), undefined);
});

test("a folder in which nothing ran is one clear fault", async () => {
  for (const read of [
    statusFromJournal({ dataDir }),
    explainFromJournal({ dataDir, orderId: "1" }),
    driftFromJournal({ dataDir }),
  ]) {
    await assert.rejects(read, (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, "JOURNAL_MISSING");
      return true;
    });
  }
});

test("a stale run file is no running Tandem, and a locked folder that does not answer is one", async () => {
  const lock = lockDataFolder(dataDir);
  const starting = await askRunning(dataDir);
  assert.deepEqual([starting.isRunning, starting.isReady], [true, false]);
  const run = { pid: 1, url: "http://127.0.0.1:9", startedAtMs: 0 };
  writeFileSync(join(dataDir, RUN_FILE), JSON.stringify(run));
  const silent = await askRunning(dataDir);
  assert.deepEqual([silent.isRunning, silent.isReady], [true, false]);
  assert.match(silent.reasons.join(), /^http:\/\/127\.0\.0\.1:9\/readyz does not answer: /);
  lock.release();
  const gone = { isRunning: false, isReady: false, reasons: [] };
  assert.deepEqual(await askRunning(dataDir), gone);
});
