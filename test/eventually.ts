import { setTimeout as delay } from "node:timers/promises";

export interface EventuallyOptions {
  /** How long the condition may take; 5 seconds unless told. */
  readonly deadlineMs?: number;
  /** Said when it never holds: "the second copy". */
  readonly what: string;
}

const POLL_MS = 5;

/**
 * Waits until `condition` gives something other than undefined, null or false, and resolves to it.
 * Rejects at the deadline, with the condition's own last error as the cause. The only wait in tests.
 */
export async function eventually<T>(
  condition: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  options: EventuallyOptions,
): Promise<T> {
  const deadlineMs = options.deadlineMs ?? 5_000;
  const startedMs = performance.now();
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() - startedMs >= deadlineMs) {
      throw new Error(`not within ${deadlineMs} ms: ${options.what}`, { cause });
    }
    await delay(POLL_MS);
  }
}
