/**
 * One follower account's way to the broker: approved commands, by lane, paced by the rate budget.
 *
 * Keeps: a command is handed over only after its intent is durable (the caller's duty), is sent at
 * most once, and is never sent again; exits and cancels overtake entries; while entries are stopped
 * nothing that increases exposure leaves, whenever it was decided. Does not: decide.
 */
import { type CommandOutcome, callsOf, type OrderCommand } from "../core/model/command.ts";
import type { CorrelationId } from "../core/model/ids.ts";
import type { Approved, Lane } from "../core/risk/approve.ts";
import { unreachable } from "../platform/assert.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { RateBudget } from "./rate-budget.ts";

const LANES: readonly Lane[] = ["exit", "cancel", "modify", "entry"];
/** What may increase exposure: new entries, and changes that make one larger or dearer. */
const OPENING: readonly Lane[] = ["modify", "entry"];
/** How long the whole account rests after the broker said that it was asked too often. */
const THROTTLE_PAUSE_MS = 1_100;
/** Answers wait this long, so that in a burst what is still to be sent is sent first. */
const ANSWER_DELAY_MS = 10;

export interface SenderOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly budget: RateBudget;
  readonly onOutcome: (command: OrderCommand, outcome: CommandOutcome) => void;
  /** Asked at each command that may increase exposure, until the moment at which it leaves. */
  readonly areEntriesStopped: () => boolean;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #queues: Readonly<Record<Lane, Approved[]>> = {
    exit: [],
    cancel: [],
    modify: [],
    entry: [],
  };
  /** Placements that wait for their release, and releases that came before their placement. */
  readonly #prepared = new Map<CorrelationId, Approved>();
  readonly #releasedEarly = new Set<CorrelationId>();
  /** Placements that are to be taken back before they have come here: their intents are not durable yet. */
  readonly #withdrawnEarly = new Set<CorrelationId>();
  /** Placements that have left. */
  readonly #left = new Set<CorrelationId>();
  readonly #flying = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends now, or as soon as the budget of its lane allows. */
  send(approved: Approved): void {
    const isWithdrawn = this.#withdrawnEarly.delete(approved.command.correlationId);
    if (isWithdrawn || this.#mustNotLeave(approved)) return this.#withdrawn(approved);
    this.#queues[approved.lane].push(approved);
    this.#pump();
  }

  /** Keeps a durable placement ready. */
  prepare(approved: Approved): void {
    const { correlationId } = approved.command;
    const isReleased = this.#releasedEarly.delete(correlationId);
    const isWithdrawn = this.#withdrawnEarly.has(correlationId);
    if (isReleased || isWithdrawn || this.#mustNotLeave(approved)) this.send(approved);
    else this.#prepared.set(correlationId, approved);
  }

  /** Sends what was prepared, or lets it go as soon as it is: false when that is still to come. */
  release(correlationId: CorrelationId): boolean {
    const approved = this.#prepared.get(correlationId);
    if (approved === undefined) {
      this.#releasedEarly.add(correlationId);
      return false;
    }
    this.#prepared.delete(correlationId);
    this.send(approved);
    return true;
  }

  /** A placement whose intent is still being written is not to leave once it is. */
  forestall(correlationId: CorrelationId): void {
    if (this.#left.has(correlationId) || this.#prepared.has(correlationId)) return;
    const isQueued = LANES.some((lane) =>
      this.#queues[lane].some(({ command }) => command.correlationId === correlationId),
    );
    if (!isQueued) this.#withdrawnEarly.add(correlationId);
  }

  /** Takes a placement back that has not left yet; it then comes back as notSent. */
  withdraw(correlationId: CorrelationId): void {
    const prepared = this.#prepared.get(correlationId);
    if (prepared !== undefined) {
      this.#prepared.delete(correlationId);
      this.#withdrawn(prepared);
      return;
    }
    for (const lane of LANES) {
      const queue = this.#queues[lane];
      const at = queue.findIndex(
        ({ command }) => command.kind === "place" && command.correlationId === correlationId,
      );
      const [approved] = at < 0 ? [] : queue.splice(at, 1);
      if (approved === undefined) continue;
      this.#withdrawn(approved);
      return;
    }
  }

  /** Entries were stopped: takes back all that may increase exposure and has not left. */
  withdrawEntries(): void {
    const taken = [...this.#prepared.values()].filter((approved) => this.#mustNotLeave(approved));
    for (const { command } of taken) this.#prepared.delete(command.correlationId);
    for (const lane of OPENING) taken.push(...this.#queues[lane].splice(0));
    for (const approved of taken) this.#withdrawn(approved);
  }

  #mustNotLeave({ lane }: Approved): boolean {
    return OPENING.includes(lane) && this.#options.areEntriesStopped();
  }

  #withdrawn({ command }: Approved): void {
    const outcome = { kind: "notSent", text: "withdrawn before it was sent" } as const;
    this.#options.onOutcome(command, outcome);
  }

  /** Commands that wait for the budget. */
  get waiting(): number {
    return LANES.reduce((sum, lane) => sum + this.#queues[lane].length, 0);
  }

  /** Sends nothing more and waits for what is under way. What still waits was intended, not sent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await Promise.all(this.#flying);
  }

  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let soonestMs: number | undefined;
    for (const lane of LANES) {
      const queue = this.#queues[lane];
      while (queue.length > 0 && !this.#isClosed) {
        const [next] = queue;
        const calls = next === undefined ? 1 : callsOf(next.command);
        const waitMs = this.#options.budget.waitMs(lane, calls);
        if (waitMs > 0) {
          soonestMs = Math.min(soonestMs ?? waitMs, waitMs);
          break;
        }
        const approved = queue.shift();
        if (approved !== undefined) this.#fly(approved);
      }
    }
    if (soonestMs === undefined || this.#isClosed) return;
    this.#cancelTimer = this.#options.clock.schedule(soonestMs, () => this.#pump());
  }

  #fly({ lane, command }: Approved): void {
    if (command.kind === "place") this.#left.add(command.correlationId);
    const done = this.#options.budget.take(callsOf(command));
    // It may still wait for a connection: until its first byte leaves it can be called off.
    const mayLeave = OPENING.includes(lane) ? () => !this.#options.areEntriesStopped() : undefined;
    const flight = this.#ask(command, mayLeave).then(async (outcome) => {
      done();
      await this.#moment();
      this.#flying.delete(flight);
      if (outcome.kind === "unknown" && outcome.throttled) {
        this.#options.budget.pause(THROTTLE_PAUSE_MS);
      }
      this.#options.onOutcome(command, outcome);
      this.#pump();
    });
    this.#flying.add(flight);
  }

  /** News of the leader that came together with answers goes before them. */
  #moment(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.schedule(ANSWER_DELAY_MS, resolve);
    });
  }

  #ask(command: OrderCommand, mayLeave?: () => boolean): Promise<CommandOutcome> {
    const { broker } = this.#options;
    switch (command.kind) {
      case "place":
        return broker.place(command, mayLeave);
      case "modify":
        return broker.modify(command, mayLeave);
      case "cancel":
        return broker.cancel(command);
      default:
        return unreachable(command);
    }
  }
}
