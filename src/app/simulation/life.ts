/** One life of Tandem's process: its desk, its clock, its wires, and an end at any moment. */
import { type AccountId, toAccountId } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import type { DhanAccount } from "../../dhan/client.ts";
import { sha256Bytes } from "../../platform/hash.ts";
import { silentLogger } from "../../platform/logger.ts";
import type { Broker, DropCopy } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { Desk } from "../../runtime/desk.ts";
import type { MemoryLink } from "../../simulator/index.ts";
import { instrumentByKey } from "./instruments.ts";
import { type ProcessClock, processClock } from "./process-clock.ts";

/** What stands between Tandem and a port, for planted bugs. */
export interface Wraps {
  readonly broker?: (broker: Broker, name: string) => Broker;
  readonly dropCopy?: (dropCopy: DropCopy, name: string) => DropCopy;
  readonly journal?: (journal: Journal) => Journal;
  readonly clock?: (clock: Clock) => Clock;
}

export interface Opened {
  readonly name: string;
  readonly link: MemoryLink;
  readonly account: DhanAccount;
}

export class Life {
  readonly clock: ProcessClock;
  readonly #wraps: Wraps;
  #opened: readonly Opened[] = [];
  #desk: Desk | undefined;
  #isDead = false;

  constructor(clock: Clock, wraps: Wraps) {
    this.#wraps = wraps;
    this.clock = processClock(wraps.clock?.(clock) ?? clock);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Absent while it is starting. */
  get desk(): Desk | undefined {
    return this.#desk;
  }

  get isReady(): boolean {
    return !this.#isDead && this.#desk?.readiness().isReady === true;
  }

  async start(
    journal: Journal,
    opened: readonly Opened[],
    links: readonly Link[],
    onLost: () => void,
  ): Promise<void> {
    this.#opened = opened;
    this.#desk = await Desk.start({
      journal: this.#wraps.journal?.(journal) ?? journal,
      clock: this.clock,
      logger: silentLogger(),
      accounts: opened.map(({ name, account }) => ({
        id: toAccountId(name),
        ...this.#ports(name, account),
      })),
      links,
      instrument: instrumentByKey,
      sha256: sha256Bytes,
      onLost,
    });
  }

  #ports(name: string, { broker, dropCopy }: DhanAccount) {
    return {
      broker: this.#wraps.broker?.(broker, name) ?? broker,
      dropCopy: this.#wraps.dropCopy?.(dropCopy, name) ?? dropCopy,
    };
  }

  /** A person has renewed the token of an account, or registered its address again. */
  accessMended(id: AccountId, token: string): void {
    for (const { name, account } of this.#opened) if (name === id) account.useToken(token);
    this.#desk?.accessMended(id);
  }

  /** Nothing of it is called any more; what it has sent still arrives. */
  die(): void {
    this.#isDead = true;
    this.clock.die();
    for (const { link } of this.#opened) link.cut();
  }
}
