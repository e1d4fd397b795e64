/**
 * A follower on paper in a simulated day: its own broker in memory, which outlives the process as a
 * broker does, and a real account at the world's simulator behind the gate for reads.
 *
 * Does not: know the paper book of the running program, whose inputs are files. What is the same is
 * the account that the desk is given, and the gate.
 */
import { toAccountId } from "../../core/model/ids.ts";
import { E4_PER_RUPEE, toMoneyE4 } from "../../core/model/money.ts";
import { followerStream } from "../../core/model/stream.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NewEntry } from "../../ports/journal.ts";
import type { HttpRequest } from "../../ports/transport.ts";
import {
  createSimulator,
  type Latencies,
  type MemoryLink,
  type OrderChange,
  type Simulator,
} from "../../simulator/index.ts";
import { openShadow, type ShadowOptions } from "../shadow/shadow-account.ts";
import { instrumentOf } from "./books.ts";
import { randomOf } from "./draw.ts";
import { hookedLink } from "./faults/hooked-link.ts";
import { TICKS_PER_RUPEE } from "./instruments.ts";
import type { Opened } from "./life.ts";
import { type Trace, tracedLink } from "./trace.ts";

export const SHADOW_NAME = "kiran";

/** What it needs of a world. */
interface Surroundings {
  readonly options: { readonly seed: number; readonly latencies?: Partial<Latencies> };
  readonly clock: Clock;
  readonly simulator: Simulator;
  readonly trace: Trace;
  clientOf(name: string): string;
}

interface ShadowLife {
  readonly clock: Clock;
  readonly accessToken: string;
  /** For streams of random numbers of its own. */
  readonly part: string;
}

/** No order number of the world's broker begins so. */
const ORDER_ROUTE = "900";
const CAPITAL = toMoneyE4(1_000_000_000 * E4_PER_RUPEE);
const REQUEST_TIMEOUT_MS = 10_000;

export class Shadow {
  readonly name: string;
  readonly clientId: string;
  readonly stream: ReturnType<typeof followerStream>;
  /** Told of all that arrives at the real account's transport: what the gate has let through. */
  readonly onRequest = new Set<(request: HttpRequest) => void>();
  /** Entries of the journal about it, kind by kind. */
  readonly decisions = new Map<string, number>();
  readonly #world: Surroundings;
  readonly #paper: Simulator;
  /** Units of the leader's orders whose fills have told a price. */
  readonly #toldUnits = new Map<string, number>();

  constructor(world: Surroundings, name: string) {
    this.#world = world;
    this.name = name;
    this.clientId = world.clientOf(name);
    this.stream = followerStream(toAccountId(name));
    this.#paper = createSimulator({
      clock: world.clock,
      random: randomOf(world.options.seed, "paper"),
      switches: { brackets: "legacy" },
      orderRoute: ORDER_ROUTE,
    });
    world.simulator.watch((change) => this.#leaderTraded(change));
  }

  /** Under which its wires are in the trace. */
  get voices(): readonly string[] {
    return [this.name, `${this.name}/paper`];
  }

  /** How many placements were decided for it. */
  get placed(): number {
    return this.decisions.get("placeIntended") ?? 0;
  }

  /** Its account for a process that begins. */
  open({ clock, accessToken, part }: ShadowLife): Opened {
    const wires: MemoryLink[] = [];
    const paperWire = () => this.#wire(this.#paper, `${this.name}/paper`, part);
    const real = this.connect(part);
    const account = openShadow({
      id: toAccountId(this.name),
      exchange: this.#exchange(() => {
        const wire = paperWire();
        wires.push(wire);
        return wire;
      }),
      capital: CAPITAL,
      real: { clientId: this.clientId, accessToken, transport: real.http },
      clock,
      random: randomOf(this.#world.options.seed, `client/${this.name}/${part}`),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    });
    return {
      account,
      useToken: (token) => account.useToken(token),
      cut: () => {
        for (const wire of [real, ...wires]) wire.cut();
      },
    };
  }

  /** The real account's transports as they are, without a gate. */
  connect(part: string): MemoryLink {
    const nothing = () => {};
    return hookedLink(this.#wire(this.#world.simulator, this.name, part), {
      leaving: (request) => {
        for (const listener of this.onRequest) listener(request);
      },
      sent: nothing,
      answered: nothing,
      settled: nothing,
    });
  }

  /** The journal has taken these about it. */
  decided(entries: readonly NewEntry[]): void {
    for (const { kind } of entries) {
      this.decisions.set(kind, (this.decisions.get(kind) ?? 0) + 1);
    }
  }

  endSession(): void {
    this.#paper.setClock({ session: "closed" });
  }

  /** Its clock is the world's, which has come to the next day. */
  rollDay(): void {
    this.#paper.rollDay({ keepTokens: true, keepClock: true });
  }

  beginSession(): void {
    this.#paper.setClock({ session: "open" });
  }

  close(): Promise<void> {
    return this.#paper.close();
  }

  #wire(simulator: Simulator, voice: string, part: string): MemoryLink {
    const { seed, latencies } = this.#world.options;
    const random = randomOf(seed, `link/${voice}/${part}`);
    const link = simulator.connect({ random, ...(latencies && { latencies }) });
    return tracedLink(link, voice, this.#world.trace);
  }

  #exchange(connect: () => MemoryLink): ShadowOptions["exchange"] {
    const paper = this.#paper;
    const clientOf = (account: string) => `paper-${account}`;
    const hasAccount = (account: string) =>
      paper.accounts().some(({ clientId }) => clientId === clientOf(account));
    const accessToken = "paper-token";
    return {
      hasAccount,
      fund(account, capital) {
        const clientId = clientOf(account);
        const availableBalance = capital / E4_PER_RUPEE;
        if (hasAccount(account)) paper.changeAccount({ clientId, availableBalance });
        else paper.createAccount({ clientId, accessToken, availableBalance, limits: "off" });
      },
      access: (account) => ({ clientId: clientOf(account), accessToken, transports: connect() }),
    };
  }

  /** All that paper knows of the market. */
  #leaderTraded({ clientId, orderId, row }: OrderChange): void {
    if (clientId !== this.#world.clientOf("leader")) return;
    if (row.filledQty <= (this.#toldUnits.get(orderId) ?? 0)) return;
    this.#toldUnits.set(orderId, row.filledQty);
    const ticks = Math.round(row.averageTradedPrice * TICKS_PER_RUPEE);
    this.#paper.setPrice(instrumentOf(row), ticks / TICKS_PER_RUPEE);
  }
}
