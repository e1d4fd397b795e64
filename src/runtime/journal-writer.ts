/**
 * The one way into the journal while Tandem runs.
 *
 * Keeps: facts reach the store in the order in which they were recorded; whatever waits for them
 * (an order's bytes) goes only after the append that holds them has returned. While an append is
 * under way the next one gathers, so a slow store gets larger appends and not a longer queue.
 *
 * A fact that nothing waits for (an answer, a fill) may gather for a moment: if the process dies
 * meanwhile, the broker's books tell it again.
 *
 * When the store fails, nothing that waits is released: nothing is sent. The same append is tried
 * again until the store recovers, or another writer is found to own the stream.
 */

import { must } from "../platform/assert.ts";
import type { Clock } from "../ports/clock.ts";
import { type Journal, type NewEntry, SeqConflict, type StreamName } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";

/** How long a fact that nothing waits for may gather. */
const GATHER_MS = 100;
const RETRY_MS = 1_000;

export interface JournalWriterOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Another writer owns a stream of ours: this process must stop. */
  readonly onLost: (error: SeqConflict) => void;
}

interface Tail {
  /** Seq of the last entry that the store has. */
  stored: number;
  waiting: NewEntry[];
}

export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #tails = new Map<StreamName, Tail>();
  #afterwards: (() => void)[] = [];
  #depth = 0;
  #isUrgent = false;
  #isAppending = false;
  /** Settles with the append under way, and never rejects. */
  #appending: Promise<void> = Promise.resolve();
  #isLost = false;
  #failure: string | undefined;
  #cancelTimer: (() => void) | undefined;
  #dueAtMs = 0;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
  }

  /** Must be called once for each stream before anything is recorded in it. */
  open(stream: StreamName, lastSeq: number): void {
    this.#tails.set(stream, { stored: lastSeq, waiting: [] });
  }

  /** Seq that the next fact of the stream will have. */
  nextSeq(stream: StreamName): number {
    const tail = this.#tail(stream);
    return tail.stored + tail.waiting.length + 1;
  }

  /** What keeps the journal from being written, for the readiness report. */
  get failure(): string | undefined {
    return this.#failure;
  }

  record(stream: StreamName, entries: readonly NewEntry[]): void {
    this.#tail(stream).waiting.push(...entries);
    if (!this.#isAppending && this.#failure === undefined) this.#wait(GATHER_MS);
  }

  /** Everything that is recorded while `run` runs becomes one append. */
  turn(run: () => void): void {
    this.#depth += 1;
    try {
      run();
    } finally {
      this.#depth -= 1;
    }
    if (this.#depth === 0 && this.#isUrgent) this.flush();
  }

  /**
   * Runs `release` once everything recorded so far is durable. The append begins now, or at the end
   * of the turn; with patience, it may gather for that long unless something urgent comes.
   */
  whenDurable(release: () => void, patienceMs = 0): void {
    this.#afterwards.push(release);
    if (patienceMs === 0) this.hurry();
    else if (!this.#isAppending && this.#failure === undefined) this.#wait(patienceMs);
  }

  /** What was recorded with patience is wanted now. */
  hurry(): void {
    this.#isUrgent = true;
    if (this.#depth === 0) this.flush();
  }

  /** Appends what has gathered, unless an append is under way or has to be waited out. */
  flush(): void {
    if (this.#isAppending || this.#isLost || this.#failure !== undefined) return;
    this.#append();
  }

  /**
   * Resolves when nothing is waiting any more; rejects when the journal cannot be written, and then
   * tries no more. The last call.
   */
  async drain(): Promise<void> {
    while (this.#isAppending || this.#hasWaiting()) {
      if (this.#failure !== undefined || this.#isLost) {
        this.#cancelTimer?.();
        throw new Error(this.#failure ?? "the journal has another writer");
      }
      if (!this.#isAppending) this.#append();
      await this.#appending;
    }
  }

  #tail(stream: StreamName): Tail {
    return must(this.#tails.get(stream), `open stream ${stream}`);
  }

  #hasWaiting(): boolean {
    for (const tail of this.#tails.values()) if (tail.waiting.length > 0) return true;
    return false;
  }

  /** Appends after this long, or sooner if that was arranged before. */
  #wait(delayMs: number): void {
    const dueAtMs = this.#options.clock.monotonicMs() + delayMs;
    if (this.#cancelTimer !== undefined && this.#dueAtMs <= dueAtMs) return;
    this.#cancelTimer?.();
    this.#dueAtMs = dueAtMs;
    this.#cancelTimer = this.#options.clock.schedule(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#failure = undefined;
      this.flush();
    });
  }

  #append(): void {
    this.#isUrgent = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const taken = [...this.#tails].filter(([, tail]) => tail.waiting.length > 0);
    if (taken.length === 0) {
      this.#release();
      return;
    }
    const counts = taken.map(([, tail]) => tail.waiting.length);
    const appends = taken.map(([stream, tail]) => ({
      stream,
      expectedSeq: tail.stored,
      entries: tail.waiting.slice(),
    }));
    const released = this.#afterwards;
    this.#afterwards = [];
    this.#isAppending = true;
    this.#appending = this.#options.journal.append(appends).then(
      () => {
        this.#isAppending = false;
        for (const [index, [, tail]] of taken.entries()) {
          const count = counts[index] ?? 0;
          tail.stored += count;
          tail.waiting.splice(0, count);
        }
        for (const release of released) release();
        if (this.#afterwards.length > 0) this.flush();
        else if (this.#hasWaiting() && this.#cancelTimer === undefined) this.#wait(GATHER_MS);
      },
      (error: unknown) => {
        this.#isAppending = false;
        this.#afterwards = [...released, ...this.#afterwards];
        this.#fail(error);
      },
    );
  }

  #release(): void {
    const released = this.#afterwards;
    this.#afterwards = [];
    for (const release of released) release();
  }

  #fail(error: unknown): void {
    if (error instanceof SeqConflict) {
      this.#isLost = true;
      this.#failure = error.message;
      this.#options.onLost(error);
      return;
    }
    const text = error instanceof Error ? error.message : String(error);
    this.#options.logger.error("journal.appendFailed", { text, retryInMs: RETRY_MS });
    this.#wait(RETRY_MS);
    this.#failure = text;
  }
}
