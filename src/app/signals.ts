/** The operator's wish to stop, as a promise. */

/**
 * Ctrl-C reaches a whole group of processes, and npm and bin/tandem.js pass it on besides: one wish
 * arrives as several signals within milliseconds.
 */
const ECHO_MS = 500;

/** Exit code of a process that had to be told twice: 128 and the number of SIGINT. */
const EXIT_IMPATIENT = 130;

/**
 * Resolves at the first SIGINT or SIGTERM. A later one ends the process at once: a stop that
 * hangs must not need SIGKILL, and recovery deals with what was under way.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const stop = () => {
      const nowMs = performance.now();
      firstAtMs ??= nowMs;
      if (nowMs - firstAtMs > ECHO_MS) process.exit(EXIT_IMPATIENT);
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

/**
 * Ends the process when the launcher that started it on the pinned Node has gone, also by SIGKILL: as
 * abruptly as the launcher itself, since recovery deals with what was under way.
 */
export function endWithLauncher(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment.TANDEM_LAUNCHED === undefined || process.channel == null) return;
  process.on("disconnect", () => process.exit(EXIT_IMPATIENT));
  process.channel.unref();
}
