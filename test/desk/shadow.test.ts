/** A shadow beside a follower who trades, over real sockets; and a shadow with a bug in it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withEar } from "../../src/app/shadow/leader-ear.ts";
import { PaperExchange } from "../../src/app/shadow/paper-exchange.ts";
import {
  openShadow,
  type RealAccount,
  readOnlyBroker,
} from "../../src/app/shadow/shadow-account.ts";
import { toAccountId, toLinkId } from "../../src/core/model/ids.ts";
import type { Link } from "../../src/core/model/link.ts";
import { toMoneyE4 } from "../../src/core/model/money.ts";
import { createDhanAccount } from "../../src/dhan/client.ts";
import { createUndiciTransport } from "../../src/dhan/rest/undici-transport.ts";
import { memoryJournal } from "../../src/journal/memory/journal.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { sha256Bytes } from "../../src/platform/hash.ts";
import { silentLogger } from "../../src/platform/logger.ts";
import { systemRandom } from "../../src/platform/random.ts";
import { Desk, type DeskAccount } from "../../src/runtime/desk.ts";
import { createSimulator, type Listening, type Simulator } from "../../src/simulator/index.ts";
import { SHARE_ROW } from "../core/builders.ts";
import { eventually } from "../eventually.ts";

const LEADER = "1100000001";
const RAVI = "1100000002";
const CAPITAL = toMoneyE4(10_000_000_000);
const TIMEOUT_MS = 5_000;

const LINK: Link = {
  id: toLinkId("leader-ravi"),
  leader: toAccountId("leader"),
  follower: toAccountId("ravi"),
  mode: "active",
  sizing: { kind: "multiplier", bps: 5_000 },
  marketOrders: "protected-limit",
  brackets: "super-order",
  maxAgeMs: 60_000,
  guards: {},
};

/** A leader at the simulator, and ravi who follows him on paper with an account there as well. */
class PaperDesk implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly exchange: PaperExchange;
  readonly #held = new AsyncDisposableStack();
  readonly #front: Listening;
  readonly #tokens = new Map<string, string>();
  #desk: Desk | undefined;

  private constructor(simulator: Simulator, front: Listening) {
    this.simulator = simulator;
    this.#front = front;
    const folder = mkdtempSync(join(tmpdir(), "tandem-shadow-"));
    this.#held.defer(() => rmSync(folder, { recursive: true, force: true }));
    this.#held.defer(() => front.close());
    this.exchange = this.#held.use(
      PaperExchange.open({
        file: join(folder, "paper.jsonl"),
        clock: systemClock(),
        logger: silentLogger(),
        hours: "always-open",
        instrument: (key) => (key === SHARE_ROW.key ? SHARE_ROW : undefined),
      }),
    );
    for (const clientId of [LEADER, RAVI]) {
      const account = simulator.createAccount({ clientId, availableBalance: 10_000_000 });
      this.#tokens.set(clientId, account.accessToken);
    }
  }

  /** `change` may put another account in the place of the shadow's. */
  static async start(change?: (shadow: DeskAccount, desk: PaperDesk) => DeskAccount) {
    const simulator = createSimulator();
    const desk = new PaperDesk(simulator, await simulator.listen({ port: 0 }));
    await using undo = new AsyncDisposableStack();
    undo.use(desk);
    const shadow = desk.#shadow();
    await desk.#start(change?.(shadow, desk) ?? shadow);
    undo.move();
    return desk;
  }

  async #start(shadow: DeskAccount): Promise<void> {
    const accounts = [this.#leader(), shadow];
    this.#held.defer(async () => {
      for (const { broker } of accounts) await broker.close();
    });
    const desk = await Desk.start({
      journal: memoryJournal(),
      clock: systemClock(),
      logger: silentLogger(),
      accounts,
      links: [LINK],
      instrument: (key) => (key === SHARE_ROW.key ? SHARE_ROW : undefined),
      sha256: sha256Bytes,
      cadence: { afterNewsMs: 150, whileDownMs: 200, whileQuietMs: 500, positionsMs: 500 },
      onLost: (error) => {
        throw error;
      },
    });
    this.#desk = desk;
    this.#held.defer(() => desk.stop());
    const what = "a ready desk";
    await eventually(() => desk.readiness().isArmed, { what, deadlineMs: 10_000 });
  }

  #leader(): DeskAccount {
    const { restUrl, orderUpdateUrl } = this.#front;
    const account = createDhanAccount({
      restUrl,
      orderUpdateUrl,
      clientId: LEADER,
      accessToken: this.#tokens.get(LEADER) ?? "",
      clock: systemClock(),
      random: systemRandom(),
    });
    return withEar({ id: LINK.leader, ...account }, (order) => {
      this.exchange.leaderOrderSeen(LINK.leader, order, [order.instrument]);
    });
  }

  #shadow(): DeskAccount {
    return openShadow({
      id: LINK.follower,
      exchange: this.exchange,
      capital: CAPITAL,
      real: this.account,
      clock: systemClock(),
      random: systemRandom(),
      requestTimeoutMs: TIMEOUT_MS,
    });
  }

  /** Ravi's account at the broker, over a network, without any gate. */
  get account(): RealAccount {
    const clock = systemClock();
    const transport = createUndiciTransport({ restUrl: this.#front.restUrl, clock });
    return { clientId: RAVI, accessToken: this.#tokens.get(RAVI) ?? "", transport };
  }

  lead(order: Readonly<Record<string, unknown>>): string {
    const given = { securityId: "1333", quantity: 100, ...order };
    const { body } = this.simulator.placeByHand(LEADER, given);
    return (body as { orderId: string }).orderId;
  }

  get follower() {
    const follower = this.#desk?.stations.find(({ account }) => account === "ravi")?.follower;
    assert.ok(follower !== undefined);
    return follower;
  }

  /** "SELL PENDING 50" for each order of ravi's on paper. */
  get onPaper(): readonly string[] {
    return this.exchange.truth("ravi").orders.map(({ row }) => {
      return `${row.transactionType} ${row.orderStatus} ${row.quantity}`;
    });
  }

  /** What the broker was asked for ravi, each kind once. */
  get askedOfBroker(): readonly string[] {
    const [truth] = this.simulator.truth(RAVI);
    return [...new Set(truth?.requests.map(({ kind }) => kind))];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#held.disposeAsync();
  }
}

test("a group is copied on paper with its legs, and the leader's exit brings it out", async () => {
  await using desk = await PaperDesk.start();
  desk.lead({ price: 1660, targetPrice: 1700, stopLossPrice: 1600 });
  await eventually(() => desk.onPaper.join() === "BUY TRADED 50,SELL PENDING 50,SELL PENDING 50", {
    what: "the entry and its legs",
  });
  desk.simulator.setPrice("HDFCBANK", 1600);
  await eventually(() => desk.onPaper.includes("SELL TRADED 50"), { what: "the stop on paper" });
  const [position] = desk.exchange.truth("ravi").positions;
  assert.equal(position?.netQty, 0);
  assert.deepEqual(desk.askedOfBroker, ["funds"]);
});

test("a shadow that sends to the real account is stopped at the gate, and told so", async () => {
  await using desk = await PaperDesk.start((shadow, { account }) => {
    const timing = { clock: systemClock(), requestTimeoutMs: TIMEOUT_MS };
    const gated = readOnlyBroker(account, timing);
    return {
      ...shadow,
      broker: {
        ...shadow.broker,
        place: (command, mayLeave) => gated.place(command, mayLeave),
        modify: (command, mayLeave) => gated.modify(command, mayLeave),
        cancel: (command) => gated.cancel(command),
        async close() {
          await Promise.all([gated.close(), shadow.broker.close()]);
        },
      },
    };
  });
  desk.lead({ price: 1600 });
  const answered = await eventually(
    () => [...desk.follower.state.children.values()].find(({ state }) => state === "notSent"),
    { what: "an order that did not leave" },
  );
  assert.equal(answered.filled, 0);
  assert.deepEqual(desk.askedOfBroker, ["funds"]);
  assert.deepEqual(desk.onPaper, []);
});
