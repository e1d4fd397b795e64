/**
 * Everything that is seen of one account, from both witnesses.
 *
 * The drop copy tells at once and forgets; the books are read when something may have been missed:
 * on every connect, shortly after news, while the stream is down, and now and then anyway. Quiet is
 * not dead and open is not alive, so neither is ever inferred from silence.
 *
 * Keeps: `isProved` is true only after a whole book and the positions were read since the stream
 * last came up; a book row older than a frame of the same order is not told. Does not: merge or
 * decide.
 */
import type { MoneyE4 } from "../core/model/money.ts";
import type { OrderObservation } from "../core/model/order.ts";
import { toEpochMs } from "../core/model/time.ts";
import { type NetUnits, toPositionKey, type Witness } from "../core/order/account-book.ts";
import { AssertionFault } from "../platform/assert.ts";
import {
  type Broker,
  BrokerFault,
  type DropCopy,
  type DropCopyEvent,
  type NetPosition,
} from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";

/** News of the account's orders. `startedAtMs` is when the read began, or the frame came. */
export interface OrdersSeen {
  readonly orders: readonly OrderObservation[];
  readonly witness: Witness;
  readonly startedAtMs: number;
  readonly isWhole: boolean;
}

export interface FeedListener {
  /** A read of the whole book begins now; what is returned comes back with its result. */
  bookStarting(): number;
  orders(seen: OrdersSeen): void;
  /** The whole book that began with this mark has been told. */
  bookRead(mark: number): void;
  /** `wanted`: what the last call of `forgetPositions` before the read began had returned. */
  positions(nets: readonly NetUnits[], wanted: number): void;
  /** What the account had at the start of the day. */
  capital(capital: MoneyE4): void;
  /** Books and positions have been told whole, also while the stream is down. */
  known(): void;
  /** Proved, in a gap, or refused: see `state`. */
  changed(): void;
  /** The broker refuses this account's token. */
  refused(text: string): void;
}

/** How often the books are read; all in milliseconds. */
export interface FeedCadence {
  /** After news, so that what the stream told is held against the book. */
  readonly afterNewsMs: number;
  readonly whileDownMs: number;
  readonly whileQuietMs: number;
  /** Where triggers are looked for: no stream tells of them, so they are seen by reading alone. */
  readonly triggersMs: number;
  readonly positionsMs: number;
  /** After a read that failed. */
  readonly afterFaultMs: number;
  readonly whileRefusedMs: number;
}

export const DEFAULT_CADENCE: FeedCadence = {
  afterNewsMs: 1_500,
  whileDownMs: 2_000,
  whileQuietMs: 15_000,
  triggersMs: 3_000,
  positionsMs: 30_000,
  afterFaultMs: 2_000,
  whileRefusedMs: 60_000,
};

export type FeedState = "starting" | "gap" | "proved" | "refused" | "stopped";

export interface AccountFeedOptions {
  readonly broker: Broker;
  readonly dropCopy: DropCopy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cadence: FeedCadence;
  /** Added to the wait after news: accounts that got it together need not read together. */
  readonly spreadMs: number;
  /** Which lists are read together with the order book, as things stand. */
  readonly lists: () => { readonly superOrders: boolean; readonly forever: boolean };
  /** A rule goes by the account's capital of the day, and it was not read yet. */
  readonly lacksCapital: () => boolean;
  readonly listener: FeedListener;
}

/** Frames younger than this beat book rows whose read began before them. */
const FRAME_MEMORY_MS = 60_000;
const POSITION_TRIES = 5;

/** Followers read their books one after another rather than all at the same moment. */
const SPREAD_STEP_MS = 37;
const SPREAD_MS_MAX = 2_000;

/** Of the account that is opened after so many others. */
export function spreadOf(position: number): number {
  return (position * SPREAD_STEP_MS) % SPREAD_MS_MAX;
}

export class AccountFeed {
  readonly #options: AccountFeedOptions;
  /** Monotonic: a wall clock that steps would make rows look overtaken that are not. */
  readonly #frameAtMs = new Map<string, number>();
  #state: FeedState = "starting";
  #isStreamUp = false;
  #isReading = false;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #positionsAtMs = Number.NEGATIVE_INFINITY;
  /** How often newer positions were wanted, and how often when the read of those that are known began. */
  #positionsWanted = 1;
  #positionsRead = 0;
  #problem = "not connected yet";
  /** Frames so far that told of fills. */
  #fillFrames = 0;
  /** Units of each order that frames and books have told of as filled. */
  readonly #heardFills = new Map<string, number>();
  /** The last positions were read before fills that the book has shown since. */
  #arePositionsOlder = false;

  constructor(options: AccountFeedOptions) {
    this.#options = options;
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Why the feed is not proved, for people. */
  get problem(): string {
    return this.#problem;
  }

  start(): void {
    this.#options.dropCopy.start((event) => this.#heard(event));
    this.requestBook(this.#options.cadence.whileDownMs);
  }

  async stop(): Promise<void> {
    this.#state = "stopped";
    this.#cancelTimer?.();
    await this.#options.dropCopy.stop();
  }

  /** The book will be read within `delayMs`, by a read that begins from now on. */
  requestBook(delayMs = 0): void {
    const atMs = this.#options.clock.monotonicMs() + delayMs;
    if (atMs < this.#dueAtMs) this.#dueAtMs = atMs;
    this.#arrange();
  }

  /** What is known of the positions is too old: they are read at once, by a read that begins from now on. */
  forgetPositions(): number {
    this.#positionsWanted += 1;
    this.requestBook();
    return this.#positionsWanted;
  }

  #arrange(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#isReading || this.#state === "stopped") return;
    if (this.#dueAtMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(0, this.#dueAtMs - this.#options.clock.monotonicMs());
    this.#cancelTimer = this.#options.clock.schedule(waitMs, () => {
      this.#cancelTimer = undefined;
      void this.#read();
    });
  }

  #heard(event: DropCopyEvent): void {
    if (this.#state === "stopped") return;
    switch (event.kind) {
      case "up":
        this.#isStreamUp = true;
        this.#move("gap", "the books are being read");
        this.requestBook();
        return;
      case "down":
        this.#isStreamUp = false;
        this.#move("gap", `the order stream is down: ${event.text}`);
        this.requestBook();
        return;
      case "refused":
        this.#isStreamUp = false;
        this.#refuse(event.text);
        return;
      case "order": {
        const { observation } = event;
        this.#frameAtMs.set(observation.brokerOrderId, this.#options.clock.monotonicMs());
        if (observation.filledQuantity > 0) this.#fillFrames += 1;
        this.#heardFills.set(observation.brokerOrderId, observation.filledQuantity);
        this.#options.listener.orders({
          orders: [observation],
          witness: "stream",
          startedAtMs: this.#options.clock.nowMs(),
          isWhole: false,
        });
        this.requestBook(this.#options.cadence.afterNewsMs + this.#options.spreadMs);
        return;
      }
      case "unreadable":
        this.#unreadable(event);
        this.requestBook();
        return;
    }
  }

  /** An order that cannot be read is not copied: a person must hear of it. */
  #unreadable({ text, isOrder }: Extract<DropCopyEvent, { kind: "unreadable" }>): void {
    const { logger } = this.#options;
    if (isOrder) logger.error("stream.unreadable", { text });
    else logger.warn("stream.unreadable", { text });
  }

  #move(state: FeedState, problem: string): void {
    if (this.#state === "stopped") return;
    const isSame = this.#state === state && this.#problem === problem;
    this.#state = state;
    this.#problem = problem;
    if (!isSame) this.#options.listener.changed();
  }

  #refuse(text: string): void {
    this.#move("refused", text);
    this.#options.listener.refused(text);
  }

  async #read(): Promise<void> {
    const { cadence } = this.#options;
    this.#isReading = true;
    this.#dueAtMs = Number.POSITIVE_INFINITY;
    const wasUp = this.#isStreamUp;
    const { whileQuietMs, triggersMs } = cadence;
    let nextMs = this.#options.lists().forever ? Math.min(whileQuietMs, triggersMs) : whileQuietMs;
    try {
      const rows = await this.#readBook();
      const ageMs = this.#options.clock.monotonicMs() - this.#positionsAtMs;
      const isStale = ageMs > cadence.positionsMs || !this.#arePositionsKnown;
      const mustRead = isStale || this.#arePositionsOlder || this.#state !== "proved";
      if (mustRead) await this.#readPositions(rows);
      if (this.#options.lacksCapital()) await this.#readCapital();
      this.#options.listener.known();
      if (wasUp && this.#isStreamUp) this.#move("proved", "");
      else nextMs = cadence.whileDownMs;
    } catch (error) {
      nextMs = this.#failed(error);
    }
    this.#isReading = false;
    if (this.#isStreamUp !== wasUp) nextMs = 0;
    this.requestBook(nextMs);
  }

  /** Those that were wanted last, or newer ones. */
  get #arePositionsKnown(): boolean {
    return this.#positionsRead === this.#positionsWanted;
  }

  /** The delay until the next try. */
  #failed(error: unknown): number {
    const { cadence, logger } = this.#options;
    // A bug of ours met on the way is no trouble of the broker's: it must end the process.
    if (error instanceof AssertionFault) throw error;
    if (this.#state === "stopped") return cadence.whileRefusedMs;
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof BrokerFault && error.reason === "auth") {
      this.#refuse(text);
      return cadence.whileRefusedMs;
    }
    logger.warn("books.readFailed", { text });
    if (this.#state !== "proved") this.#move("gap", `the books cannot be read: ${text}`);
    return cadence.afterFaultMs;
  }

  async #readBook(): Promise<readonly OrderObservation[]> {
    const { clock, listener } = this.#options;
    const startedAtMs = clock.nowMs();
    const beganMs = clock.monotonicMs();
    const mark = listener.bookStarting();
    const rows = await this.#readRows();
    if (this.#state === "stopped") return rows;
    const isOvertaken = (row: OrderObservation) =>
      (this.#frameAtMs.get(row.brokerOrderId) ?? Number.NEGATIVE_INFINITY) >= beganMs;
    // A row that a younger frame has overtaken still shows that the order is there.
    const orders = rows.map((row) => (isOvertaken(row) ? withoutNews(row) : row));
    const isBehind = rows.some(isOvertaken);
    this.#forgetFrames(beganMs - FRAME_MEMORY_MS);
    listener.orders({ orders, witness: "book", startedAtMs, isWhole: true });
    if (isBehind) this.requestBook(this.#options.cadence.afterNewsMs);
    // Positions that were read before may have had these fills in them already: they are read again
    // before anything that waits for the books is decided.
    this.#arePositionsOlder = this.#hasUnheardFills(rows);
    if (!this.#arePositionsOlder) listener.bookRead(mark);
    return rows;
  }

  /** A book that was behind shows fills that no frame has told of. */
  #hasUnheardFills(rows: readonly OrderObservation[]): boolean {
    let isNews = false;
    for (const { brokerOrderId, filledQuantity } of rows) {
      if (filledQuantity <= (this.#heardFills.get(brokerOrderId) ?? 0)) continue;
      isNews = true;
      this.#heardFills.set(brokerOrderId, filledQuantity);
    }
    return isNews;
  }

  /**
   * The lists are asked for when the book has come, not beside it: an order of the book that came
   * between two reads would be missing from a list that was read first, and pass for a plain one.
   */
  async #readRows(): Promise<readonly OrderObservation[]> {
    const { broker, lists } = this.#options;
    const wanted = lists();
    const rows = await broker.orders();
    const [superOrders, triggers] = await Promise.all([
      wanted.superOrders ? broker.superOrders() : [],
      wanted.forever ? broker.foreverOrders() : [],
    ]);
    return [...withGroups(rows, superOrders), ...triggers];
  }

  /** Entries that go by it are refused without; nothing else is, so the books count all the same. */
  async #readCapital(): Promise<void> {
    const { broker, listener, logger } = this.#options;
    try {
      const { startOfDay } = await broker.funds();
      if (this.#state !== "stopped") listener.capital(startOfDay);
    } catch (error) {
      if (!(error instanceof BrokerFault) || error.reason === "auth") throw error;
      logger.warn("funds.readFailed", { text: error.message });
    }
  }

  #forgetFrames(beforeMs: number): void {
    for (const [id, atMs] of this.#frameAtMs) if (atMs < beforeMs) this.#frameAtMs.delete(id);
  }

  /**
   * Positions carry no time, so they count only when nothing filled around the read: the book is the
   * same before and after, and no frame told of a fill. A busy account may take a few tries; once its
   * positions are known, the next cadence is soon enough.
   */
  async #readPositions(bookBefore: readonly OrderObservation[]): Promise<void> {
    const { broker, clock, listener } = this.#options;
    let before = bookBefore;
    for (let attempt = 0; attempt < POSITION_TRIES; attempt += 1) {
      const fillFrames = this.#fillFrames;
      const wanted = this.#positionsWanted;
      const [positions, holdings] = await Promise.all([broker.positions(), broker.holdings()]);
      const after = await this.#readBook();
      if (this.#state === "stopped") return;
      if (fillsOf(before) === fillsOf(after) && fillFrames === this.#fillFrames) {
        this.#positionsAtMs = clock.monotonicMs();
        this.#positionsRead = wanted;
        listener.positions(netsOf([...positions, ...holdings]), wanted);
        return;
      }
      before = after;
    }
    if (this.#arePositionsKnown) return;
    throw new Error("the account trades too busily to read its positions; trying again");
  }
}

/** The book's rows, those that are entries of Super Orders named so and with their levels. */
function withGroups(
  rows: readonly OrderObservation[],
  superOrders: readonly OrderObservation[],
): OrderObservation[] {
  const entries = new Map(superOrders.map((entry) => [entry.brokerOrderId, entry]));
  const named = rows.map((row): OrderObservation => {
    const entry = entries.get(row.brokerOrderId);
    if (entry === undefined) return row;
    entries.delete(row.brokerOrderId);
    return { ...row, family: entry.family, ...(entry.levels && { levels: entry.levels }) };
  });
  return [...named, ...entries.values()];
}

/** The same order, saying nothing that an older read could get wrong. */
function withoutNews(row: OrderObservation): OrderObservation {
  return { ...row, status: "transit", filledQuantity: 0, updatedAtMs: toEpochMs(0) };
}

function fillsOf(rows: readonly OrderObservation[]): string {
  return rows
    .filter((row) => row.filledQuantity > 0)
    .map((row) => `${row.brokerOrderId}=${row.filledQuantity}`)
    .sort()
    .join();
}

function netsOf(rows: readonly NetPosition[]): NetUnits[] {
  const nets = new Map<NetUnits["key"], number>();
  for (const row of rows) {
    const key = toPositionKey(row.instrument, row.product);
    nets.set(key, (nets.get(key) ?? 0) + row.net);
  }
  return [...nets].filter(([, net]) => net !== 0).map(([key, net]) => ({ key, net }));
}
