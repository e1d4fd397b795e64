/**
 * Whether a connection lives: asks every so often, and gives up when nothing has answered.
 *
 * It knows two things to do ("ping" and "give up") and nothing about sockets. Silence of the data is
 * normal for hours, so only signs of life count.
 */
import type { Clock } from "../../ports/clock.ts";

export interface LivenessOptions {
  readonly clock: Clock;
  readonly pingEveryMs: number;
  /** Silence after which the connection is given up. */
  readonly staleAfterMs: number;
  readonly ping: () => void;
  /** Called once; the watch is over then. */
  readonly giveUp: (silentMs: number) => void;
}

export interface Liveness {
  /** Something came that proves the other side alive. */
  signOfLife(): void;
  /** May be called more than once, and leaves no timer behind. */
  stop(): void;
}

/** Watches from now on. */
export function watchLiveness(options: LivenessOptions): Liveness {
  const { clock, pingEveryMs, staleAfterMs } = options;
  let lastSignMs = clock.monotonicMs();
  let cancelPing = clock.schedule(pingEveryMs, ping);
  let cancelDeadline = clock.schedule(staleAfterMs, checkDeadline);

  function ping(): void {
    cancelPing = clock.schedule(pingEveryMs, ping);
    options.ping();
  }

  /** One timer that is set anew when it fires, instead of one for every sign of life. */
  function checkDeadline(): void {
    const silentMs = clock.monotonicMs() - lastSignMs;
    if (silentMs < staleAfterMs) {
      cancelDeadline = clock.schedule(staleAfterMs - silentMs, checkDeadline);
      return;
    }
    stop();
    options.giveUp(silentMs);
  }

  function stop(): void {
    cancelPing();
    cancelDeadline();
  }

  return {
    signOfLife: () => {
      lastSignMs = clock.monotonicMs();
    },
    stop,
  };
}
