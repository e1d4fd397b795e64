/**
 * When Tandem could not be expected to act for an account: the process was down, the wire or the
 * journal was struck. What went wrong in spite of a long undisturbed stretch has no such excuse.
 */
import type { Clock } from "../../../ports/clock.ts";

interface Span {
  readonly name: string | undefined;
  readonly fromMs: number;
  untilMs: number;
}

export class Troubles {
  readonly #clock: Clock;
  readonly #spans: Span[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Trouble of an account, or of all; the returned function ends it. */
  begins(name?: string): () => void {
    const span: Span = { name, fromMs: this.#clock.monotonicMs(), untilMs: Infinity };
    this.#spans.push(span);
    return () => {
      span.untilMs = Math.min(span.untilMs, this.#clock.monotonicMs());
    };
  }

  /** Longest stretch between the two moments (monotonic) in which none of the accounts had any. */
  quietMs(names: readonly string[], fromMs: number, toMs: number): number {
    const spans = this.#spans
      .filter(({ name }) => name === undefined || names.includes(name))
      .filter((span) => span.untilMs > fromMs && span.fromMs < toMs)
      .sort((a, b) => a.fromMs - b.fromMs);
    let longest = 0;
    let quietSinceMs = fromMs;
    for (const span of spans) {
      longest = Math.max(longest, span.fromMs - quietSinceMs);
      quietSinceMs = Math.max(quietSinceMs, span.untilMs);
    }
    return Math.max(longest, toMs - quietSinceMs);
  }
}
