/**
 * Threads that play days. A day that throws where nobody can catch it (in a callback of a promise that
 * was left alone) takes its thread along: it counts as broken, and another thread takes its place.
 */
import { Worker } from "node:worker_threads";
import type { PlayedDay, Trial } from "./trial.ts";

const DAY_MS_MAX = 30_000;

interface Waiting {
  readonly trial: Trial;
  readonly resolve: (day: PlayedDay) => void;
  readonly reject: (reason: Error) => void;
}

export class DayPlayers {
  readonly #players = new Set<DayPlayer>();
  readonly #queue: Waiting[] = [];
  readonly #threads: number;
  #isClosed = false;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Rejects only when it is closed before the day is over. */
  play(trial: Trial): Promise<PlayedDay> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) reject(new Error("closed"));
      this.#queue.push({ trial, resolve, reject });
      this.#next();
    });
  }

  /** Ends at once; days that are being played are left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new Error("closed"));
    await Promise.all([...this.#players].map((player) => player.end()));
  }

  #next(): void {
    if (this.#isClosed || this.#queue.length === 0) return;
    const player = [...this.#players].find(({ isIdle }) => isIdle) ?? this.#begin();
    const waiting = player && this.#queue.shift();
    if (waiting === undefined) return;
    const { trial, resolve, reject } = waiting;
    player?.play(trial, (day) => {
      if (!player.isIdle) this.#players.delete(player);
      if (day !== undefined && !this.#isClosed) resolve(day);
      else reject(new Error("closed"));
      this.#next();
    });
  }

  #begin(): DayPlayer | undefined {
    if (this.#players.size >= this.#threads) return undefined;
    const player = new DayPlayer();
    this.#players.add(player);
    return player;
  }
}

/** One thread, and the day that it plays. */
class DayPlayer {
  readonly #worker = new Worker(new URL("./day-worker.ts", import.meta.url));
  #done: ((day: PlayedDay | undefined) => void) | undefined;
  #trial: Trial | undefined;
  #startedAtMs = 0;
  #deadline: NodeJS.Timeout | undefined;
  #isGone = false;
  #why = "the thread ended";

  constructor() {
    this.#worker.on("message", (day: PlayedDay) => this.#settle(day));
    this.#worker.on("error", (error) => {
      this.#why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    this.#worker.on("exit", () => {
      this.#isGone = true;
      const tookMs = performance.now() - this.#startedAtMs;
      if (this.#trial !== undefined) this.#settle(crashedDay(this.#trial, this.#why, tookMs));
    });
  }

  get isIdle(): boolean {
    return !this.#isGone && this.#trial === undefined;
  }

  /** `done` is called once, whatever becomes of the thread. */
  play(trial: Trial, done: (day: PlayedDay | undefined) => void): void {
    this.#trial = trial;
    this.#done = done;
    this.#startedAtMs = performance.now();
    this.#deadline = setTimeout(() => {
      this.#why = `it is not over after ${DAY_MS_MAX} ms`;
      void this.#worker.terminate();
    }, DAY_MS_MAX);
    this.#worker.postMessage(trial);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(day: PlayedDay): void {
    clearTimeout(this.#deadline);
    const done = this.#done;
    this.#trial = undefined;
    this.#done = undefined;
    done?.(day);
  }
}

function crashedDay({ seed }: Trial, why: string, tookMs: number): PlayedDay {
  const broken = [`crash at 0: ${why}`];
  return {
    seed,
    broken,
    traceHash: "",
    events: 0,
    virtualMs: 0,
    tookMs,
    faults: {},
    lists: {},
    story: [],
  };
}
