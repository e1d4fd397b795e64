/**
 * Tandem's desk against the simulator over real sockets on loopback, in one process: for tests that
 * speak of what happens at the broker.
 */

import assert from "node:assert/strict";
import { startAuditing } from "../../src/app/auditing.ts";
import type { Auditor, Breach } from "../../src/audit/auditor.ts";
import { type FollowerFact, toCopyId } from "../../src/core/model/fact.ts";
import {
  asCorrelationId,
  toAccountId,
  toBrokerOrderId,
  toInstrumentKey,
  toLinkId,
} from "../../src/core/model/ids.ts";
import type { Instrument } from "../../src/core/model/instrument.ts";
import type { Link } from "../../src/core/model/link.ts";
import { toPriceE4 } from "../../src/core/model/money.ts";
import { isTerminal, type OrderTerms } from "../../src/core/model/order.ts";
import type { SkipCode } from "../../src/core/model/reason.ts";
import { followerStream } from "../../src/core/model/stream.ts";
import type { Limits } from "../../src/core/plan/draft.ts";
import { createDhanAccount, type DhanAccount } from "../../src/dhan/client.ts";
import type { OrderUpdatesTiming } from "../../src/dhan/stream/order-updates.ts";
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
import { followerFact } from "../../src/runtime/replay.ts";
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
import { type Gate, gated } from "./gated-journal.ts";

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
  /** Accounts beside the leader and the followers: second leaders. */
  readonly others?: readonly Pick<RigFollower, "name" | "account">[];
  /** Links beside the one that each follower has to the leader. */
  readonly links?: readonly Link[];
  readonly leader?: Partial<NewAccount>;
  readonly simulator?: SimulatorOptions;
  readonly limits?: Partial<Limits>;
  readonly cadence?: Partial<FeedCadence>;
  readonly requestTimeoutMs?: number;
  /** Of the drop copies: how soon silence is noticed, how soon they connect again. */
  readonly timing?: Partial<OrderUpdatesTiming>;
  readonly journal?: Journal;
  readonly logger?: Logger;
  /** Tokens of followers that are not the account's own. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Followers that the readiness need not wait for. */
  readonly unready?: readonly string[];
}

export type Row = AccountTruth["orders"][number]["row"];

type ExitLegName = "TARGET_LEG" | "STOP_LOSS_LEG";

type WireFields = Readonly<Record<string, unknown>>;

/** Quick looks instead of patient ones, so that a test need not wait as a person would. */
const QUICK_CADENCE: Partial<FeedCadence> = {
  afterNewsMs: 150,
  whileDownMs: 200,
  whileQuietMs: 1_000,
  positionsMs: 1_000,
  afterFaultMs: 200,
  whileRefusedMs: 400,
};

export const HDFCBANK = "1333";
export const RELIANCE = "2885";
/** An option with a lot of 65. */
export const NIFTY_CALL = "52002";

function instrument(
  segment: string,
  securityId: string,
  about: Pick<Instrument, "symbol" | "kind" | "lotSize" | "underlying" | "freeze">,
): Instrument {
  return { key: toInstrumentKey(segment, securityId), tick: toPriceE4(500), ...about };
}

const INSTRUMENTS: readonly Instrument[] = [
  instrument("NSE_EQ", HDFCBANK, { symbol: "HDFCBANK", kind: "equity", lotSize: 1 }),
  instrument("NSE_EQ", RELIANCE, { symbol: "RELIANCE", kind: "equity", lotSize: 1 }),
  instrument("NSE_FNO", NIFTY_CALL, {
    symbol: "NIFTY-Dec2026-24000-CE",
    kind: "option",
    lotSize: 65,
    underlying: "NIFTY",
    // 27 lots: what the exchange takes in one order.
    freeze: { units: 1_755, isStale: false },
  }),
];

/** A plain order as the broker takes it. */
const PLAIN_ORDER: WireFields = {
  transactionType: "BUY",
  exchangeSegment: "NSE_EQ",
  productType: "INTRADAY",
  orderType: "LIMIT",
  validity: "DAY",
  securityId: HDFCBANK,
  quantity: 100,
  disclosedQuantity: 0,
  price: 1600,
  triggerPrice: 0,
  afterMarketOrder: false,
};

export class Rig implements AsyncDisposable {
  readonly simulator: Simulator;
  journal: Journal;
  /** What the auditor has told; there must be none of it at the end. */
  readonly breaches: Breach[] = [];
  readonly #options: RigOptions;
  readonly #listening: Listening;
  readonly #clients = new Map<string, string>();
  readonly #tokens = new Map<string, string>();
  readonly #accounts = new Map<string, DhanAccount>();
  #desk: Desk | undefined;
  #auditor: Auditor | undefined;
  #gate: Gate = { isShut: false };

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
    const { followers, others = [] } = options;
    for (const [index, { name, account }] of [...followers, ...others].entries()) {
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
    const { followers, others = [], links = [], limits, cadence, logger } = this.#options;
    const names = ["leader", ...[...followers, ...others].map(({ name }) => name)];
    const gate: Gate = { isShut: false };
    this.#gate = gate;
    const given = {
      journal: gated(this.journal, gate),
      clock: systemClock(),
      logger: logger ?? silentLogger(),
      accounts: names.map((name) => this.#connect(name)),
      links: [...followers.map(linkOf), ...links],
      instrument: (key: Instrument["key"]) => INSTRUMENTS.find((each) => each.key === key),
    };
    const { auditor, ...heard } = startAuditing({
      ...given,
      secrets: () => [...this.#tokens.values()],
      desk: () => this.#desk,
      onBreach: (breach) => this.breaches.push(breach),
    });
    this.#auditor = auditor;
    this.#desk = await Desk.start({
      ...given,
      ...heard,
      sha256: sha256Bytes,
      limits: { absenceSettleMs: 1_500, changeSettleMs: 300, ...limits },
      cadence: { ...QUICK_CADENCE, ...cadence },
      onLost: (error) => {
        throw error;
      },
    });
    await this.untilReady();
  }

  /** Every link is armed, but those of the `unready`. */
  async untilReady(): Promise<void> {
    const { unready = [] } = this.#options;
    const isWaitedFor = (reason: string) => !unready.some((name) => reason.includes(name));
    const isArmed = () => {
      const { isArmed, reasons } = this.desk.readiness();
      return isArmed || !reasons.some(isWaitedFor);
    };
    await eventually(isArmed, {
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
      ...(this.#options.timing === undefined ? {} : { timing: this.#options.timing }),
    });
    this.#accounts.set(name, account);
    return { id: toAccountId(name), broker: account.broker, dropCopy: account.dropCopy };
  }

  clientOf(name: string): string {
    const clientId = this.#clients.get(name);
    if (clientId === undefined) throw new Error(`no account ${name}`);
    return clientId;
  }

  /** The leader places by hand; the order's id. */
  lead(order: WireFields): string {
    return this.placeByHand("leader", order);
  }

  /** Places an order with the account's own app, unknown to Tandem; the order's id. */
  placeByHand(name: string, order: WireFields): string {
    const asked = { ...PLAIN_ORDER, ...order };
    const reply: Reply = this.simulator.placeByHand(this.clientOf(name), asked);
    const { orderId } = reply.body as { orderId?: string };
    if (orderId === undefined) throw new Error(`not placed: ${JSON.stringify(reply.body)}`);
    return orderId;
  }

  /** Another program places an order of its own with the account's token. */
  async placeWithApi(name: string, order: WireFields): Promise<void> {
    const given = { ...PLAIN_ORDER, dhanClientId: this.clientOf(name), ...order };
    const headers = { "access-token": this.#tokens.get(name) ?? "" };
    const body = JSON.stringify(given);
    const url = `${this.#listening.restUrl}/orders`;
    const reply = await fetch(url, { method: "POST", headers, body });
    if (!reply.ok) throw new Error(`not placed: ${await reply.text()}`);
  }

  /** The leader changes his order by hand. */
  modify(orderId: string, changes: WireFields): void {
    const reply = this.simulator.modifyByHand(LEADER_CLIENT, { orderId, changes });
    if (reply.status >= 300) throw new Error(`not modified: ${JSON.stringify(reply.body)}`);
  }

  /** The leader cancels his order by hand. */
  cancel(orderId: string): void {
    const reply = this.simulator.cancelByHand(LEADER_CLIENT, orderId);
    if (reply.status >= 300) throw new Error(`not cancelled: ${JSON.stringify(reply.body)}`);
  }

  /** The leader changes a leg of a group by hand; the group is named by its entry. */
  modifyLeg(orderId: string, leg: ExitLegName, changes: WireFields): void {
    const reply = this.simulator.modifyByHand(LEADER_CLIENT, { orderId, leg, changes });
    if (reply.status >= 300) throw new Error(`not modified: ${JSON.stringify(reply.body)}`);
  }

  /** The leader takes a leg of a group away by hand. */
  cancelLeg(orderId: string, leg: ExitLegName): void {
    const reply = this.simulator.cancelByHand(LEADER_CLIENT, orderId, leg);
    if (reply.status >= 300) throw new Error(`not cancelled: ${JSON.stringify(reply.body)}`);
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

  /** The row of one order, whoever placed it. */
  row(name: string, orderId: string): Row {
    const row = this.rows(name).find((candidate) => candidate.orderId === orderId);
    if (row === undefined) throw new Error(`${name} has no order ${orderId}`);
    return row;
  }

  /** The account's orders that copy this leader order, oldest first, dead ones included. */
  copiesOf(name: string, leaderOrderId: string): Row[] {
    const { children } = this.follower(name).state;
    return this.rows(name).filter((row) => {
      const id = asCorrelationId(row.correlationId ?? "");
      return id !== undefined && children.get(id)?.identity.leaderOrderId === leaderOrderId;
    });
  }

  /** Waits until the account's order has this status at the broker. */
  async reaches(name: string, orderId: string, status: Row["orderStatus"]): Promise<void> {
    await eventually(() => this.row(name, orderId).orderStatus === status, {
      what: `order ${orderId} of ${name} ${status}`,
    });
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

  /** Nothing is unknown or pending, and every live copy has at the broker the terms we believe. */
  isSettled(name: string): boolean {
    const { state, waitingCommands } = this.follower(name);
    if (waitingCommands > 0) return false;
    const rows = new Map(this.rows(name).map((row) => [row.orderId, row]));
    for (const child of state.children.values()) {
      if (child.state === "intended" || child.state === "unknown") return false;
      if (child.state === "acked" || child.pending !== undefined) return false;
      const row = rows.get(child.brokerOrderId ?? "");
      if (child.state === "working" && !isAsBelieved(row, child.terms)) return false;
    }
    return true;
  }

  /** Everything that the journal says of this follower, oldest first. */
  async facts(name: string): Promise<FollowerFact[]> {
    const facts: FollowerFact[] = [];
    for await (const entry of this.journal.read(followerStream(toAccountId(name)))) {
      facts.push(followerFact(entry));
    }
    return facts;
  }

  /** Waits until the journal has a fact of this kind that fits, and gives it. */
  async fact<K extends FollowerFact["kind"]>(
    name: string,
    kind: K,
    fits: (fact: Extract<FollowerFact, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<FollowerFact, { kind: K }>> {
    type Wanted = Extract<FollowerFact, { kind: K }>;
    const isWanted = (fact: FollowerFact): fact is Wanted =>
      fact.kind === kind && fits(fact as Wanted);
    return eventually(async () => (await this.facts(name)).find(isWanted), {
      what: `a fact ${kind} of ${name}`,
    });
  }

  /** Waits until this follower was told why a leader's order, or a part of it, is not copied. */
  async skipped(name: string, orderId: string, code: SkipCode): Promise<void> {
    await this.fact(name, "skipped", (fact) => {
      return fact.copyId.endsWith(`/${orderId}`) && fact.code === code;
    });
  }

  /** Waits until this follower has come to rest. */
  async settles(name: string): Promise<void> {
    await eventually(() => this.isSettled(name), { what: `${name} settled`, deadlineMs: 10_000 });
  }

  /** Waits until the desk knows of every leader order what the broker knows, and has acted on it. */
  async untilCaughtUp(names = this.#options.followers.map(({ name }) => name)): Promise<void> {
    const what = "the desk has caught up with the leader";
    await eventually(() => names.every((name) => this.isCaughtUp(name)), {
      what,
      deadlineMs: 10_000,
    });
  }

  /** The follower is settled upon the leader's orders as they are at the broker at this moment. */
  isCaughtUp(name: string): boolean {
    const leader = this.desk.stations.find(({ account }) => account === "leader")?.leader;
    const { state } = this.follower(name);
    return this.rows("leader").every((row) => {
      const id = toBrokerOrderId(row.orderId);
      const known = leader?.state.book.orders.get(id);
      if (known === undefined || row.orderStatus === "TRANSIT") return false;
      const isSame =
        known.filledQuantity === row.filledQty &&
        known.terms.quantity === row.quantity &&
        known.terms.price === toPriceE4(Math.round(row.price * 10_000)) &&
        isTerminal(known.status) === ENDED.has(row.orderStatus);
      const copyId = toCopyId(toLinkId(`leader-${name}`), id);
      return isSame && state.copies.has(copyId) && this.isSettled(name);
    });
  }

  async stopDesk(): Promise<void> {
    await this.#desk?.stop();
    await this.#forgetDesk();
  }

  /**
   * The process is gone: from this moment on nothing is written, and nothing new is sent. The
   * requests that are under way come to their end at the broker, and nobody hears of it.
   */
  async crashDesk(): Promise<void> {
    this.#gate.isShut = true;
    await this.desk.stop().catch(() => undefined);
    await this.#forgetDesk();
  }

  async #forgetDesk(): Promise<void> {
    this.#desk = undefined;
    await this.#auditor?.close();
    const accounts = [...this.#accounts.values()];
    this.#accounts.clear();
    await Promise.all(accounts.map(({ broker }) => broker.close()));
  }

  /** Hands the running desk a new token of this account, which ends the one before. */
  renewToken(name: string, accessToken?: string): void {
    const clientId = this.clientOf(name);
    const wanted = accessToken === undefined ? {} : { accessToken };
    const issued = this.simulator.changeToken({ clientId, action: "supersede", ...wanted });
    this.#tokens.set(name, issued.accessToken);
    this.#accounts.get(name)?.useToken(issued.accessToken);
    this.#desk?.accessMended(toAccountId(name));
  }

  /** Tells the running desk that this account may trade again. */
  mendAccess(name: string): void {
    this.desk.accessMended(toAccountId(name));
  }

  /** The disk is gone: the next desk begins with an empty journal. */
  loseJournal(): void {
    this.journal = memoryJournal(memoryStore());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopDesk();
    await this.#listening.close();
    await this.simulator.close();
    assert.deepEqual(this.breaches, []);
  }
}

/** An accepted change takes effect a little later; until then a fill may still win. */
function isAsBelieved(row: Row | undefined, { quantity, price }: OrderTerms): boolean {
  if (row === undefined || row.quantity !== quantity) return false;
  return price === undefined || Math.round(row.price * 10_000) === price;
}

const ENDED: ReadonlySet<string> = new Set(["TRADED", "CANCELLED", "REJECTED", "EXPIRED"]);

/** The link of a follower; its id is "leader-NAME". */
export function linkOf({ name, bps, link }: RigFollower): Link {
  return {
    id: toLinkId(`leader-${name}`),
    leader: toAccountId("leader"),
    follower: toAccountId(name),
    mode: "active",
    sizing: { kind: "multiplier", bps },
    marketOrders: "protected-limit",
    maxAgeMs: 60_000,
    guards: {},
    ...link,
  };
}
