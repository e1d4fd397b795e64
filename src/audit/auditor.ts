/**
 * The auditor inside the running program: the checks, told of what is observed at the ports, a moment
 * after it has happened.
 *
 * Keeps: nothing that trades waits for it; nothing that it is told of is lost (when too much has
 * gathered it catches up at once); a breach is published only when the journal has no other writer, whose
 * decisions it could not know; what was found broken before this process began is not found again.
 * Does not: act. What a breach leads to is the caller's to say.
 */
import type { Clock } from "../ports/clock.ts";
import type { Entry, Journal, StreamName } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import { type AuditEvent, momentOf, telling } from "./audit-event.ts";
import { ChainWatch } from "./chain-watch.ts";
import type { AuditCheck, AuditLink, AuditWorld } from "./check.ts";
import { LIVE_CHECKS, type NamedCheck } from "./live-checks.ts";
import { Written } from "./written.ts";

export interface Breach {
  readonly check: string;
  /** "P1" to "P10". */
  readonly promise: string;
  readonly text: string;
  /** Wall time. */
  readonly atMs: number;
}

export interface CheckCount {
  readonly check: string;
  readonly promise: string;
  /** How often it has looked at something. */
  readonly performed: number;
  readonly breaches: number;
}

export interface AuditorOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** As the store has it: to see whether there is another writer, and whether the chain holds. */
  readonly journal: Journal;
  readonly links: readonly AuditLink[];
  /** Texts that may never stand in the journal, as they are now. */
  readonly secrets: () => readonly string[];
  readonly rulesOf: AuditWorld["rulesOf"];
  /** Links of which both accounts are known at this moment, and which act. */
  readonly armed: () => ReadonlySet<string>;
  readonly onBreach: (breach: Breach) => void;
  /**
   * The checks run once nothing has happened for this long, so that what comes together is sent before
   * any of it is looked at; but no later than 300 ms after it, whatever happens. Default 20.
   */
  readonly pauseMs?: number;
}

/** How far what is seen may be behind what is: books are read every 15 s, and may be read in vain. */
const LAG_MS = 60_000;
const PAUSE_MS = 20;
const PATIENCE_MS = 300;
/** The checks look for so long at a time, and let what trades have its turn between. */
const SLICE_MS = 2;
const BREATH_MS = 2;
const WAITING_MAX = 20_000;
const TICK_MS = 5_000;
/** An order placed on a Friday evening for the open may come after a long weekend. */
const MEMORY_MS = 6 * 86_400_000;
const FORGET_EVERY_MS = 600_000;
const REPLAYED_BETWEEN_FORGETS = 20_000;
/** An append of our own that is under way has been told of by then. */
const SOLE_TRIES = 3;
const SOLE_RETRY_MS = 150;
const BREACHES_KEPT = 100;

interface Running {
  readonly named: NamedCheck;
  readonly check: AuditCheck;
  performed: number;
  breaches: number;
}

export class Auditor {
  readonly #options: AuditorOptions;
  readonly #written: Written;
  readonly #checks: readonly Running[];
  readonly #chain: ChainWatch;
  readonly #waiting: AuditEvent[] = [];
  /** By stream: seq of the last entry that was told. */
  readonly #seqs = new Map<StreamName, number>();
  readonly #armedSinceMs = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #breaches: Breach[] = [];
  readonly #publishing = new Set<Promise<void>>();
  /** The moment that is being told of; undefined: now. */
  #momentMs: number | undefined;
  #isReplaying = false;
  #replayed = 0;
  #cancelDrain: (() => void) | undefined;
  /** When something was told of last, and since when something waits. */
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #waitingSinceMs = Number.NEGATIVE_INFINITY;
  #cancelTick: (() => void) | undefined;
  #forgotAtMs: number;
  #faults = 0;
  #isClosed = false;

  constructor(options: AuditorOptions, checks: readonly NamedCheck[] = LIVE_CHECKS) {
    this.#options = options;
    const { clock, journal, links, secrets, rulesOf } = options;
    const moment = {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => this.#momentMs ?? clock.monotonicMs(),
    };
    this.#written = new Written({ clock: moment });
    const world: AuditWorld = {
      clock: moment,
      links,
      get secrets() {
        return secrets();
      },
      written: this.#written,
      lagMs: LAG_MS,
      armedSinceMs: (linkId) => this.#armedSinceMs.get(linkId),
      rulesOf,
    };
    this.#checks = checks.map((named) => {
      const running: Running = {
        named,
        check: named.make(world, (text) => this.#suspect(running, text)),
        performed: 0,
        breaches: 0,
      };
      return running;
    });
    const explained = this.#checks.find(({ named }) => named.promise === "P10");
    this.#chain = new ChainWatch(journal, (text) => explained && this.#suspect(explained, text));
    this.#forgotAtMs = clock.monotonicMs();
    this.#tickLater();
  }

  /** The breaches found so far, oldest first; the first hundred. */
  get breaches(): readonly Breach[] {
    return this.#breaches;
  }

  get counts(): readonly CheckCount[] {
    return this.#checks.map(({ named: { name: check, promise }, performed, breaches }) => {
      return { check, promise, performed, breaches };
    });
  }

  /** Times that a check itself has failed: it says nothing then. */
  get faults(): number {
    return this.#faults;
  }

  /** An entry from before this process, in the order of its stream; looked at at once. */
  replayed(entry: Entry): void {
    const { stream, seq } = entry;
    if (seq !== (this.#seqs.get(stream) ?? 0) + 1) return;
    this.#seqs.set(stream, seq);
    this.#chain.begin(entry);
    const taken = { stream, firstSeq: seq, entries: [entry] };
    this.#isReplaying = true;
    this.#take({ kind: "entries", taken, durableAtMs: Number.NEGATIVE_INFINITY });
    this.#isReplaying = false;
    this.#replayed += 1;
    if (this.#replayed % REPLAYED_BETWEEN_FORGETS === 0) this.#forget();
  }

  /** Something has happened; it is looked at a moment later. */
  heard(event: AuditEvent): void {
    if (this.#isClosed) return;
    if (event.kind === "entries") {
      const { stream, firstSeq, entries } = event.taken;
      this.#seqs.set(stream, firstSeq + entries.length - 1);
    }
    this.#heardAtMs = this.#options.clock.monotonicMs();
    if (this.#waiting.length === 0) this.#waitingSinceMs = this.#heardAtMs;
    this.#waiting.push(event);
    if (this.#waiting.length >= WAITING_MAX) this.#drain(Number.POSITIVE_INFINITY);
    else this.#cancelDrain ??= this.#drainLater(this.#pauseMs);
  }

  /** Looks at what has gathered, tells what comes of it, and then looks at nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelDrain?.();
    this.#cancelTick?.();
    this.#drain(Number.POSITIVE_INFINITY);
    await Promise.all(this.#publishing);
  }

  #drainLater(delayMs: number): () => void {
    return this.#options.clock.schedule(delayMs, () => {
      const quietInMs = this.#quietInMs();
      this.#cancelDrain = quietInMs > 0 ? this.#drainLater(quietInMs) : undefined;
      if (quietInMs <= 0) this.#drain(SLICE_MS);
    });
  }

  /** While things happen they are not disturbed, as long as there is patience. */
  #quietInMs(): number {
    const patienceMs = Math.max(PATIENCE_MS, this.#pauseMs);
    const quietAtMs = this.#heardAtMs + this.#pauseMs;
    const atMs = Math.min(quietAtMs, this.#waitingSinceMs + patienceMs);
    return atMs - this.#options.clock.monotonicMs();
  }

  get #pauseMs(): number {
    return this.#options.pauseMs ?? PAUSE_MS;
  }

  #drain(forMs: number): void {
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + forMs;
    let done = 0;
    while (done < this.#waiting.length && clock.monotonicMs() <= untilMs) {
      const event = this.#waiting[done];
      done += 1;
      if (event !== undefined) this.#take(event);
    }
    this.#waiting.splice(0, done);
    if (this.#waiting.length > 0) this.#cancelDrain ??= this.#drainLater(BREATH_MS);
  }

  #take(event: AuditEvent): void {
    this.#momentMs = momentOf(event);
    if (event.kind === "entries") {
      const { stream, entries } = event.taken;
      this.#written.take(stream, entries, event.durableAtMs);
    }
    const tell = telling(event);
    for (const running of this.#checks) {
      running.performed += 1;
      this.#guarded(running, ({ check }) => tell(check));
    }
    this.#momentMs = undefined;
  }

  /** A check that fails must not take the program with it; it is no breach, but a person must know. */
  #guarded(running: Running, act: (running: Running) => void): void {
    try {
      act(running);
    } catch (error) {
      this.#faults += 1;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (this.#faults <= BREACHES_KEPT) {
        this.#options.logger.error("audit.checkFailed", { check: running.named.name, text });
      }
    }
  }

  #tickLater(): void {
    this.#cancelTick = this.#options.clock.schedule(TICK_MS, () => {
      this.#tick();
      this.#tickLater();
    });
  }

  #tick(): void {
    const { clock, links } = this.#options;
    const nowMs = clock.monotonicMs();
    const armed = this.#options.armed();
    for (const { id } of links) {
      if (!armed.has(id)) this.#armedSinceMs.delete(id);
      else if (!this.#armedSinceMs.has(id)) this.#armedSinceMs.set(id, nowMs);
    }
    for (const running of this.#checks) this.#guarded(running, ({ check }) => check.onTick?.());
    void this.#chain.readOn(this.#seqs);
    if (nowMs - this.#forgotAtMs < FORGET_EVERY_MS) return;
    this.#forgotAtMs = nowMs;
    this.#forget();
  }

  #forget(): void {
    const beforeMs = this.#options.clock.nowMs() - MEMORY_MS;
    this.#written.forget(beforeMs);
    for (const { check } of this.#checks) check.forget?.(beforeMs);
  }

  #suspect(running: Running, text: string): void {
    const { name: check, promise } = running.named;
    const key = `${check} ${text}`;
    if (this.#isReplaying || this.#told.has(key) || this.#told.size >= BREACHES_KEPT) return;
    this.#told.add(key);
    const breach = { check, promise, text, atMs: this.#options.clock.nowMs() };
    const published = this.#publish(running, breach);
    this.#publishing.add(published);
    void published.finally(() => this.#publishing.delete(published));
  }

  async #publish(running: Running, breach: Breach): Promise<void> {
    const { logger, onBreach } = this.#options;
    const doubt = await this.#doubt();
    if (doubt !== undefined) {
      logger.warn("audit.notCertain", { check: breach.check, text: breach.text, doubt });
      return;
    }
    running.breaches += 1;
    this.#breaches.push(breach);
    logger.error("audit.breach", {
      check: breach.check,
      promise: breach.promise,
      text: breach.text,
    });
    onBreach(breach);
  }

  /** Why what was found may be nobody's fault: somebody else decides here, too, or may do so. */
  async #doubt(): Promise<string | undefined> {
    try {
      return (await this.#hasOtherWriter()) ? "the journal has another writer" : undefined;
    } catch (error) {
      return `the journal cannot be read: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** The store holds entries that this process has neither read nor written. */
  async #hasOtherWriter(): Promise<boolean> {
    const { journal, clock } = this.#options;
    const ahead = new Map<StreamName, number>();
    for (const stream of this.#seqs.keys()) ahead.set(stream, await journal.lastSeq(stream));
    const isAhead = () => [...ahead].some(([stream, seq]) => seq > (this.#seqs.get(stream) ?? 0));
    for (let attempt = 1; attempt <= SOLE_TRIES && isAhead(); attempt += 1) {
      await new Promise<void>((resolve) => {
        clock.schedule(SOLE_RETRY_MS, resolve);
      });
    }
    return isAhead();
  }
}
