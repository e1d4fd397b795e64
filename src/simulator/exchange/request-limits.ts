/**
 * The broker's request limits of one account: order class 10 a second, 250 a minute, 1000 an hour,
 * 7000 a day; everything else 20 a second (official docs; the window's kind is not known).
 * A request that was refused for its rate does not count against the next one.
 */

interface WindowSpec {
  readonly spanMs: number;
  readonly most: number;
}

const ORDER_WINDOWS: readonly WindowSpec[] = [
  { spanMs: 1_000, most: 10 },
  { spanMs: 60_000, most: 250 },
  { spanMs: 3_600_000, most: 1_000 },
  { spanMs: 86_400_000, most: 7_000 },
];
const OTHER_WINDOWS: readonly WindowSpec[] = [{ spanMs: 1_000, most: 20 }];

/** Times that have not left the window yet, oldest first. */
class SlidingTimes {
  readonly spanMs: number;
  #times: number[] = [];
  #head = 0;

  constructor(spanMs: number) {
    this.spanMs = spanMs;
  }

  /** How many lie in the window that ends now. */
  count(nowMs: number): number {
    const oldest = nowMs - this.spanMs;
    while ((this.#times[this.#head] ?? Number.POSITIVE_INFINITY) <= oldest) this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return this.#times.length - this.#head;
  }

  /** How many lie in the current aligned window (each starts at a multiple of the span). */
  countFixed(nowMs: number): number {
    this.count(nowMs);
    const start = Math.floor(nowMs / this.spanMs) * this.spanMs;
    let found = 0;
    for (let at = this.#times.length - 1; at >= this.#head; at--) {
      if ((this.#times[at] ?? 0) < start) break;
      found += 1;
    }
    return found;
  }

  add(nowMs: number): void {
    this.#times.push(nowMs);
  }

  clear(): void {
    this.#times = [];
    this.#head = 0;
  }
}

class Windows {
  readonly #windows: readonly { readonly times: SlidingTimes; readonly most: number }[];

  constructor(specs: readonly WindowSpec[]) {
    this.#windows = specs.map(({ spanMs, most }) => ({ times: new SlidingTimes(spanMs), most }));
  }

  admits(nowMs: number, kind: "sliding" | "fixed"): boolean {
    return this.#windows.every(({ times, most }) => {
      const used = kind === "sliding" ? times.count(nowMs) : times.countFixed(nowMs);
      return used < most;
    });
  }

  add(nowMs: number): void {
    for (const { times } of this.#windows) times.add(nowMs);
  }

  clear(): void {
    for (const { times } of this.#windows) times.clear();
  }
}

export class RequestLimits {
  mode: "dhan" | "off";
  /** Largest number of order-class requests seen in any sliding second, refused ones included. */
  orderRequestsPerSecondMax = 0;
  readonly #order = new Windows(ORDER_WINDOWS);
  readonly #other = new Windows(OTHER_WINDOWS);
  readonly #seen = new SlidingTimes(1_000);

  constructor(mode: "dhan" | "off") {
    this.mode = mode;
  }

  /** Takes one request of the class at `nowMs` (monotonic); false when it breaks a limit. */
  take(isOrderClass: boolean, nowMs: number, window: "sliding" | "fixed"): boolean {
    if (isOrderClass) {
      this.#seen.add(nowMs);
      const perSecond = this.#seen.count(nowMs);
      if (perSecond > this.orderRequestsPerSecondMax) this.orderRequestsPerSecondMax = perSecond;
    }
    if (this.mode === "off") return true;
    const windows = isOrderClass ? this.#order : this.#other;
    if (!windows.admits(nowMs, window)) return false;
    windows.add(nowMs);
    return true;
  }

  /** A night has passed, though not on the monotonic clock: all that was counted is long ago. */
  clear(): void {
    this.#order.clear();
    this.#other.clear();
    this.#seen.clear();
  }
}
