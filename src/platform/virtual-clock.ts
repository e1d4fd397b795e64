/**
 * Time for simulations: it stands still while code runs, and jumps to what is due next.
 *
 * Each callback is a turn of its own: before the next one runs, every promise that it settled has
 * run its chain to the end. For that the callbacks are run out of setImmediate, which Node follows
 * with the whole microtask queue, however long the chains are; counting awaits would tie the result
 * to how many there happen to be in the code. Several immediates are asked for at once, since a
 * loop turn of Node costs more than most callbacks.
 *
 * Keeps: callbacks run in the order of their due time, then of their scheduling, so that the same
 * program does the same thing. Does not: wait for what is not on this clock (files, sockets, real
 * timers); such things have no place in a simulation.
 */
import type { EpochMs } from "../core/model/time.ts";
import type { Clock } from "../ports/clock.ts";
import { assert } from "./assert.ts";
import { DueQueue } from "./due-queue.ts";

export interface VirtualClock extends Clock {
  /**
   * Runs what is due, and lets time pass, for `forMs`. Rejects with what a callback throws. Only one
   * run at a time.
   */
  run(forMs: number): Promise<void>;
  /**
   * Runs until the condition holds, asked before each callback; resolves to whether it did within
   * `atMostMs`. Time stands where the condition was met.
   */
  runUntil(condition: () => boolean, atMostMs: number): Promise<boolean>;
  /**
   * The machine sleeps: its wall clock is `forMs` later when it wakes, and nothing was due meanwhile
   * (as of a suspended computer, whose monotonic time stands still).
   */
  sleep(forMs: number): void;
  /** Callbacks run so far. */
  readonly turns: number;
  /** Callbacks that wait. */
  readonly waiting: number;
}

/** Turns asked for at once. */
const BATCH = 64;
/** More callbacks than this at one instant mean that one reschedules itself without delay. */
const TURNS_PER_INSTANT_MAX = 100_000;

/** Starts at `startMs` (epoch milliseconds); its monotonic time starts at 0. */
export function virtualClock(startMs: number): VirtualClock {
  assert(Number.isSafeInteger(startMs), () => `not epoch milliseconds: ${startMs}`);
  return new QueueClock(startMs);
}

/** Whole microseconds, so that what is left of a deadline is never too small to pass. */
function dueAfter(elapsedMs: number, delayMs: number): number {
  if (delayMs <= 0) return elapsedMs;
  const elapsedMicros = Math.round(elapsedMs * 1_000);
  return (elapsedMicros + Math.max(1, Math.round(delayMs * 1_000))) / 1_000;
}

class QueueClock implements VirtualClock {
  #startMs: number;
  readonly #queue = new DueQueue();
  #elapsedMs = 0;
  #turns = 0;
  #turnsAtInstant = 0;
  #isRunning = false;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  get turns(): number {
    return this.#turns;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  nowMs(): EpochMs {
    return Math.floor(this.#startMs + this.#elapsedMs) as EpochMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    return this.#queue.add(dueAfter(this.#elapsedMs, delayMs), callback);
  }

  async run(forMs: number): Promise<void> {
    assert(forMs >= 0, () => `time does not go back: ${forMs}`);
    const untilMs = this.#elapsedMs + forMs;
    await this.#turnUntil(() => false, untilMs);
    this.#elapsedMs = untilMs;
  }

  async runUntil(condition: () => boolean, atMostMs: number): Promise<boolean> {
    const untilMs = this.#elapsedMs + atMostMs;
    const isMet = await this.#turnUntil(condition, untilMs);
    if (!isMet) this.#elapsedMs = untilMs;
    return isMet;
  }

  sleep(forMs: number): void {
    assert(Number.isSafeInteger(forMs) && forMs >= 0, () => `no time to sleep: ${forMs}`);
    this.#startMs += forMs;
  }

  /** Whether the condition was met before everything up to `untilMs` had run. */
  #turnUntil(condition: () => boolean, untilMs: number): Promise<boolean> {
    assert(!this.#isRunning, "the clock is already running");
    this.#isRunning = true;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const turn = () => {
        if (isOver) return;
        try {
          const isMet = condition();
          isOver = isMet || !this.#turn(untilMs);
          if (!isOver) return;
          this.#isRunning = false;
          resolve(isMet);
        } catch (error) {
          isOver = true;
          this.#isRunning = false;
          reject(error);
        }
      };
      const batch = () => {
        for (let count = 1; count < BATCH; count += 1) setImmediate(turn);
        setImmediate(() => {
          turn();
          if (!isOver) batch();
        });
      };
      batch();
    });
  }

  /** Runs the next callback; false when none is due by `untilMs`. */
  #turn(untilMs: number): boolean {
    const due = this.#queue.take(untilMs);
    if (due === undefined) return false;
    this.#count(due.dueMs);
    this.#elapsedMs = Math.max(this.#elapsedMs, due.dueMs);
    due.callback();
    return true;
  }

  #count(dueMs: number): void {
    this.#turns += 1;
    this.#turnsAtInstant = dueMs > this.#elapsedMs ? 0 : this.#turnsAtInstant + 1;
    assert(
      this.#turnsAtInstant < TURNS_PER_INSTANT_MAX,
      "a callback reschedules itself without delay",
    );
  }
}
