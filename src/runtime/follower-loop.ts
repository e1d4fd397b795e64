/**
 * One follower account: the only writer of its stream and the only sender of its orders.
 *
 * Every input goes through the core's `step`; the facts are recorded, and only when they are durable
 * are the actions performed. Until the loop is armed it observes and remembers, and plans nothing.
 */
import type { CommandOutcome, OrderCommand } from "../core/model/command.ts";
import type { FollowerFact } from "../core/model/fact.ts";
import type { AccountId, BrokerOrderId } from "../core/model/ids.ts";
import type { EpochMs } from "../core/model/time.ts";
import { isGroup } from "../core/order/child.ts";
import { isOpen } from "../core/order/child-state.ts";
import type { FollowerState } from "../core/order/follower-state.ts";
import { isSquaredOff, stopCause } from "../core/order/stops.ts";
import type { StepContext } from "../core/plan/draft.ts";
import { repairOffers } from "../core/plan/offer-repair.ts";
import type { RepairOffer } from "../core/plan/repair-order.ts";
import type { Action } from "../core/risk/approve.ts";
import { type FollowerInput, step } from "../core/step.ts";
import { unreachable } from "../platform/assert.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { StreamName } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import type { OrdersSeen } from "./account-feed.ts";
import type { JournalWriter } from "./journal-writer.ts";
import type { RateBudget } from "./rate-budget.ts";
import { reportFact } from "./report.ts";
import { Sender } from "./sender.ts";
import { isUnsettled, Settlement } from "./settlement.ts";

const REPORT_DELAY_MS = 100;
/** A clock that is only being corrected gains less between two inputs. */
const LEAP_MS = 1_000;
/** The leader's order is in transit for longer; a burst of them is then one append. */
const PREPARE_PATIENCE_MS = 3;

export type SharedContext = Omit<StepContext, "nowMs" | "nextSeq">;

/** What waits until its facts are durable. */
type SendingAction = Exclude<Action, { readonly kind: "release" | "wake" }>;

export interface FollowerLoopOptions {
  readonly state: FollowerState;
  readonly stream: StreamName;
  readonly broker: Broker;
  readonly writer: JournalWriter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly budget: RateBudget;
  readonly context: SharedContext;
  readonly requestBook: () => void;
}

export class FollowerLoop {
  readonly #options: FollowerLoopOptions;
  readonly #sender: Sender;
  readonly #settlement: Settlement;
  #state: FollowerState;
  #lastRead: { readonly wallMs: EpochMs; readonly monotonicMs: number } | undefined;
  #isArmed = false;
  #isClosed = false;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #cancelWake: (() => void) | undefined;
  readonly #unreported: FollowerFact[] = [];
  #cancelReport: (() => void) | undefined;

  constructor(options: FollowerLoopOptions) {
    this.#options = options;
    this.#state = options.state;
    const { broker, clock, budget, logger } = options;
    this.#sender = new Sender({
      broker,
      clock,
      budget,
      onOutcome: (command, outcome) => this.#answered(command, outcome),
      areEntriesStopped: () =>
        stopCause(this.#state.stops) !== undefined || this.#state.suspended !== undefined,
    });
    this.#settlement = new Settlement({
      broker,
      clock,
      logger,
      state: () => this.#state,
      feed: (input) => this.feed(input),
      requestBook: options.requestBook,
    });
  }

  get state(): FollowerState {
    return this.#state;
  }

  get account(): AccountId {
    return this.#state.account;
  }

  get isArmed(): boolean {
    return this.#isArmed;
  }

  /** Nothing was ever recorded of it. */
  get isNew(): boolean {
    return this.#options.writer.nextSeq(this.#options.stream) === 1;
  }

  /** Which lists tell of orders of ours that the order book says too little of. */
  get lists(): { readonly superOrders: boolean; readonly forever: boolean } {
    if (!this.#isArmed) return { superOrders: true, forever: true };
    const wanted = { superOrders: false, forever: false };
    for (const child of this.#state.children.values()) {
      if (child.vehicle === "forever") wanted.forever ||= isOpen(child.state);
      else if (isGroup(child)) {
        wanted.superOrders ||= isOpen(child.state) || child.filled > child.exited;
      }
    }
    return wanted;
  }

  /** Something of it may be due by the passing of time alone. */
  get isWaiting(): boolean {
    return this.#state.openCopies.size > 0 || isSquaredOff(this.#state.stops);
  }

  /** Commands waiting for the rate budget. */
  get waitingCommands(): number {
    return this.#sender.waiting;
  }

  /** Orders whose outcome is unknown and being looked for. */
  get unsettled(): number {
    return this.#settlement.size;
  }

  /** Every difference of its links, and what a repair of each would send, or why nothing. */
  repairOffers(): readonly RepairOffer[] {
    const { writer, stream, context, clock } = this.#options;
    const nextSeq = writer.nextSeq(stream);
    return repairOffers(this.#state, { ...context, nowMs: clock.nowMs(), nextSeq });
  }

  /** The process began anew: what was on its way is unknown until the broker's books tell. */
  recover(): void {
    if (this.#options.writer.nextSeq(this.#options.stream) > 1) this.feed({ kind: "restarted" });
  }

  /** From now on leader orders are acted on; `ids` are those that came before. */
  arm(leaders: ReadonlyMap<AccountId, readonly BrokerOrderId[]>): void {
    if (this.#isArmed || this.#isClosed) return;
    this.#isArmed = true;
    for (const [leader, ids] of leaders) this.feed({ kind: "leaderOrders", leader, ids });
    this.feed({ kind: "tick" });
  }

  leaderOrders(leader: AccountId, ids: readonly BrokerOrderId[], causedBy?: string): void {
    if (this.#isArmed) this.feed({ kind: "leaderOrders", leader, ids }, causedBy);
  }

  ordersSeen(seen: OrdersSeen): void {
    this.feed({ kind: "observed", ...seen });
  }

  /** Decides, records, and performs once it is durable. */
  feed(input: FollowerInput, causedBy?: string): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.clock.nowMs();
    const byMs = this.#leapSince(nowMs);
    if (byMs >= LEAP_MS) this.#take({ kind: "clockPutForward", byMs }, nowMs);
    this.#take(input, nowMs, causedBy);
  }

  /** By how much the wall clock has gone further than time did since this was last asked. */
  #leapSince(wallMs: EpochMs): number {
    const monotonicMs = this.#options.clock.monotonicMs();
    const last = this.#lastRead;
    this.#lastRead = { wallMs, monotonicMs };
    return last ? Math.round(wallMs - last.wallMs - (monotonicMs - last.monotonicMs)) : 0;
  }

  #take(input: FollowerInput, nowMs: EpochMs, causedBy?: string): void {
    const { writer, stream, context } = this.#options;
    const nextSeq = writer.nextSeq(stream);
    const result = step(this.#state, input, { ...context, nowMs, nextSeq });
    if (result.facts.length === 0 && result.actions.length === 0) return;
    this.#state = result.state;
    writer.record(
      stream,
      result.facts.map((fact) => ({
        kind: fact.kind,
        atMs: nowMs,
        body: fact,
        ...(causedBy === undefined ? {} : { causedBy }),
      })),
    );
    const actions = this.#takeAtOnce(result.actions);
    if (actions.length > 0) {
      const isUrgent = actions.some(({ kind }) => kind === "send");
      writer.whenDurable(() => this.#perform(actions), isUrgent ? 0 : PREPARE_PATIENCE_MS);
    }
    this.#reportLater(result.facts);
    for (const fact of result.facts) this.#noticed(fact);
  }

  /** Logging is for people and must not stand between a decision and its bytes. */
  #reportLater(facts: readonly FollowerFact[]): void {
    this.#unreported.push(...facts);
    this.#cancelReport ??= this.#options.clock.schedule(REPORT_DELAY_MS, () => this.#report());
  }

  #report(): void {
    this.#cancelReport?.();
    this.#cancelReport = undefined;
    for (const fact of this.#unreported.splice(0)) reportFact(this.#options.logger, fact);
  }

  /** Stops acting and waits for the commands under way, whose outcomes are still recorded. */
  async close(): Promise<void> {
    this.#settlement.close();
    this.#cancelWake?.();
    await this.#sender.close();
    this.#isClosed = true;
    this.#report();
  }

  /** What was prepared is durable already, and to look again needs no fact; the rest waits. */
  #takeAtOnce(actions: readonly Action[]): readonly SendingAction[] {
    const others: SendingAction[] = [];
    for (const action of actions) {
      // What is to be taken back may become durable, and leave, before this is.
      if (action.kind === "withdraw") this.#sender.forestall(action.correlationId);
      if (action.kind === "wake") this.#wakeAt(action.atMs);
      else if (action.kind !== "release") others.push(action);
      else if (!this.#sender.release(action.correlationId)) this.#options.writer.hurry();
    }
    return others;
  }

  /** Looks at everything again at this time, or sooner if that was arranged before. */
  #wakeAt(atMs: number): void {
    if (atMs >= this.#wakeAtMs || this.#isClosed) return;
    this.#cancelWake?.();
    this.#wakeAtMs = atMs;
    const { clock, writer } = this.#options;
    this.#cancelWake = clock.schedule(Math.max(1, atMs - clock.nowMs()), () => {
      this.#wakeAtMs = Number.POSITIVE_INFINITY;
      writer.turn(() => this.feed({ kind: "tick" }));
    });
  }

  #perform(actions: readonly SendingAction[]): void {
    for (const action of actions) {
      switch (action.kind) {
        case "send":
          this.#sender.send(action.approved);
          break;
        case "prepare":
          this.#sender.prepare(action.approved);
          break;
        case "withdraw":
          this.#sender.withdraw(action.correlationId);
          break;
        default:
          unreachable(action);
      }
    }
  }

  #answered(command: OrderCommand, outcome: CommandOutcome): void {
    const { correlationId, kind } = command;
    this.feed({ kind: "answered", correlationId, command: kind, outcome });
    if (outcome.kind !== "rejected") return;
    if (outcome.reason === "auth" || outcome.reason === "address") {
      this.feed({ kind: "suspended", reason: outcome.reason, text: outcome.text });
    }
  }

  /** What the facts mean for the rest of the loop. */
  #noticed(fact: FollowerFact): void {
    // At once, and not when it is durable: from then on nothing of it may leave any more.
    const isStop = fact.kind === "entriesStopped" || fact.kind === "suspended";
    if (isStop) this.#sender.withdrawEntries();
    if (fact.kind === "commandAnswered" && fact.outcome.kind === "unknown") {
      this.#settlement.watch(fact.correlationId);
      this.#options.requestBook();
    }
    const isRefusedCancel = fact.kind === "commandAnswered" && fact.command === "cancel";
    if (isRefusedCancel && isUnsettled(this.#state.children.get(fact.correlationId))) {
      this.#settlement.watch(fact.correlationId);
    }
    if (fact.kind === "restarted") {
      for (const child of this.#state.children.values()) {
        if (isUnsettled(child)) this.#settlement.watch(child.correlationId);
      }
    }
  }
}
