/**
 * The broker of all shadow followers of this process: a paper book that is written down as it goes.
 *
 * Keeps: an input is in the log before it is taken, and what the log holds when a process begins is
 * taken again first, so that a restart finds the same orders under the same numbers. A write call is
 * answered when its line outlives a loss of power; prices are written, and not waited for.
 * Does not: reach any network. Its transports end in this process.
 */
import type { InstrumentKey } from "../../core/model/ids.ts";
import type { Instrument } from "../../core/model/instrument.ts";
import { E4_PER_RUPEE, type MoneyE4 } from "../../core/model/money.ts";
import type { OrderObservation } from "../../core/model/order.ts";
import { must } from "../../platform/assert.ts";
import { canonicalJson } from "../../platform/canonical-json.ts";
import { steadyClock } from "../../platform/steady-clock.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import {
  type HttpReply,
  type HttpRequest,
  type HttpTransport,
  type SocketTransport,
  TransportFault,
} from "../../ports/transport.ts";
import type { AccountTruth } from "../../simulator/index.ts";
import { priceToldBy } from "./leader-price.ts";
import { openPaper } from "./open-paper.ts";
import { CAPITAL_MAX, clientIdOf, type PaperBook, PRICE_MAX, tokenOf } from "./paper-book.ts";
import { paperContract } from "./paper-contract.ts";
import type { PaperHours, PaperInput, PaperLog } from "./paper-log.ts";

export interface PaperExchangeOptions {
  /** Where the inputs are written down. */
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
  /** For a file that does not exist yet; an existing one knows its own. */
  readonly hours: PaperHours;
  readonly instrument: (key: InstrumentKey) => Instrument | undefined;
}

/** What a client of the paper exchange needs. */
export interface PaperAccess {
  readonly clientId: string;
  readonly accessToken: string;
  readonly transports: { readonly http: HttpTransport; readonly sockets: SocketTransport };
}

/** An input before it has its time. */
type Asked<Input = PaperInput> = Input extends PaperInput ? Omit<Input, "atMs"> : never;

export class PaperExchange implements AsyncDisposable {
  readonly #options: PaperExchangeOptions;
  readonly #log: PaperLog;
  readonly #book: PaperBook;
  readonly #machine: Clock;
  #isFailing = false;

  private constructor(options: PaperExchangeOptions, log: PaperLog, book: PaperBook) {
    this.#options = options;
    this.#log = log;
    this.#book = book;
    const machine = steadyClock(options.clock);
    machine.hasBeen(book.clock.nowMs());
    this.#machine = machine;
    book.clock.follow(machine);
  }

  /** Throws an AppError when the file cannot be understood, and what the disk says. */
  static open(options: PaperExchangeOptions): PaperExchange {
    const { log, book } = openPaper(options);
    return new PaperExchange(options, log, book);
  }

  /** The account has a paper book, of this start or an earlier one. */
  hasAccount(account: string): boolean {
    return this.#book.hasAccount(account);
  }

  /** All that the account has on paper. */
  truth(account: string): AccountTruth {
    return this.#book.truth(account);
  }

  /** What the account has to trade with from now on; the first time makes it. */
  fund(account: string, capital: MoneyE4): void {
    const rupees = Math.min(Math.max(0, capital / E4_PER_RUPEE), CAPITAL_MAX);
    this.#take({ kind: "funded", account, capital: rupees });
  }

  /** Of an account that was funded. */
  access(account: string): PaperAccess {
    const { http, sockets } = this.#book.link(account);
    const read = (request: HttpRequest, timeoutMs: number) =>
      this.#next(() => {
        this.#book.clock.moveTo(this.#machine.nowMs());
        const reply = http.request(request, { timeoutMs });
        this.#book.settle();
        return reply;
      });
    return {
      clientId: clientIdOf(account),
      accessToken: tokenOf(account),
      transports: {
        sockets,
        http: {
          request: (request, { timeoutMs }) =>
            request.method === "GET" ? read(request, timeoutMs) : this.#call(account, request),
          close: () => http.close(),
        },
      },
    };
  }

  /**
   * A leader's order, as it was just seen: what it tells of prices is what the market is from now on.
   * `traded`: the contracts that followers trade for the leader's, his own among them.
   */
  leaderOrderSeen(leader: string, order: OrderObservation, traded: Iterable<InstrumentKey>): void {
    for (const key of traded) {
      const instrument = this.#options.instrument(key);
      if (instrument === undefined) continue;
      const { tick } = instrument;
      const name = `${leader}/${order.brokerOrderId}/${key}`;
      const lastE4 = this.#book.priceE4(key);
      const isPriced = lastE4 !== undefined;
      const toldUnits = this.#book.toldUnits(name);
      const told = priceToldBy(order, { isPriced, toldUnits, tick });
      if (told === undefined || told.priceE4 > PRICE_MAX * E4_PER_RUPEE) continue;
      const { priceE4, filledUnits } = told;
      const isNews = lastE4 !== priceE4 || !this.#book.isPricedToday(key);
      if (filledUnits === undefined && !isNews) continue;
      this.#list(instrument);
      const fill = filledUnits === undefined ? {} : { fill: { order: name, units: filledUnits } };
      this.#take({ kind: "priced", contract: key, price: priceE4, ...fill });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#book.close();
    this.#log[Symbol.dispose]();
  }

  #list(instrument: Instrument): void {
    const contract = paperContract(instrument);
    const known = this.#book.contract(instrument.key);
    if (known !== undefined && canonicalJson(known) === canonicalJson(contract)) return;
    this.#take({ kind: "listed", contract });
  }

  /** A disk that is full costs a price, and no more: what is not written is not taken. */
  #take(asked: Asked): void {
    void this.#next(() => {
      try {
        void this.#write(asked);
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  async #call(account: string, request: HttpRequest): Promise<HttpReply> {
    const { method, path, body } = request;
    if (method === "GET") throw new TransportFault("notSent", "a read is no input");
    const asked = { account, method, path, ...(body !== undefined && { body }) } as const;
    const reply = await this.#next(() => {
      try {
        return this.#write({ kind: "called", ...asked });
      } catch (error) {
        this.#failed(error);
        throw new TransportFault("notSent", `the paper book cannot be written: ${error}`, error);
      }
    });
    await this.#log.durable();
    return must(reply, "a reply to a write call");
  }

  /** At once, or when the moment that is under way is over. */
  #next<Result>(act: () => Result): Promise<Awaited<Result>> {
    if (this.#book.clock.isMoving) return Promise.resolve().then(() => this.#next(act));
    return Promise.try(act);
  }

  #write(asked: Asked): Promise<HttpReply> | undefined {
    const { clock } = this.#book;
    const atMs = Math.max(clock.nowMs(), this.#machine.nowMs());
    const input = { ...asked, atMs } as PaperInput;
    this.#log.add(input);
    this.#isFailing = false;
    return this.#book.take(input);
  }

  #failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (!this.#isFailing) this.#options.logger.error("paper.writeFailed", { text });
    this.#isFailing = true;
  }
}
