/** What is wrong with the machine at present: its wall clock, its disk, and where it is to die. */
import type { EpochMs } from "../../../core/model/time.ts";
import type { Clock } from "../../../ports/clock.ts";

export type DeathPoint =
  | "dies-before-append"
  | "dies-after-append"
  | "dies-before-send"
  | "dies-after-send"
  | "dies-settling";

export class Machine {
  /** The wall clock is ahead of the broker's by so much. */
  wallOffsetMs = 0;
  /** How long an append takes, for those that have asked for it. */
  readonly slow = new Set<{ readonly ms: number }>();
  /** The disk is full as long as somebody says so. */
  readonly failing = new Set<object>();
  /** Where the process dies next; it is told of it and the point is gone. */
  readonly deaths = new Map<DeathPoint, () => void>();

  get appendMs(): number {
    return Math.max(0, ...[...this.slow].map(({ ms }) => ms));
  }

  get failure(): string | undefined {
    return this.failing.size > 0 ? "no space left on the device" : undefined;
  }

  reaches(point: DeathPoint): void {
    const death = this.deaths.get(point);
    this.deaths.delete(point);
    death?.();
  }

  /** The clock as a process reads it. */
  clockOver(clock: Clock): Clock {
    return {
      nowMs: () => (clock.nowMs() + this.wallOffsetMs) as EpochMs,
      monotonicMs: () => clock.monotonicMs(),
      schedule: (delayMs, callback) => clock.schedule(delayMs, callback),
    };
  }
}
