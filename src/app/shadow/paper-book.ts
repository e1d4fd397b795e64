/**
 * The paper exchange as its inputs have made it: the simulator with an account for each shadow, on a
 * clock that the inputs move. The same inputs make the same book, order numbers and all, which is how
 * paper orders and positions outlive the process.
 *
 * Keeps: an input is taken when everything that was due before it has happened. Prices are of the day:
 * from midnight in India on nothing trades before a new one, orders expire and positions roll.
 * Does not: know where prices come from, or write anything down (paper-exchange.ts).
 */
import { beginOfDay, type EpochMs, tradingDayOf } from "../../core/model/time.ts";
import { assert, must, unreachable } from "../../platform/assert.ts";
import { seededRandom } from "../../platform/random.ts";
import type { HttpReply } from "../../ports/transport.ts";
import {
  type AccountTruth,
  createSimulator,
  type MemoryLink,
  type Simulator,
} from "../../simulator/index.ts";
import { PaperClock } from "./paper-clock.ts";
import { simulatedContract } from "./paper-contract.ts";
import type { PaperContract, PaperHours, PaperInput } from "./paper-log.ts";

/** Begins every paper order's number: no route of the broker's is known to. */
const ORDER_ROUTE = "900";
const DAY_MS = 86_400_000;
/** No exchange of the country opens before; until then orders can be queued for the open. */
const MORNING_MS = 9 * 3_600_000;
const AT_ONCE = { fromMs: 0, toMs: 0 };
/** Rupees; above whatever has a price. There are no circuit limits below: nobody tells of any. */
export const PRICE_MAX = 100_000_000;
/** Rupees; as much as a configuration may say. */
export const CAPITAL_MAX = 100_000_000_000;
const E4 = 10_000;
/** The deadline is the client's own; this one would only tell the same a second time. */
const CALL_TIMEOUT_MS = DAY_MS;

export class PaperBook {
  readonly clock: PaperClock;
  readonly #hours: PaperHours;
  readonly #simulator: Simulator;
  readonly #links = new Map<string, MemoryLink>();
  readonly #contracts = new Map<string, PaperContract>();
  /** The last one of each contract, of whatever day. */
  readonly #pricesE4 = new Map<string, number>();
  /** Contracts whose price is of today: in no other does anything trade. */
  readonly #pricedToday = new Set<string>();
  /** Units of leaders' orders whose fills have told a price, of this day and the one before. */
  readonly #told = new Map<string, { readonly units: number; readonly atMs: number }>();

  constructor({ atMs, hours }: { readonly atMs: number; readonly hours: PaperHours }) {
    this.clock = new PaperClock(atMs);
    this.#hours = hours;
    this.#simulator = createSimulator({
      clock: this.clock,
      hasBuiltIns: false,
      orderRoute: ORDER_ROUTE,
      // Whether the broker takes a BO or CO is not known; a paper one shows what would be asked.
      switches: { brackets: "legacy" },
    });
    const isNight = atMs < this.#morningOf(atMs);
    if (isNight) this.#simulator.setClock({ session: "closed" });
    this.#awaitBoundary();
  }

  hasAccount(account: string): boolean {
    return this.#links.has(account);
  }

  link(account: string): MemoryLink {
    return must(this.#links.get(account), `a paper account of ${account}`);
  }

  contract(key: string): PaperContract | undefined {
    return this.#contracts.get(key);
  }

  /** The last one, in 1/10,000 rupee; undefined while nobody has told of any. */
  priceE4(contract: string): number | undefined {
    return this.#pricesE4.get(contract);
  }

  isPricedToday(contract: string): boolean {
    return this.#pricedToday.has(contract);
  }

  /** Units of this leader's order whose fill has told a price already. */
  toldUnits(order: string): number {
    return this.#told.get(order)?.units ?? 0;
  }

  truth(account: string): AccountTruth {
    return must(this.#simulator.truth(clientIdOf(account))[0], `a paper account of ${account}`);
  }

  /**
   * Inputs that make, put into an empty book of this moment, what this one is at midnight; undefined
   * where orders wait over the night, or the day has begun.
   */
  overnight(): readonly PaperInput[] | undefined {
    const overnight = this.#simulator.overnight();
    if (overnight === undefined || this.#pricedToday.size > 0) return undefined;
    const atMs = this.clock.nowMs();
    const told = [...this.#told].map(([order, fill]) => ({ order, ...fill }));
    const prices = Object.fromEntries(this.#pricesE4);
    return [
      ...[...this.#contracts.values()].map(
        (contract) => ({ kind: "listed", atMs, contract }) as const,
      ),
      // What each has comes with the rest of it.
      ...[...this.#links.keys()].map(
        (account) => ({ kind: "funded", atMs, account, capital: 0 }) as const,
      ),
      { kind: "carried", atMs, overnight, prices, told },
    ];
  }

  /** All that decides what becomes of the next input, but for what cannot be seen from outside. */
  standing(): object {
    const accounts = [...this.#links.keys()].map((account) => {
      const { orders, groups, forevers, alerts, positions, holdings, startOfDay, isKilled } =
        this.truth(account);
      const alive = forevers.filter(({ legs }) =>
        legs.some(({ status }) => status === "active" || status === "transit"),
      );
      return { account, orders, groups, alive, alerts, positions, holdings, startOfDay, isKilled };
    });
    return {
      accounts,
      contracts: [...this.#contracts.values()],
      prices: [...this.#pricesE4],
      pricedToday: [...this.#pricedToday],
      told: [...this.#told],
      clock: this.#simulator.clock(),
    };
  }

  /** Resolves to the reply where the input asks for one; it is decided when this returns. */
  take(input: PaperInput): Promise<HttpReply> | undefined {
    assert(!this.clock.isMoving, "an input is taken while time moves");
    this.clock.moveTo(input.atMs);
    const reply = this.#apply(input);
    this.settle();
    return reply;
  }

  /** What needs no time to happen has happened when this returns. */
  settle(): void {
    this.clock.moveTo(this.clock.nowMs());
  }

  close(): Promise<void> {
    this.clock.stop();
    return this.#simulator.close();
  }

  #apply(input: PaperInput): Promise<HttpReply> | undefined {
    switch (input.kind) {
      case "funded":
        this.#fund(input.account, input.capital);
        return undefined;
      case "listed":
        this.#list(input.contract);
        return undefined;
      case "priced":
        this.#price(input);
        return undefined;
      case "carried":
        this.#carry(input);
        return undefined;
      case "called":
        return this.#call(input);
      default:
        return unreachable(input);
    }
  }

  #fund(account: string, availableBalance: number): void {
    const clientId = clientIdOf(account);
    if (this.#links.has(account)) {
      this.#simulator.changeAccount({ clientId, availableBalance });
      return;
    }
    const accessToken = tokenOf(account);
    // Tandem keeps the broker's limits by itself; reads, which are not written down, would count here.
    const limits = "off";
    this.#simulator.createAccount({ clientId, accessToken, availableBalance, limits });
    const latencies = { up: AT_ONCE, down: AT_ONCE, connect: AT_ONCE };
    this.#links.set(account, this.#simulator.connect({ random: seededRandom(1), latencies }));
  }

  /** Nothing trades in it before its first price. */
  #list(contract: PaperContract): void {
    const { key, tick } = contract;
    const isNew = !this.#contracts.has(key);
    this.#contracts.set(key, contract);
    this.#simulator.listInstrument(simulatedContract(contract));
    if (!isNew) return;
    this.#openCircuit(key, tick);
    this.#simulator.setLiquidity(key, 0);
  }

  #price({ atMs, contract: key, price, fill }: Extract<PaperInput, { kind: "priced" }>): void {
    const contract = must(this.#contracts.get(key), `a listed contract ${key}`);
    if (fill !== undefined) this.#told.set(fill.order, { units: fill.units, atMs });
    const priceE4 = Math.max(1, Math.round(price / contract.tick)) * contract.tick;
    this.#pricesE4.set(key, priceE4);
    this.#pricedToday.add(key);
    this.#simulator.setLiquidity(key, null);
    this.#simulator.setPrice(key, priceE4 / E4);
  }

  #carry({ overnight, prices, told }: Extract<PaperInput, { kind: "carried" }>): void {
    this.#simulator.goOnFrom(overnight);
    for (const [key, priceE4] of Object.entries(prices)) this.#pricesE4.set(key, priceE4);
    for (const { order, ...fill } of told) this.#told.set(order, fill);
  }

  #call(input: Extract<PaperInput, { kind: "called" }>): Promise<HttpReply> {
    const { account, method, path, body } = input;
    const headers = { "access-token": tokenOf(account), "content-type": "application/json" };
    const request = { method, path, headers, ...(body !== undefined && { body }) };
    return this.link(account).http.request(request, { timeoutMs: CALL_TIMEOUT_MS });
  }

  /** Nights and mornings come by the clock alone, so that they need not be written down. */
  #awaitBoundary(): void {
    const nowMs = this.clock.nowMs();
    const morningMs = this.#morningOf(nowMs);
    const isNight = nowMs < morningMs;
    const dueMs = isNight ? morningMs : midnightBefore(nowMs) + DAY_MS;
    this.clock.schedule(dueMs - nowMs, () => {
      if (isNight) this.#simulator.setClock({ session: "open" });
      else this.#endDay();
      this.#awaitBoundary();
    });
  }

  #morningOf(atMs: number): number {
    return midnightBefore(atMs) + (this.#hours === "market" ? MORNING_MS : 0);
  }

  #endDay(): void {
    if (this.#hours === "market") this.#simulator.setClock({ session: "closed" });
    // Yesterday's prices are no reason for anything to trade.
    for (const key of this.#contracts.keys()) this.#simulator.setLiquidity(key, 0);
    this.#pricedToday.clear();
    this.#forgetFills();
    this.#simulator.rollDay({ keepTokens: true, keepClock: true });
    for (const { key, tick } of this.#contracts.values()) this.#openCircuit(key, tick);
  }

  /** Whose book still has yesterday's orders may tell of them; older ones nobody tells of. */
  #forgetFills(): void {
    const sinceMs = this.clock.nowMs() - DAY_MS;
    for (const [order, { atMs }] of this.#told) if (atMs < sinceMs) this.#told.delete(order);
  }

  #openCircuit(key: string, tick: number): void {
    this.#simulator.setCircuit({ instrument: key, lowest: tick / E4, highest: PRICE_MAX });
  }
}

/** No client id of the broker's: what is told on paper must not pass for anything else. */
export function clientIdOf(account: string): string {
  return `paper-${account}`;
}

export function tokenOf(account: string): string {
  return `paper-token-of-${account}`;
}

/** The midnight in India at which the day of this moment began. */
export function midnightBefore(atMs: number): number {
  return beginOfDay(tradingDayOf(atMs as EpochMs));
}
