/**
 * Tandem is killed with SIGKILL at random moments of a busy day and started again, over and over.
 * Afterwards the broker's own book is audited by code that shares nothing with the core but the names
 * of orders. Run it alone with `node test/e2e/kill-drill.ts --kills 50 --seed 1`.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { toAccountId, toBrokerOrderId } from "../../src/core/model/ids.ts";
import { correlationIdOf } from "../../src/core/order/correlation-id.ts";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { sha256Bytes } from "../../src/platform/hash.ts";
import { seededRandom } from "../../src/platform/random.ts";
import type { Random } from "../../src/ports/random.ts";
import { createSimulator, type Listening, type Simulator } from "../../src/simulator/index.ts";
import { eventually } from "../eventually.ts";

const MAIN = fileURLToPath(new URL("../../src/app/main.ts", import.meta.url));
const LEADER = "1100000001";
const FOLLOWERS = [
  { id: "asha", clientId: "1100000002", bps: 10_000 },
  { id: "ravi", clientId: "1100000003", bps: 5_000 },
  { id: "meera", clientId: "1100000004", bps: 20_000 },
] as const;
/** Security id and the price at which the simulator starts. */
const STOCKS = [
  ["1333", 1650],
  ["2885", 1400],
  ["1594", 1500],
  ["11536", 3100],
  ["3045", 820],
  ["4963", 1380],
] as const;

export interface DrillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly tell?: (line: string) => void;
}

export interface DrillReport {
  readonly leaderOrders: number;
  readonly childOrders: number;
  readonly lookups: number;
  readonly lostReplies: number;
}

/** Kills and restarts, then audits. Throws an AssertionError with what was found. */
export async function killDrill({
  kills,
  seed,
  tell = () => {},
}: DrillOptions): Promise<DrillReport> {
  const random = seededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "tandem-kill-"));
  const simulator = createSimulator({ seed });
  const listening = await simulator.listen({ port: 0 });
  let tandem: Tandem | undefined;
  try {
    const config = writeConfig(simulator, listening, folder);
    const leader = new Leader(simulator, random);
    // The first start only learns what is there; the day begins once it is ready.
    tandem = new Tandem(config, folder);
    await tandem.untilReady();
    for (let kill = 1; kill <= kills; kill += 1) {
      const lifeMs = 200 + random.next() * 2_300;
      await leader.trade(lifeMs);
      if (random.next() < 0.3) await tandem.untilReady();
      await tandem.kill();
      tell(`kill ${kill}/${kills} after ${Math.round(lifeMs)} ms`);
      // Sometimes the leader goes on while nobody watches.
      if (random.next() < 0.5) await leader.trade(random.next() * 300);
      tandem = new Tandem(config, folder);
    }
    await tandem.untilReady();
    await leader.trade(500);
    leader.goHome();
    await untilAtRest(simulator);
    await tandem.stop();
    tandem = undefined;
    return await audit(simulator, leader, folder);
  } finally {
    await tandem?.kill();
    await listening.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeConfig(simulator: Simulator, listening: Listening, folder: string): string {
  const account = (id: string, clientId: string) => {
    const { accessToken } = simulator.createAccount({
      clientId,
      name: id,
      availableBalance: 10_000_000_000,
      limits: clientId === LEADER ? "off" : "dhan",
      transitMs: 20,
    });
    const relation = id === "leader" ? "self" : "spouse";
    return { id, clientId, accessToken, relation };
  };
  const file = join(folder, "tandem.yaml");
  const config = {
    broker: {
      restUrl: listening.restUrl,
      orderUpdateUrl: listening.orderUpdateUrl,
      instruments: listening.instrumentsUrl,
      requestTimeoutMs: 1_000,
      calendar: "always-open",
    },
    accounts: [
      account("leader", LEADER),
      ...FOLLOWERS.map(({ id, clientId }) => account(id, clientId)),
    ],
    links: FOLLOWERS.map(({ id, bps }) => ({
      id: `leader-${id}`,
      leader: "leader",
      follower: id,
      sizing: { kind: "multiplier", value: bps / 10_000 },
    })),
  };
  writeFileSync(file, stringify(config));
  return file;
}

/** One life of the shipped program. */
class Tandem {
  readonly #child: ChildProcess;
  readonly #runFile: string;
  #errors = "";

  constructor(config: string, folder: string) {
    const data = join(folder, "data");
    this.#runFile = join(data, "run.json");
    // A killed life leaves its announcement behind.
    rmSync(this.#runFile, { force: true });
    this.#child = spawn(
      process.execPath,
      [MAIN, "run", "--config", config, "--data", data, "--port", "0"],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#child.stderr?.on("data", (chunk) => {
      this.#errors += chunk;
    });
  }

  async untilReady(): Promise<void> {
    const isReady = async () => {
      assert.equal(this.#child.exitCode, null, `Tandem ended by itself: ${this.#errors}`);
      if (!existsSync(this.#runFile)) return false;
      const { url } = JSON.parse(readFileSync(this.#runFile, "utf8"));
      return (await fetch(`${url}/readyz`)).ok;
    };
    await eventually(isReady, { what: "a ready Tandem", deadlineMs: 30_000 });
  }

  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    assert.equal(this.#child.exitCode, 0, `a clean stop; it said: ${this.#errors}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    await gone;
  }
}

/** A leader who buys, changes his mind, sells what he has, and never sells more. */
class Leader {
  readonly #simulator: Simulator;
  readonly #random: Random;

  constructor(simulator: Simulator, random: Random) {
    this.#simulator = simulator;
    this.#random = random;
  }

  async trade(forMs: number): Promise<void> {
    const endMs = performance.now() + forMs;
    while (performance.now() < endMs) {
      this.#act();
      await delay(30 + this.#random.next() * 150);
    }
  }

  /** Cancels what rests and sells what is held. */
  goHome(): void {
    for (const { row } of this.#open()) this.#simulator.cancelByHand(LEADER, row.orderId);
    for (const [securityId, price] of STOCKS) {
      const held = this.#held(securityId);
      if (held > 0) this.#place(securityId, "SELL", held, price * 0.99);
    }
  }

  #act(): void {
    const draw = this.#random.next();
    const [securityId, price] = this.#pick(STOCKS);
    const open = this.#open().filter(({ row }) => row.transactionType === "BUY");
    const held = this.#held(securityId);
    if (draw < 0.12) this.#loseReply();
    if (draw < 0.4) this.#place(securityId, "BUY", this.#quantity(), price * 1.005);
    else if (draw < 0.6) this.#place(securityId, "BUY", this.#quantity(), price * 0.97);
    else if (draw < 0.75 && held > 1) {
      const part = Math.ceil(held * (this.#random.next() < 0.5 ? 0.5 : 1));
      this.#place(securityId, "SELL", part, price * 0.995);
    } else if (draw < 0.87 && open.length > 0) {
      const { row } = this.#pick(open);
      const changes = { quantity: row.quantity + 10, price: row.price };
      this.#simulator.modifyByHand(LEADER, { orderId: row.orderId, changes });
    } else if (open.length > 0) {
      this.#simulator.cancelByHand(LEADER, this.#pick(open).row.orderId);
    }
  }

  /** The next order of some follower is accepted and its reply lost. */
  #loseReply(): void {
    const { clientId } = this.#pick(FOLLOWERS);
    this.#simulator.addFault({
      kind: "lose-reply",
      match: { clientId, path: "place" },
      count: 1,
    });
  }

  #place(securityId: string, side: "BUY" | "SELL", quantity: number, price: number): void {
    this.#simulator.placeByHand(LEADER, {
      transactionType: side,
      exchangeSegment: "NSE_EQ",
      productType: "INTRADAY",
      orderType: "LIMIT",
      validity: "DAY",
      securityId,
      quantity,
      disclosedQuantity: 0,
      price: Math.round(price * 20) / 20,
      triggerPrice: 0,
      afterMarketOrder: false,
    });
  }

  #quantity(): number {
    return 10 + Math.floor(this.#random.next() * 90);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random.next() * items.length)];
    assert(item !== undefined);
    return item;
  }

  #open() {
    const orders = this.#simulator.truth(LEADER)[0]?.orders ?? [];
    return orders.filter(({ status }) => isLive(status));
  }

  /** What he holds beyond what he is selling already. */
  #held(securityId: string): number {
    const truth = this.#simulator.truth(LEADER)[0];
    const net = truth?.positions
      .filter((row) => row.securityId === securityId)
      .reduce((sum, row) => sum + row.netQty, 0);
    const selling = this.#open()
      .filter(({ row }) => row.securityId === securityId && row.transactionType === "SELL")
      .reduce((sum, { row }) => sum + row.remainingQuantity, 0);
    return (net ?? 0) - selling;
  }
}

function isLive(status: string): boolean {
  return status === "TRANSIT" || status === "PENDING" || status === "PART_TRADED";
}

/** Followers flat with nothing live, the leader being flat; unknowns take their settling delay. */
async function untilAtRest(simulator: Simulator): Promise<void> {
  const unrest = () =>
    simulator
      .truth()
      .flatMap(({ name, orders, positions }) => [
        ...orders
          .filter(({ status }) => isLive(status))
          .map(
            ({ row }) =>
              `${name}: ${row.transactionType} ${row.quantity} ${row.tradingSymbol} is ${row.orderStatus}`,
          ),
        ...positions
          .filter((row) => row.netQty !== 0)
          .map((row) => `${name} holds ${row.netQty} ${row.tradingSymbol}`),
      ]);
  const what = "followers flat and nothing live";
  try {
    await eventually(() => unrest().length === 0, { what, deadlineMs: 90_000 });
  } catch (error) {
    throw new Error(`not at rest:\n  ${unrest().join("\n  ")}`, { cause: error });
  }
}

async function audit(simulator: Simulator, _leader: Leader, folder: string): Promise<DrillReport> {
  const truths = simulator.truth();
  const leaderOrders = truths.find(({ clientId }) => clientId === LEADER)?.orders ?? [];
  const { copies, intendedAtMs } = await journaled(folder);
  let childOrders = 0;
  let lookups = 0;
  for (const follower of FOLLOWERS) {
    const truth = truths.find(({ clientId }) => clientId === follower.clientId);
    assert(truth !== undefined);
    childOrders += truth.orders.length;
    lookups += truth.requestCounts["order-by-correlation"] ?? 0;
    const parts = partsOf(
      leaderOrders.map(({ orderId }) => orderId),
      follower.id,
    );
    neverTwice(follower.id, truth, parts);
    neverUnwritten(follower.id, truth, intendedAtMs);
    neverNaked(follower.id, truth);
    withinLimits(follower.id, truth);
    for (const order of leaderOrders) {
      const wasSeen = order.history.some(({ status }) => status !== "TRANSIT");
      const copy = copies.get(`leader-${follower.id}/${order.orderId}`);
      if (wasSeen) assert(copy !== undefined, `${follower.id} knows nothing of ${order.orderId}`);
    }
  }
  return {
    leaderOrders: leaderOrders.length,
    childOrders,
    lookups,
    lostReplies: truths.reduce(
      (sum, { requests }) => sum + requests.filter(({ status }) => status === 0).length,
      0,
    ),
  };
}

type Truth = ReturnType<Simulator["truth"]>[number];

/** Every name that an order of this follower may have, and the part of a copy that it stands for. */
function partsOf(leaderOrderIds: readonly string[], follower: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const leaderOrderId of leaderOrderIds) {
    for (const leg of ["entry", "exit"] as const) {
      for (let revision = 0; revision < 6; revision += 1) {
        for (let attempt = 0; attempt < 6; attempt += 1) {
          const id = correlationIdOf(
            {
              leader: toAccountId("leader"),
              leaderOrderId: toBrokerOrderId(leaderOrderId),
              follower: toAccountId(follower),
              leg,
              slice: 0,
              revision,
              attempt,
            },
            sha256Bytes,
          );
          parts.set(id, `${leaderOrderId}/${leg}`);
        }
      }
    }
  }
  return parts;
}

/** One placement for each name, and never two orders alive for one part of one copy. */
function neverTwice(name: string, truth: Truth, parts: ReadonlyMap<string, string>): void {
  const lives = new Map<string, { fromMs: number; toMs: number; orderId: string }[]>();
  const names = new Set<string>();
  for (const order of truth.orders) {
    assert(!names.has(order.correlationId), `${name}: ${order.correlationId} was placed twice`);
    names.add(order.correlationId);
    const part = parts.get(order.correlationId);
    assert(part !== undefined, `${name}: order ${order.orderId} belongs to no leader order`);
    const ended = order.history.findLast(({ status }) => !isLive(status));
    const life = {
      fromMs: order.history[0]?.atMs ?? 0,
      toMs: ended?.atMs ?? Number.POSITIVE_INFINITY,
      orderId: order.orderId,
    };
    for (const other of lives.get(part) ?? []) {
      const overlaps = life.fromMs < other.toMs && other.fromMs < life.toMs;
      assert(!overlaps, `${name}: ${life.orderId} and ${other.orderId} were alive for ${part}`);
    }
    lives.set(part, [...(lives.get(part) ?? []), life]);
  }
  const placed = truth.requests.filter(({ kind }) => kind === "place").map((r) => r.correlationId);
  assert.equal(new Set(placed).size, placed.length, `${name}: an order was sent again`);
}

/** Whatever arrived had been written down before, in lives that were killed, too. */
function neverUnwritten(
  name: string,
  truth: Truth,
  intendedAtMs: ReadonlyMap<string, number>,
): void {
  for (const { kind, correlationId = "", atMs } of truth.requests) {
    if (kind !== "place") continue;
    const intended = intendedAtMs.get(correlationId);
    assert(intended !== undefined, `${name}: ${correlationId} was sent and never written down`);
    assert(intended <= atMs, `${name}: ${correlationId} arrived before it was written down`);
  }
}

/** The leader is never short, so no follower may be for a moment. */
function neverNaked(name: string, truth: Truth): void {
  const fills = truth.orders
    .flatMap(({ row, fills }) => fills.map((fill) => ({ ...fill, row })))
    .sort((a, b) => a.atMs - b.atMs || (a.row.transactionType === "BUY" ? -1 : 1));
  const held = new Map<string, number>();
  for (const { row, quantity } of fills) {
    const sign = row.transactionType === "BUY" ? 1 : -1;
    const net = (held.get(row.securityId) ?? 0) + sign * quantity;
    assert(net >= 0, `${name} went short ${-net} ${row.tradingSymbol} by ${row.orderId}`);
    held.set(row.securityId, net);
  }
}

function withinLimits(name: string, truth: Truth): void {
  assert(
    truth.orderRequestsPerSecondMax <= 10,
    `${name}: ${truth.orderRequestsPerSecondMax} a second`,
  );
  assert.equal(truth.throttled, 0, `${name} was throttled`);
}

interface Journaled {
  /** By their id. */
  readonly copies: ReadonlyMap<string, unknown>;
  /** When each placement was written down, by its correlation id. */
  readonly intendedAtMs: ReadonlyMap<string, number>;
}

/** What the journal knows. The chain must hold. */
async function journaled(folder: string): Promise<Journaled> {
  await using journal = openSqliteJournal({
    file: join(folder, "data", "journal.db"),
    readOnly: true,
  });
  assert.deepEqual(await journal.verify(), []);
  const copies = new Map<string, unknown>();
  const intendedAtMs = new Map<string, number>();
  for (const { id } of FOLLOWERS) {
    for await (const { kind, atMs, body } of journal.read(`follower/${id}`)) {
      if (kind === "copyOpened") copies.set((body as { copyId: string }).copyId, body);
      if (kind !== "placeIntended") continue;
      intendedAtMs.set(
        (body as { command: { correlationId: string } }).command.correlationId,
        atMs,
      );
    }
  }
  return { copies, intendedAtMs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { kills: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
  });
  const report = await killDrill({
    kills: Number(values.kills),
    seed: Number(values.seed),
    tell: (line) => console.log(line),
  });
  console.log(report);
}
