/**
 * One Tandem and its broker in one process and in virtual time: the same desk, client and simulator
 * as in earnest, over transports in memory. One seed draws everything.
 */
import { toAccountId, toLinkId } from "../../src/core/model/ids.ts";
import type { Link } from "../../src/core/model/link.ts";
import { createDhanAccount, type DhanAccount } from "../../src/dhan/client.ts";
import { memoryJournal, memoryStore } from "../../src/journal/memory/journal.ts";
import { must } from "../../src/platform/assert.ts";
import { sha256Bytes } from "../../src/platform/hash.ts";
import { silentLogger } from "../../src/platform/logger.ts";
import { type VirtualClock, virtualClock } from "../../src/platform/virtual-clock.ts";
import type { Journal, NewEntry, StreamName } from "../../src/ports/journal.ts";
import { Desk } from "../../src/runtime/desk.ts";
import {
  createSimulator,
  type MemoryLink,
  type Simulator,
  type Switches,
} from "../../src/simulator/index.ts";
import { Books } from "./books.ts";
import { randomOf } from "./draw.ts";
import { instrumentByKey } from "./instruments.ts";
import { type ProcessClock, processClock } from "./process-clock.ts";
import { Trace, tracedJournal, tracedLink, watchedJournal } from "./trace.ts";

export interface WorldFollower {
  readonly name: string;
  /** 10_000 copies one for one. */
  readonly bps: number;
  readonly link?: Partial<Link>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly followers: readonly WorldFollower[];
  readonly switches?: Partial<Switches>;
}

const STARTS_AT = "2026-12-01T10:00:00+05:30";
const RICH = 10_000_000_000;
const FIRST_CLIENT = 1_100_000_001;
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 60_000;

/** What belongs to one life of the process. */
interface Life {
  readonly desk: Desk;
  readonly clock: ProcessClock;
  readonly links: readonly MemoryLink[];
  readonly accounts: readonly DhanAccount[];
}

export class World {
  readonly options: WorldOptions;
  readonly clock: VirtualClock = virtualClock(Date.parse(STARTS_AT));
  readonly simulator: Simulator;
  readonly books: Books;
  readonly trace: Trace;
  readonly journal: Journal;
  /** Told of what the journal has taken. */
  onEntries: (stream: StreamName, entries: readonly NewEntry[]) => void = () => {};
  readonly #tokens = new Map<string, string>();
  #life: Life | undefined;
  #lives = 0;

  constructor(options: WorldOptions) {
    const { seed, followers, switches } = options;
    this.options = options;
    this.simulator = createSimulator({
      clock: this.clock,
      random: randomOf(seed, "simulator"),
      ...(switches && { switches }),
    });
    this.books = new Books(this.simulator);
    this.trace = new Trace(this.clock);
    const journal = tracedJournal(memoryJournal(memoryStore()), this.trace);
    this.journal = watchedJournal(journal, (stream, entries) => this.onEntries(stream, entries));
    for (const name of ["leader", ...followers.map((follower) => follower.name)]) {
      const clientId = this.clientOf(name);
      const created = this.simulator.createAccount({ clientId, name, availableBalance: RICH });
      this.#tokens.set(name, created.accessToken);
    }
  }

  get names(): readonly string[] {
    return ["leader", ...this.options.followers.map(({ name }) => name)];
  }

  clientOf(name: string): string {
    const followers = this.options.followers.map((follower) => follower.name);
    return String(FIRST_CLIENT + (name === "leader" ? 0 : followers.indexOf(name) + 1));
  }

  /** A process begins on what the journal holds, and is waited for until it is ready. */
  async startDesk(): Promise<void> {
    await this.#begin();
    await this.untilReady();
  }

  /** Every link is armed; throws when that takes too long. */
  async untilReady(): Promise<void> {
    const isReady = () => this.#life?.desk.readiness().isReady === true;
    if (await this.clock.runUntil(isReady, READY_WITHIN_MS)) return;
    const reasons = this.#life?.desk.readiness().reasons ?? ["no process"];
    throw new Error(`the desk is not ready: ${reasons.join("; ")}`);
  }

  async #begin(): Promise<void> {
    this.#lives += 1;
    const clock = processClock(this.clock);
    const opened = this.names.map((name) => this.#open(name, clock));
    const desk = await Desk.start({
      journal: this.journal,
      clock,
      logger: silentLogger(),
      accounts: opened.map(({ name, account: { broker, dropCopy } }) => {
        return { id: toAccountId(name), broker, dropCopy };
      }),
      links: this.options.followers.map(linkOf),
      instrument: instrumentByKey,
      sha256: sha256Bytes,
      onLost: (error) => {
        throw error;
      },
    });
    const links = opened.map(({ link }) => link);
    const accounts = opened.map(({ account }) => account);
    this.#life = { desk, clock, links, accounts };
  }

  #open(name: string, clock: ProcessClock) {
    const part = `${name}/${this.#lives}`;
    const random = randomOf(this.options.seed, `link/${part}`);
    const link = tracedLink(this.simulator.connect({ random }), name, this.trace);
    const account = createDhanAccount({
      restUrl: "http://in-memory/v2",
      orderUpdateUrl: "ws://in-memory",
      clientId: this.clientOf(name),
      accessToken: must(this.#tokens.get(name), `a token of ${name}`),
      clock,
      random: randomOf(this.options.seed, `client/${part}`),
      transports: link,
    });
    return { name, link, account };
  }

  /**
   * The process dies: nothing of it is called any more, and what it has sent still arrives. The next
   * one begins `downMs` later, while the day goes on. Nothing happens while none is running.
   */
  crashDesk(downMs: number): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    this.clock.schedule(downMs, () => void this.#begin());
    life.clock.die();
    for (const link of life.links) link.cut();
    this.trace.add("the process dies");
  }

  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined) await this.#waitFor(life.desk.stop());
    await this.simulator.close();
  }

  /** Lets time pass until the promise has settled. */
  async #waitFor(promise: Promise<unknown>): Promise<void> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.clock.runUntil(() => isSettled, STOPPED_WITHIN_MS);
    if (!isSettled) throw new Error(`the desk does not stop within ${STOPPED_WITHIN_MS} ms`);
    await promise;
  }
}

/** The link of a follower; its id is "leader-NAME". */
function linkOf({ name, bps, link }: WorldFollower): Link {
  return {
    id: toLinkId(`leader-${name}`),
    leader: toAccountId("leader"),
    follower: toAccountId(name),
    mode: "active",
    sizing: { kind: "multiplier", bps },
    marketOrders: "protected-limit",
    maxAgeMs: 60_000,
    guards: {},
    ...link,
  };
}
