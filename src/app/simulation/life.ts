/** One life of Tandem's process: its desk, its clock, its wires, and an end at any moment. */
import type { Auditor, Breach } from "../../audit/auditor.ts";
import type { Calendar } from "../../core/model/calendar.ts";
import type { AccountId } from "../../core/model/ids.ts";
import type { Link } from "../../core/model/link.ts";
import { sha256Bytes } from "../../platform/hash.ts";
import { silentLogger } from "../../platform/logger.ts";
import type { Broker, DropCopy } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { Desk, type DeskAccount } from "../../runtime/desk.ts";
import { startAuditing } from "../auditing.ts";
import { instrumentByKey } from "./instruments.ts";
import { type ProcessClock, processClock } from "./process-clock.ts";

/** What stands between Tandem and a port, for planted bugs. */
export interface Wraps {
  readonly broker?: (broker: Broker, name: string) => Broker;
  readonly dropCopy?: (dropCopy: DropCopy, name: string) => DropCopy;
  readonly journal?: (journal: Journal) => Journal;
  readonly clock?: (clock: Clock) => Clock;
  /** Of the settings that Tandem is given. */
  readonly links?: (links: readonly Link[]) => readonly Link[];
}

export interface Opened {
  readonly account: DeskAccount;
  /** A person has renewed its token. */
  useToken(accessToken: string): void;
  /** The process dies at this end of its wires. */
  cut(): void;
}

const AUDIT_PAUSE_MS = 500;

export class Life {
  readonly clock: ProcessClock;
  /** What the process's own auditor has told. */
  readonly breaches: Breach[] = [];
  readonly #wraps: Wraps;
  readonly #secrets: () => readonly string[];
  #auditor: Auditor | undefined;
  #opened: readonly Opened[] = [];
  #links: readonly Link[] = [];
  #desk: Desk | undefined;
  #isDead = false;

  constructor(clock: Clock, wraps: Wraps, secrets: () => readonly string[]) {
    this.#wraps = wraps;
    this.#secrets = secrets;
    this.clock = processClock(wraps.clock?.(clock) ?? clock);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Absent while it is starting. */
  get desk(): Desk | undefined {
    return this.#desk;
  }

  /**
   * Every link is armed, whether its entries are stopped or not, and has begun: paused ones are no part
   * of a desk's readiness, but what the leader did before a link began is not its business.
   */
  get isReady(): boolean {
    const desk = this.#desk;
    if (this.#isDead || desk === undefined || !desk.readiness().isArmed) return false;
    return this.#links.every(({ id }) => desk.begunLinks.has(id));
  }

  async start(
    journal: Journal,
    opened: readonly Opened[],
    links: readonly Link[],
    onLost: () => void,
    calendar?: Calendar,
  ): Promise<void> {
    this.#opened = opened;
    this.#links = links;
    const { auditor, ...heard } = startAuditing({
      journal,
      clock: this.clock,
      logger: silentLogger(),
      accounts: opened.map(({ account }) => account),
      links,
      instrument: instrumentByKey,
      secrets: this.#secrets,
      desk: () => this.#desk,
      onBreach: (breach) => this.breaches.push(breach),
      pauseMs: AUDIT_PAUSE_MS,
    });
    this.#auditor = auditor;
    this.#desk = await Desk.start({
      journal: this.#wraps.journal?.(heard.journal) ?? heard.journal,
      clock: this.clock,
      logger: silentLogger(),
      accounts: heard.accounts.map((account) => ({ ...account, ...this.#ports(account) })),
      links: this.#wraps.links?.(links) ?? links,
      ...(calendar && { calendar }),
      instrument: instrumentByKey,
      sha256: sha256Bytes,
      onLost,
    });
  }

  /** New rules for its links; it must have started. */
  useLinks(links: readonly Link[]): void {
    this.#desk?.useLinks(this.#wraps.links?.(links) ?? links);
  }

  /** A planted bug is Tandem's own, so it stands before the auditor's ear. */
  #ports({ id, broker, dropCopy }: DeskAccount) {
    return {
      broker: this.#wraps.broker?.(broker, id) ?? broker,
      dropCopy: this.#wraps.dropCopy?.(dropCopy, id) ?? dropCopy,
    };
  }

  /** Times that a check of the process's own auditor has failed. */
  get auditFaults(): number {
    return this.#auditor?.faults ?? 0;
  }

  /** A person has renewed the token of an account, or registered its address again. */
  accessMended(id: AccountId, token: string): void {
    for (const opened of this.#opened) if (opened.account.id === id) opened.useToken(token);
    this.#desk?.accessMended(id);
  }

  /** Nothing of it is called any more; what it has sent still arrives. */
  die(): void {
    this.#isDead = true;
    this.clock.die();
    for (const opened of this.#opened) opened.cut();
  }
}
