/**
 * The watch over commands whose outcome is unknown: they are looked up, never sent again.
 *
 * An unknown placement is looked up by its correlation id and searched in the whole book; an unknown
 * modification or cancel is settled by reading its order. The looks go on, further and further apart,
 * until evidence ends the unknown; nothing ever ends by age alone. What counts as evidence is the
 * core's to say.
 */
import type { CorrelationId } from "../core/model/ids.ts";
import type { Child } from "../core/order/child.ts";
import type { FollowerState } from "../core/order/follower-state.ts";
import type { FollowerInput } from "../core/step.ts";
import { AssertionFault } from "../platform/assert.ts";
import type { Broker } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

/** Waits between the looks at one order; the last one repeats. */
const LOOK_DELAYS_MS: readonly number[] = [250, 500, 1_000, 2_000, 3_000, 5_000];
/** Looks of one account are spaced: reads have their own budget, of 20 a second. */
const SPACING_MS = 100;

export interface SettlementOptions {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly state: () => FollowerState;
  readonly feed: (input: FollowerInput) => void;
  readonly requestBook: () => void;
}

interface Watch {
  looks: number;
  dueAtMs: number;
}

export class Settlement {
  readonly #options: SettlementOptions;
  readonly #watched = new Map<CorrelationId, Watch>();
  #isLooking = false;
  #isClosed = false;
  #cancelTimer: (() => void) | undefined;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** Orders that are being looked for. */
  get size(): number {
    return this.#watched.size;
  }

  watch(correlationId: CorrelationId): void {
    if (this.#watched.has(correlationId)) return;
    const dueAtMs = this.#options.clock.monotonicMs() + (LOOK_DELAYS_MS[0] ?? 0);
    this.#watched.set(correlationId, { looks: 0, dueAtMs });
    this.#arrange();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
  }

  #arrange(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#isLooking || this.#isClosed || this.#watched.size === 0) return;
    const soonestMs = Math.min(...[...this.#watched.values()].map((watch) => watch.dueAtMs));
    const waitMs = Math.max(SPACING_MS, soonestMs - this.#options.clock.monotonicMs());
    this.#cancelTimer = this.#options.clock.schedule(waitMs, () => {
      this.#cancelTimer = undefined;
      void this.#lookAtNext();
    });
  }

  async #lookAtNext(): Promise<void> {
    const { clock, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    const due = [...this.#watched].find(([, watch]) => watch.dueAtMs <= nowMs);
    if (due !== undefined) {
      const [id, watch] = due;
      this.#isLooking = true;
      try {
        await this.#look(id);
      } catch (error) {
        if (error instanceof AssertionFault) throw error;
        logger.warn("settlement.lookFailed", { correlationId: id, text: String(error) });
      }
      this.#isLooking = false;
      watch.looks += 1;
      const delayMs = LOOK_DELAYS_MS[Math.min(watch.looks, LOOK_DELAYS_MS.length - 1)] ?? 0;
      watch.dueAtMs = clock.monotonicMs() + delayMs;
      if (!isUnsettled(this.#options.state().children.get(id))) this.#watched.delete(id);
    }
    this.#arrange();
  }

  async #look(correlationId: CorrelationId): Promise<void> {
    const { broker, clock, state, feed, requestBook } = this.#options;
    const child = state().children.get(correlationId);
    if (child === undefined || !isUnsettled(child)) return;
    const startedAtMs = clock.nowMs();
    if (child.state === "unknown") {
      const order = await broker.orderByCorrelationId(correlationId);
      if (this.#isClosed) return;
      feed({
        kind: "lookedUp",
        correlationId,
        startedAtMs,
        ...(order === undefined ? {} : { order }),
      });
      if (order === undefined) requestBook();
      return;
    }
    if (child.brokerOrderId === undefined) return;
    // A leg's levels are told by the list of groups alone, which is read with the book.
    if (child.pending?.leg !== undefined) return requestBook();
    const order = await broker.order(child.brokerOrderId);
    if (this.#isClosed) return;
    if (order === undefined) requestBook();
    else feed({ kind: "orderRead", correlationId, startedAtMs, order });
  }
}

/** Needs a look: its own outcome, or that of a change to it, is unknown. */
export function isUnsettled(child: Child | undefined): boolean {
  return child !== undefined && (child.state === "unknown" || child.pending?.phase === "unknown");
}
