/** The paper exchange of shadows on a machine whose clock is moved by hand, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { PaperExchange } from "../src/app/shadow/paper-exchange.ts";
import { type InstrumentKey, splitInstrumentKey } from "../src/core/model/ids.ts";
import { toMoneyE4 } from "../src/core/model/money.ts";
import { type ManualClock, manualClock } from "../src/platform/manual-clock.ts";
import type { HttpMethod } from "../src/ports/transport.ts";
import {
  OPTION,
  OPTION_ROW,
  type OrderChange,
  orderOf,
  rupees,
  SHARE,
  SHARE_ROW,
  TEN_O_CLOCK_MS,
} from "./core/builders.ts";

const CAPITAL = toMoneyE4(10_000_000_000);

export function fileOf(t: Pick<TestContext, "after">): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-paper-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "paper.jsonl");
}

/** The exchange with an account of asha, on a machine whose clock is moved by hand. */
export class Floor implements AsyncDisposable {
  readonly clock: ManualClock;
  /** What was logged as one, oldest first. */
  readonly errors: string[] = [];
  readonly #file: string;
  #exchange: PaperExchange;

  /** An account that is there stays as it is, or has its capital again. */
  constructor(file: string, startMs: number = TEN_O_CLOCK_MS, funds?: "as it is") {
    this.#file = file;
    this.clock = manualClock(startMs);
    this.#exchange = this.#open();
    if (funds === undefined) this.#exchange.fund("asha", CAPITAL);
  }

  #open(): PaperExchange {
    return PaperExchange.open({
      file: this.#file,
      clock: this.clock,
      logger: { error: (event, fields) => void this.errors.push(JSON.stringify([event, fields])) },
      hours: "market",
      instrument: (key) => [SHARE_ROW, OPTION_ROW].find((row) => row.key === key),
    });
  }

  get exchange(): PaperExchange {
    return this.#exchange;
  }

  /** The process ends, and another begins after `pauseMs`, when `meanwhile` has been done. */
  async restart(pauseMs = 0, meanwhile = () => {}): Promise<void> {
    await this.#exchange[Symbol.asyncDispose]();
    this.clock.advance(pauseMs);
    meanwhile();
    this.#exchange = this.#open();
  }

  /** `traded`: what followers trade for it, and what its prices are told of. */
  leader(id: string, change: OrderChange, traded: readonly InstrumentKey[] = [SHARE]): void {
    this.#exchange.leaderOrderSeen("leader", orderOf(id, change), traded);
  }

  /** The reply's body. */
  async call(method: HttpMethod, path: string, body?: object): Promise<Record<string, unknown>> {
    const { accessToken, transports } = this.#exchange.access("asha");
    const headers = { "access-token": accessToken };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { method, path, headers, ...text };
    const reply = await transports.http.request(request, { timeoutMs: 1_000 });
    return JSON.parse(reply.body) as Record<string, unknown>;
  }

  /** Its number. */
  async place(change: object = {}): Promise<string> {
    const reply = await this.call("POST", "/orders", {
      dhanClientId: "paper-asha",
      transactionType: "BUY",
      exchangeSegment: "NSE_EQ",
      productType: "INTRADAY",
      orderType: "LIMIT",
      validity: "DAY",
      securityId: "1333",
      quantity: 10,
      price: 1650,
      ...change,
    });
    this.clock.advance(100);
    return String(reply.orderId);
  }

  /** An option that is carried over the night; its number. */
  placeCarried(change: object = {}): Promise<string> {
    const { securityId } = splitInstrumentKey(OPTION);
    const order = { exchangeSegment: "NSE_FNO", securityId, productType: "MARGIN" };
    return this.place({ ...order, quantity: 65, ...change });
  }

  /** "TRADED 10 at 1650" for each order of the day. */
  get orders(): readonly string[] {
    return this.#exchange.truth("asha").orders.map(({ row }) => {
      const price = row.filledQty === 0 ? "" : ` at ${row.averageTradedPrice}`;
      return `${row.orderStatus} ${row.filledQty}${price}`;
    });
  }

  /** All of it that is not about who asked how often, or about orders of the days before. */
  get book(): string {
    const { orders, positions, holdings, startOfDay, groups } = this.#exchange.truth("asha");
    return JSON.stringify({ orders, positions, holdings, startOfDay, groups });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#exchange[Symbol.asyncDispose]();
  }
}

export const filledAt = (price: number, units = 10): OrderChange => ({
  filledQuantity: units,
  averagePrice: rupees(price),
  status: "filled",
});
