/**
 * Tandem's desk against the simulator over real sockets on loopback, in one process: for tests that
 * speak of what happens at the broker.
 */
import {
  type AccountId,
  type LinkId,
  toAccountId,
  toInstrumentKey,
  toLinkId,
} from "../../src/core/model/ids.ts";
import type { Instrument } from "../../src/core/model/instrument.ts";
import type { Link } from "../../src/core/model/link.ts";
import { toPriceE4 } from "../../src/core/model/money.ts";
import type { Limits } from "../../src/core/plan/draft.ts";
import { createDhanAccount, type DhanAccount } from "../../src/dhan/client.ts";
import { memoryJournal, memoryStore } from "../../src/journal/memory/journal.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { sha256Bytes } from "../../src/platform/hash.ts";
import { silentLogger } from "../../src/platform/logger.ts";
import { systemRandom } from "../../src/platform/random.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Logger } from "../../src/ports/logger.ts";
import type { FeedCadence } from "../../src/runtime/account-feed.ts";
import { Desk } from "../../src/runtime/desk.ts";
import type { FollowerLoop } from "../../src/runtime/follower-loop.ts";
import {
  type AccountTruth,
  createSimulator,
  type Listening,
  type NewAccount,
  type Reply,
  type Simulator,
  type SimulatorOptions,
} from "../../src/simulator/index.ts";
import { eventually } from "../eventually.ts";

export const LEADER_CLIENT = "1100000001";

export interface RigFollower {
  readonly name: string;
  /** 10_000 copies one for one. */
  readonly bps: number;
  readonly account?: Partial<NewAccount>;
  readonly link?: Partial<Link>;
}

export interface RigOptions {
  readonly followers: readonly RigFollower[];
  readonly leader?: Partial<NewAccount>;
  readonly simulator?: SimulatorOptions;
  readonly limits?: Partial<Limits>;
  readonly cadence?: Partial<FeedCadence>;
  readonly requestTimeoutMs?: number;
  readonly journal?: Journal;
  readonly logger?: Logger;
  /** Tokens of followers that are not the account's own. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Followers that the readiness need not wait for. */
  readonly unready?: readonly string[];
}

type Row = AccountTruth["orders"][number]["row"];

/** Quick looks instead of patient ones, so that a test need not wait as a person would. */
const QUICK_CADENCE: Partial<FeedCadence> = {
  afterNewsMs: 150,
  whileDownMs: 200,
  whileQuietMs: 1_000,
  positionsMs: 1_000,
  afterFaultMs: 200,
};

const INSTRUMENTS: readonly Instrument[] = [
  {
    key: toInstrumentKey("NSE_EQ", "1333"),
    symbol: "HDFCBANK",
    kind: "equity",
    lotSize: 1,
    tick: toPriceE4(500),
  },
  {
    key: toInstrumentKey("NSE_EQ", "2885"),
    symbol: "RELIANCE",
    kind: "equity",
    lotSize: 1,
    tick: toPriceE4(500),
  },
];

export class Rig implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly journal: Journal;
  readonly #options: RigOptions;
  readonly #listening: Listening;
  readonly #clients = new Map<string, string>();
  readonly #tokens = new Map<string, string>();
  #accounts: DhanAccount[] = [];
  #desk: Desk | undefined;

  private constructor(options: RigOptions, simulator: Simulator, listening: Listening) {
    this.#options = options;
    this.simulator = simulator;
    this.#listening = listening;
    this.journal = options.journal ?? memoryJournal(memoryStore());
  }

  /** A simulator with the accounts, and a desk that is ready. */
  static async start(options: RigOptions): Promise<Rig> {
    const simulator = createSimulator({ seed: 7, ...options.simulator });
    const rig = new Rig(options, simulator, await simulator.listen({ port: 0 }));
    rig.#createAccount("leader", LEADER_CLIENT, options.leader);
    for (const [index, { name, account }] of options.followers.entries()) {
      rig.#createAccount(name, String(1100000002 + index), account);
    }
    await rig.startDesk();
    return rig;
  }

  #createAccount(name: string, clientId: string, account: Partial<NewAccount> = {}): void {
    const { accessToken } = this.simulator.createAccount({
      availableBalance: 100_000_000,
      ...account,
      clientId,
      name,
    });
    this.#clients.set(name, clientId);
    this.#tokens.set(name, this.#options.tokens?.[name] ?? accessToken);
  }

  get desk(): Desk {
    if (this.#desk === undefined) throw new Error("the desk is stopped");
    return this.#desk;
  }

  /** Starts (again) on what the journal holds, and waits until every account is ready. */
  async startDesk(): Promise<void> {
    const { followers, limits, cadence, logger, unready = [] } = this.#options;
    this.#accounts = [];
    const names = ["leader", ...followers.map(({ name }) => name)];
    this.#desk = await Desk.start({
      journal: this.journal,
      clock: systemClock(),
      logger: logger ?? silentLogger(),
      accounts: names.map((name) => this.#connect(name)),
      links: followers.map(linkOf),
      instrument: (key) => INSTRUMENTS.find((instrument) => instrument.key === key),
      sha256: sha256Bytes,
      limits: { absenceSettleMs: 1_500, changeSettleMs: 300, ...limits },
      cadence: { ...QUICK_CADENCE, ...cadence },
      onLost: (error) => {
        throw error;
      },
    });
    const isWaitedFor = (reason: string) => !unready.some((name) => reason.includes(name));
    await eventually(() => !this.desk.readiness().reasons.some(isWaitedFor), {
      what: "a ready desk",
      deadlineMs: 10_000,
    });
  }

  #connect(name: string) {
    const account = createDhanAccount({
      restUrl: this.#listening.restUrl,
      orderUpdateUrl: this.#listening.orderUpdateUrl,
      clientId: this.clientOf(name),
      accessToken: this.#tokens.get(name) ?? "",
      clock: systemClock(),
      random: systemRandom(),
      requestTimeoutMs: this.#options.requestTimeoutMs ?? 10_000,
    });
    this.#accounts.push(account);
    return { id: toAccountId(name), broker: account.broker, dropCopy: account.dropCopy };
  }

  clientOf(name: string): string {
    const clientId = this.#clients.get(name);
    if (clientId === undefined) throw new Error(`no account ${name}`);
    return clientId;
  }

  /** The leader places by hand; the order's id. */
  lead(order: Record<string, unknown>): string {
    const reply: Reply = this.simulator.placeByHand(LEADER_CLIENT, {
      transactionType: "BUY",
      exchangeSegment: "NSE_EQ",
      productType: "INTRADAY",
      orderType: "LIMIT",
      validity: "DAY",
      securityId: "1333",
      quantity: 100,
      disclosedQuantity: 0,
      price: 1600,
      triggerPrice: 0,
      afterMarketOrder: false,
      ...order,
    });
    const { orderId } = reply.body as { orderId?: string };
    if (orderId === undefined) throw new Error(`not placed: ${JSON.stringify(reply.body)}`);
    return orderId;
  }

  truth(name: string): AccountTruth {
    const truth = this.simulator.truth(this.clientOf(name))[0];
    if (truth === undefined) throw new Error(`no truth of ${name}`);
    return truth;
  }

  /** The account's orders at the broker, oldest first. */
  rows(name: string): Row[] {
    return this.truth(name).orders.map((order) => order.row);
  }

  /** Net units at the broker in one instrument, over all products. */
  net(name: string, securityId = "1333"): number {
    return this.truth(name)
      .positions.filter((row) => row.securityId === securityId)
      .reduce((sum, row) => sum + row.netQty, 0);
  }

  follower(name: string): FollowerLoop {
    const station = this.desk.stations.find(({ account }) => account === name);
    if (station?.follower === undefined) throw new Error(`no follower ${name}`);
    return station.follower;
  }

  /** Nothing is unknown, pending or held, and every copy has come to rest. */
  isSettled(name: string): boolean {
    const { state, waitingCommands, unsettled } = this.follower(name);
    if (waitingCommands > 0 || unsettled > 0) return false;
    for (const child of state.children.values()) {
      if (child.state === "intended" || child.state === "unknown") return false;
      if (child.state === "acked" || child.pending !== undefined) return false;
    }
    return true;
  }

  async stopDesk(): Promise<void> {
    await this.#desk?.stop();
    this.#desk = undefined;
    await Promise.all(this.#accounts.map(({ broker }) => broker.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopDesk();
    await this.#listening.close();
    await this.simulator.close();
  }
}

function linkOf({ name, bps, link }: RigFollower): Link {
  const leader: AccountId = toAccountId("leader");
  const id: LinkId = toLinkId(`leader-${name}`);
  return {
    id,
    leader,
    follower: toAccountId(name),
    mode: "active",
    sizing: { kind: "multiplier", bps },
    marketOrders: "protected-limit",
    maxAgeMs: 60_000,
    guards: {},
    ...link,
  };
}
