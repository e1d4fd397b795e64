/** `tandem kill` and `tandem breaker reset` with a Tandem that runs, and without one. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../test/eventually.ts";
import type { StopOrder } from "../cli/kill.ts";
import { createSimulator, type Listening, type Simulator } from "../simulator/index.ts";
import { LOG_FILE } from "./data-files.ts";
import { startTandem } from "./start-tandem.ts";
import { statusFromJournal } from "./status-command.ts";
import { stopEntries } from "./stop-entries.ts";

const LEADER = "1100000001";
const ASHA = "1100000002";

let folder: string;
let dataDir: string;
let simulator: Simulator;
let listening: Listening;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-kill-"));
  dataDir = join(folder, "data");
  simulator = createSimulator({ seed: 3 });
  listening = await simulator.listen({ port: 0 });
  const tokens = [LEADER, ASHA].map((clientId) => {
    return simulator.createAccount({ clientId, availableBalance: 10_000_000 }).accessToken;
  });
  const text = `
broker:
  restUrl: ${listening.restUrl}
  authUrl: ${listening.authUrl}
  orderUpdateUrl: ${listening.orderUpdateUrl}
  instruments: ${listening.instrumentsUrl}
  calendar: always-open
accounts:
  - { id: leader, clientId: "${LEADER}", accessToken: "${tokens[0]}" }
  - { id: asha, clientId: "${ASHA}", accessToken: "${tokens[1]}" }
links:
  - { id: leader-asha, leader: leader, follower: asha, sizing: { kind: multiplier, value: 0.5 } }
`;
  writeFileSync(join(folder, "tandem.yaml"), text);
});
afterEach(async () => {
  await listening.close();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

function startDesk() {
  const request = { configFile: "tandem.yaml", dataDir, port: 0, host: "127.0.0.1" };
  return startTandem(request, { environment: {}, folder });
}

const say = (what: StopOrder["what"], accounts: readonly string[] = [], reason = "") =>
  stopEntries({ dataDir, what, accounts, reason });

/** What a release says that has ended the stops of these alone. */
function released(...ended: readonly string[]) {
  return { ended, stillStopped: [] };
}

function leaderBuys(): void {
  simulator.placeByHand(LEADER, {
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 100,
    price: 1500,
  });
}

async function status(isAsWanted: (reasons: string) => boolean) {
  return eventually(
    async () => {
      const report = await statusFromJournal({ dataDir });
      return isAsWanted(report.reasons.join()) && report;
    },
    { what: "that status", deadlineMs: 10_000 },
  );
}

function ashasWorking(): number {
  const [truth] = simulator.truth(ASHA);
  return truth?.orders.filter(({ status }) => status === "PENDING").length ?? 0;
}

test("the running Tandem is told: working entries end, and status says who and why", async () => {
  const running = await startDesk();
  try {
    await status((reasons) => reasons === "");
    leaderBuys();
    await eventually(() => ashasWorking() === 1, { what: "her copy" });
    const report = await say("kill", [], "the market is mad");
    assert.deepEqual(report, { accounts: ["asha"], isRunning: true });
    await eventually(() => ashasWorking() === 0, { what: "its cancel" });
    const killed = await status((reasons) => reasons.includes("the market is mad"));
    assert.deepEqual([killed.isRunning, killed.isReady], [true, false]);
    const [link] = killed.links;
    assert.equal(link?.state, "disarmed");
    assert.deepEqual(
      link?.stops.map(({ cause, text }) => [cause, text]),
      [["kill", "the market is mad"]],
    );
    await assert.rejects(say("kill", ["nobody"]), { code: "ACCOUNT_UNKNOWN" });
    const flows = { accounts: ["asha"], isRunning: true, released: released("asha") };
    assert.deepEqual(await say("release", ["asha"]), flows);
    await status((reasons) => reasons === "");
    const nothing = { accounts: ["asha"], isRunning: true, released: released() };
    assert.deepEqual(await say("release"), nothing, "nothing is stopped any more");
    assert.deepEqual(await say("reset-breaker", ["asha"]), nothing);
  } finally {
    await running.stop();
  }
});

test("the token is this user's alone, is gone with the process, and is in no log", async () => {
  const running = await startDesk();
  const file = join(dataDir, "operator.token");
  const token = readFileSync(file, "utf8").trim();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(token, /^[0-9a-f]{64}$/);
  await say("kill");
  await running.stop();
  assert.ok(!existsSync(file));
  assert.ok(!readFileSync(join(dataDir, LOG_FILE), "utf8").includes(token));
  const again = await startDesk();
  assert.notEqual(readFileSync(file, "utf8").trim(), token);
  await again.stop();
});

test("where none runs it is written down, and the next start finds it", async () => {
  await assert.rejects(say("kill"), { code: "JOURNAL_MISSING" });
  assert.ok(!existsSync(dataDir));
  await (await startDesk()).stop();
  await assert.rejects(say("kill", ["nobody"]), { code: "ACCOUNT_UNKNOWN" });
  assert.deepEqual(await say("kill"), { accounts: ["asha"], isRunning: false });
  await say("kill");
  const report = await statusFromJournal({ dataDir });
  assert.deepEqual([report.isRunning, report.links[0]?.stops.length], [false, 1]);
  const running = await startDesk();
  try {
    await status(
      (reasons) =>
        reasons ===
        "link leader-asha: entries of asha are stopped (kill, by " +
          `${report.links[0]?.stops[0]?.by})`,
    );
    leaderBuys();
    await eventually(
      async () => (await statusFromJournal({ dataDir })).links[0]?.openCopies === 1,
      {
        what: "the leader's order considered",
      },
    );
    assert.equal(simulator.truth(ASHA)[0]?.orders.length, 0);
  } finally {
    await running.stop();
  }
  const flows = { accounts: ["asha"], isRunning: false, released: released("asha") };
  assert.deepEqual(await say("release"), flows);
  assert.deepEqual(await say("release"), { ...flows, released: released() });
  assert.deepEqual((await statusFromJournal({ dataDir })).links[0]?.stops, []);
});
