/**
 * One leader, one follower, and the core between them. The desk keeps what the runtime would keep:
 * the streams of facts, the clock, and what was sent and not yet answered. Nothing happens by itself.
 */
import assert from "node:assert/strict";
import type { Calendar } from "../../src/core/model/calendar.ts";
import type {
  CommandOutcome,
  OrderCommand,
  PlaceCommand,
  RejectionClass,
} from "../../src/core/model/command.ts";
import type { FollowerFact, LeaderFact } from "../../src/core/model/fact.ts";
import type { AccountId, CorrelationId } from "../../src/core/model/ids.ts";
import type { Instrument } from "../../src/core/model/instrument.ts";
import type { Link } from "../../src/core/model/link.ts";
import type { MoneyE4 } from "../../src/core/model/money.ts";
import type { OrderObservation, Product } from "../../src/core/model/order.ts";
import { type TradingDay, toEpochMs } from "../../src/core/model/time.ts";
import { type NetUnits, netUnits, toPositionKey } from "../../src/core/order/account-book.ts";
import type { Child } from "../../src/core/order/child.ts";
import type { Leg } from "../../src/core/order/correlation-id.ts";
import { copiedInto, emptyFollower } from "../../src/core/order/follower-state.ts";
import {
  emptyLeader,
  foldLeader,
  type LeaderState,
  leaderOrderFact,
  leaderPositionsFact,
} from "../../src/core/order/leader.ts";
import { DEFAULT_LIMITS, type Limits, type StepContext } from "../../src/core/plan/draft.ts";
import type { Action } from "../../src/core/risk/approve.ts";
import { type FollowerInput, type StepResult, step } from "../../src/core/step.ts";
import { sha256Bytes } from "../../src/platform/hash.ts";
import {
  ASHA,
  LEADER,
  LINK,
  linkOf,
  OPTION_ROW,
  type OrderChange,
  orderOf,
  SHARE,
  SHARE_ROW,
  TEN_O_CLOCK_MS,
} from "./builders.ts";
import { FakeBroker } from "./fake-broker.ts";

export interface DeskOptions {
  readonly links?: readonly Link[];
  readonly limits?: Partial<Limits>;
  readonly leaderNets?: readonly NetUnits[];
  readonly followerNets?: readonly NetUnits[];
  /** The links are opened by the test itself. */
  readonly isUnlinked?: boolean;
}

/** A fact with what the fold needs to place it. */
export interface Recorded {
  readonly fact: FollowerFact;
  readonly seq: number;
  readonly atMs: number;
}

export class Desk {
  nowMs: number = TEN_O_CLOCK_MS;
  leader: LeaderState = emptyLeader(LEADER);
  /** Leaders beside the first, as far as a test has them. */
  readonly otherLeaders = new Map<AccountId, LeaderState>();
  follower = emptyFollower(ASHA);
  /** Sent and not answered, oldest first. */
  outbox: OrderCommand[] = [];
  brokerAheadMs = 0;
  areBooksRead = true;
  /** Absent: always open. */
  calendar: Calendar | undefined;
  /** Kept back until the leader's order has left transit. */
  readonly prepared = new Map<CorrelationId, OrderCommand>();
  withdrawn: CorrelationId[] = [];
  /** When the core asked to be called again, not yet due. */
  wakes: number[] = [];
  readonly recorded: Recorded[] = [];
  readonly leaderFacts: LeaderFact[] = [];
  readonly links = new Map<string, Link>();
  readonly instruments = new Map<string, Instrument>([
    [SHARE, SHARE_ROW],
    [OPTION_ROW.key, OPTION_ROW],
  ]);
  readonly broker = new FakeBroker(() => this.nowMs);
  readonly #leaderOrders = new Map<string, OrderObservation>();
  readonly #limits: Limits;

  constructor(options: DeskOptions = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    for (const link of options.links ?? [linkOf()]) this.links.set(link.id, link);
    this.leaderPositions(options.leaderNets ?? []);
    this.input({ kind: "positions", nets: options.followerNets ?? [] });
    if (options.isUnlinked !== true) for (const link of this.links.values()) this.open(link);
  }

  open(link: Link): StepResult {
    const leaderSeq = this.leaderFacts.length;
    return this.input({ kind: "linkOpened", linkId: link.id, leader: link.leader, leaderSeq });
  }

  /** Replaces the link's settings from now on. */
  setLink(change: Partial<Link>): void {
    const link = linkOf(change);
    this.links.set(link.id, { ...(this.links.get(link.id) ?? link), ...change });
  }

  context(): StepContext {
    return {
      nowMs: toEpochMs(this.nowMs),
      nextSeq: this.recorded.length + 1,
      link: (id) => this.links.get(id),
      brokerAheadMs: () => this.brokerAheadMs,
      areBooksRead: () => this.areBooksRead,
      leader: (id) => (id === LEADER ? this.leader : this.otherLeaders.get(id)),
      instrument: (key) => this.instruments.get(key),
      sha256: sha256Bytes,
      limits: this.#limits,
      ...(this.calendar && { calendar: this.calendar }),
    };
  }

  input(input: FollowerInput): StepResult {
    const context = this.context();
    const result = step(this.follower, input, context);
    this.follower = result.state;
    result.facts.forEach((fact, index) => {
      this.recorded.push({ fact, seq: context.nextSeq + index, atMs: this.nowMs });
    });
    for (const action of result.actions) this.#perform(action);
    return result;
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case "send":
        this.outbox.push(action.approved.command);
        return;
      case "prepare":
        this.prepared.set(action.approved.command.correlationId, action.approved.command);
        return;
      case "release": {
        const command = this.prepared.get(action.correlationId);
        assert.ok(command, "only what was prepared is released");
        this.prepared.delete(action.correlationId);
        this.outbox.push(command);
        return;
      }
      case "withdraw":
        if (this.prepared.delete(action.correlationId)) this.#neverSent(action.correlationId);
        else this.withdrawn.push(action.correlationId);
        return;
      case "wake":
        this.wakes.push(action.atMs);
    }
  }

  #neverSent(correlationId: CorrelationId): void {
    const outcome = { kind: "notSent", text: "withdrawn before it was sent" } as const;
    this.input({ kind: "answered", correlationId, command: "place", outcome });
  }

  // The leader's side.

  /** The leader's order, new or changed, as a frame of his drop copy tells it. */
  leads(id: string, change: OrderChange = {}): StepResult {
    const known = this.#leaderOrders.get(id);
    const base = known ?? orderOf(id, { placedAtMs: toEpochMs(this.nowMs) });
    const { terms, ...rest } = change;
    const order: OrderObservation = {
      ...base,
      ...rest,
      terms: { ...base.terms, ...terms },
      updatedAtMs: change.updatedAtMs ?? toEpochMs(this.nowMs),
    };
    this.#leaderOrders.set(id, order);
    return this.leaderFrame(order);
  }

  leaderFrame(order: OrderObservation): StepResult {
    const fact = leaderOrderFact(this.leader, order, "stream");
    if (fact !== undefined) this.#recordLeader(fact);
    return this.input({ kind: "leaderOrders", leader: LEADER, ids: [order.brokerOrderId] });
  }

  /** A read of the leader's whole book, begun after all that was seen of him so far. */
  leaderBook(orders: Iterable<OrderObservation> = this.#leaderOrders.values()): StepResult {
    const rows = [...orders];
    for (const order of rows) {
      const fact = leaderOrderFact(this.leader, order, "book");
      if (fact !== undefined) this.#recordLeader(fact);
    }
    this.#recordLeader({ kind: "bookConfirmed", throughSeq: this.leaderFacts.length });
    const ids = rows.map((order) => order.brokerOrderId);
    return this.input({ kind: "leaderOrders", leader: LEADER, ids });
  }

  /** The same of another leader, whose orders the test keeps itself. */
  otherLeads(account: AccountId, order: OrderObservation): StepResult {
    const leader = this.otherLeaders.get(account) ?? emptyLeader(account);
    const fact = leaderOrderFact(leader, order, "stream");
    assert.ok(fact);
    this.otherLeaders.set(account, foldLeader(leader, fact, 1_000 + leader.book.orders.size));
    const ids = [order.brokerOrderId];
    return this.input({ kind: "leaderOrders", leader: account, ids });
  }

  leaderPositions(nets: readonly NetUnits[]): void {
    const fact = leaderPositionsFact(this.leader, nets);
    if (fact !== undefined) this.#recordLeader(fact);
  }

  leaderCapital(capital: MoneyE4): void {
    this.#recordLeader({ kind: "capitalObserved", capital });
  }

  leaderDay(day: TradingDay): void {
    this.#recordLeader({ kind: "dayBegan", day });
  }

  #recordLeader(fact: LeaderFact): void {
    this.leaderFacts.push(fact);
    this.leader = foldLeader(this.leader, fact, this.leaderFacts.length);
  }

  // The follower's side.

  /** The only command that waits for an answer, taken out. */
  sent(): OrderCommand {
    assert.equal(this.outbox.length, 1, `sent: ${JSON.stringify(this.outbox)}`);
    const command = this.outbox.shift();
    assert.ok(command);
    return command;
  }

  sentPlace(): PlaceCommand {
    const command = this.sent();
    assert.equal(command.kind, "place");
    return command as PlaceCommand;
  }

  answer(command: OrderCommand, outcome: CommandOutcome): StepResult {
    const { correlationId, kind } = command;
    return this.input({ kind: "answered", correlationId, command: kind, outcome });
  }

  sees(...orders: readonly OrderObservation[]): StepResult {
    const startedAtMs = this.nowMs;
    return this.input({ kind: "observed", orders, witness: "stream", startedAtMs, isWhole: false });
  }

  /** A whole read of the follower's book. */
  readsBook(startedAtMs = this.nowMs): StepResult {
    const orders = this.broker.listed();
    return this.input({ kind: "observed", orders, witness: "book", startedAtMs, isWhole: true });
  }

  /** The broker does what it was sent, answers, and tells of it; until nothing more is sent. */
  settle(): void {
    for (let round = 0; this.outbox.length > 0; round += 1) {
      assert.ok(round < 50, `still sending: ${JSON.stringify(this.outbox[0])}`);
      const command = this.outbox.shift();
      if (command !== undefined) this.accept(command);
    }
  }

  /** Takes, answers and shows the command; a new order goes on to the exchange. */
  accept(command: OrderCommand): OrderObservation {
    const outcome = this.broker.take(command);
    this.answer(command, outcome);
    const id = outcome.kind === "accepted" ? outcome.brokerOrderId : undefined;
    const known = id ? this.broker.order(id) : this.broker.byCorrelation(command.correlationId);
    assert.ok(known);
    const order =
      known.status === "transit"
        ? this.broker.change(known.brokerOrderId, { status: "working" })
        : known;
    this.sees(order);
    return order;
  }

  /** The child's order fills `units` more at the broker, and the drop copy tells. */
  fills(child: Child, units = child.terms.quantity - child.filled): StepResult {
    const order = this.broker.byCorrelation(child.correlationId);
    assert.ok(order, "the child is not at the broker");
    return this.sees(this.broker.fill(order.brokerOrderId, units));
  }

  /** The broker takes the command and its reply is lost. */
  losesReply(command: OrderCommand): void {
    this.broker.take(command);
    this.answer(command, { kind: "unknown", text: "no reply in time" });
  }

  /** Looked up `times`, now, and not found. */
  looksInVain(correlationId: CorrelationId, times: number): void {
    for (let index = 0; index < times; index += 1) {
      this.input({ kind: "lookedUp", correlationId, startedAtMs: this.nowMs });
    }
  }

  rejects(command: OrderCommand, reason: RejectionClass, text = "the broker's words"): StepResult {
    return this.answer(command, { kind: "rejected", reason, code: "DH-906", text });
  }

  /** The child's order at the broker becomes so, and the drop copy tells. */
  shows(child: Child, change: Partial<OrderObservation>): StepResult {
    const order = this.broker.byCorrelation(child.correlationId);
    assert.ok(order, "the child is not at the broker");
    return this.sees(this.broker.change(order.brokerOrderId, change));
  }

  /** Time passes, and the core is called whenever it asked to be, and at the end. */
  passes(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let round = 0; ; round += 1) {
      assert.ok(round < 2_000, "the core asks to be called for ever");
      const next = Math.min(...this.wakes);
      if (next > untilMs) break;
      this.wakes = this.wakes.filter((atMs) => atMs > next);
      this.nowMs = Math.max(this.nowMs, next);
      this.input({ kind: "tick" });
    }
    this.nowMs = untilMs;
    this.input({ kind: "tick" });
  }

  // What there is.

  children(): Child[] {
    return [...this.follower.children.values()];
  }

  childrenOf(leaderOrderId: string, leg: Leg, linkId = LINK): Child[] {
    for (const copy of this.follower.copies.values()) {
      if (copy.leaderOrderId !== leaderOrderId || copy.linkId !== linkId) continue;
      return copy.children[leg].map((id) => {
        const child = this.follower.children.get(id);
        assert.ok(child);
        return child;
      });
    }
    return [];
  }

  /** The newest child of a leg, which must be there. */
  child(leaderOrderId: string, leg: Leg = "entry", linkId = LINK): Child {
    const child = this.childrenOf(leaderOrderId, leg, linkId).at(-1);
    assert.ok(child, `no ${leg} child of ${leaderOrderId}`);
    return child;
  }

  copied(instrument = SHARE, product: Product = "INTRADAY", linkId = LINK) {
    return copiedInto(this.follower, linkId, toPositionKey(instrument, product));
  }

  net(instrument = SHARE, product: Product = "INTRADAY"): number {
    return netUnits(this.follower.book, toPositionKey(instrument, product));
  }

  facts(kind: FollowerFact["kind"]): FollowerFact[] {
    return this.recorded.map((entry) => entry.fact).filter((fact) => fact.kind === kind);
  }

  alarms(): string[] {
    return this.recorded.flatMap(({ fact }) => (fact.kind === "alarmed" ? [fact.code] : []));
  }

  /** "entry below-one-lot", in the order in which they were recorded. */
  skips(): string[] {
    return this.recorded.flatMap(({ fact }) =>
      fact.kind === "skipped" ? [`${fact.leg} ${fact.code}`] : [],
    );
  }

  holdOf(leaderOrderId: string, leg: Leg): string | undefined {
    for (const copy of this.follower.copies.values()) {
      if (copy.leaderOrderId === leaderOrderId) return copy.holds[leg];
    }
    return undefined;
  }

  // Days that several tests begin with.

  /** The leader has bought `units` and the follower's copy of it has filled. */
  bought(id: string, units: number, change: OrderChange = {}): void {
    this.leads(id, { ...change, terms: { ...change.terms, quantity: units } });
    this.settle();
    this.leads(id, { status: "filled", filledQuantity: units });
    for (const child of this.children()) {
      if (child.identity.leaderOrderId === id && child.state === "working") this.fills(child);
    }
  }
}
