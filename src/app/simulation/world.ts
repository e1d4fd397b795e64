/**
 * One Tandem and its broker in one process and in virtual time: the same desk, client and simulator
 * as in earnest, over transports in memory. One seed draws everything.
 */
import { toAccountId, toLinkId } from "../../core/model/ids.ts";
import type { Link, LinkMode } from "../../core/model/link.ts";
import type { SeenPosition } from "../../core/model/repair.ts";
import { streamAccount } from "../../core/model/stream.ts";
import { createDhanAccount } from "../../dhan/client.ts";
import { type MemoryStore, memoryJournal, memoryStore } from "../../journal/memory/journal.ts";
import { must } from "../../platform/assert.ts";
import { type VirtualClock, virtualClock } from "../../platform/virtual-clock.ts";
import type { Journal, NewEntry, StreamName } from "../../ports/journal.ts";
import type { HttpReply, HttpRequest } from "../../ports/transport.ts";
import type { Desk } from "../../runtime/desk.ts";
import {
  createSimulator,
  type Latencies,
  type Simulator,
  type Switches,
} from "../../simulator/index.ts";
import { Books } from "./books.ts";
import { randomOf } from "./draw.ts";
import { holdsIntent, hookedJournal } from "./faults/hooked-journal.ts";
import { hookedLink, isCommand, isLookup } from "./faults/hooked-link.ts";
import { Machine } from "./faults/machine.ts";
import { Troubles } from "./faults/troubles.ts";
import { Life, type Opened, type Wraps } from "./life.ts";
import { calendarOf, type PlannedCalendar } from "./planned-calendar.ts";
import { seenPositions } from "./seen-positions.ts";
import { Shadow } from "./shadow.ts";
import { Trace, tracedJournal, tracedLink, watchedJournal } from "./trace.ts";
import { writeMode } from "./write-mode.ts";

export interface WorldFollower {
  readonly name: string;
  /** 10_000 copies one for one. */
  readonly bps: number;
  readonly link?: Partial<Link>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly followers: readonly WorldFollower[];
  /** One more who follows on paper. What holds for followers at the broker is not held to it. */
  readonly shadow?: WorldFollower;
  readonly switches?: Partial<Switches>;
  readonly latencies?: Partial<Latencies>;
  readonly wraps?: Wraps;
  /** After ten; absent: on the stroke. */
  readonly beginsLateMs?: number;
  /** Absent: the market is always open. */
  readonly calendar?: PlannedCalendar;
}

/** What a person says about the followers' entries and positions, or about one follower's link. */
export type OperatorWhat = StopWhat | keyof typeof MODES;
type StopWhat = "kill" | "square-off" | "release";

const MODES = { pause: "paused", "close-only": "close-only", resume: "active" } as const;

/** A command has left an account's client, or has come back. */
export type CommandListener = (name: string, request: HttpRequest) => void;
/** A reply has come back to an account's client. */
export type AnswerListener = (name: string, request: HttpRequest, reply: HttpReply) => void;

const STARTS_AT = "2026-12-01T10:00:00+05:30";
const RICH = 10_000_000_000;
const FIRST_CLIENT = 1_100_000_001;
const SHADOW_CLIENT = "1100000100";
/** An account that was refused while it was mended is tried again after a minute. */
const READY_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 60_000;
const SUPERVISOR_MS = 1_000;
/** The address from which every account's orders come. */
const HOME = "127.0.0.1";

export class World {
  readonly options: WorldOptions;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly books: Books;
  readonly trace: Trace;
  /** What is on the machine's disk. */
  readonly store: MemoryStore = memoryStore();
  readonly journal: Journal;
  readonly machine = new Machine();
  readonly troubles: Troubles;
  readonly shadow: Shadow | undefined;
  /** Told of what the journal has taken, but for the shadow's. */
  onEntries: (stream: StreamName, entries: readonly NewEntry[]) => void = () => {};
  /** Requests that a fault has turned away as if for their rate. */
  throttledOnPurpose = 0;
  /** Two processes have read at a time; each of them keeps a rate of its own. */
  hadSecond = false;
  readonly onCommand = new Set<CommandListener>();
  readonly onAnswer = new Set<AnswerListener>();
  /** A person has mended the access of an account. */
  readonly onMended = new Set<(name: string) => void>();
  /** A follower's rules were edited. */
  readonly onEdited = new Set<(name: string) => void>();
  /** Followers whose orders the broker refuses, as the journal has it. */
  readonly suspended = new Set<string>();
  /** A process begins. */
  readonly onBegin = new Set<() => void>();
  /** Names of the checks that have told something. */
  readonly toldBy = new Set<string>();
  /** All lives, the dead ones included. */
  readonly begun: Life[] = [];
  readonly #tokens = new Map<string, string>();
  readonly #secrets = new Set<string>();
  readonly #unanswered = new Map<string, Set<HttpRequest>>();
  readonly #lives = new Set<Life>();
  /** Of followers whose rules were edited. */
  readonly #rules = new Map<string, readonly WorldFollower[]>();
  #livesBegun = 0;
  #editsMade = 0;
  /** Nobody starts a process: it is night. */
  #isClosed = false;

  constructor(options: WorldOptions) {
    const { seed, switches, shadow } = options;
    this.options = options;
    this.clock = virtualClock(Date.parse(STARTS_AT) + (options.beginsLateMs ?? 0));
    this.simulator = createSimulator({
      clock: this.clock,
      random: randomOf(seed, "simulator"),
      ...(switches && { switches }),
    });
    this.books = new Books(this.simulator);
    this.trace = new Trace(this.clock);
    this.troubles = new Troubles(this.clock);
    const journal = tracedJournal(memoryJournal(this.store), this.trace);
    this.journal = watchedJournal(journal, (stream, entries) => this.#wrote(stream, entries));
    this.shadow = shadow && new Shadow(this, shadow.name);
    for (const name of this.everyone) {
      const clientId = this.clientOf(name);
      const account = { clientId, name, availableBalance: RICH, primaryIp: HOME };
      this.#takeToken(name, this.simulator.createAccount(account).accessToken);
    }
  }

  get names(): readonly string[] {
    return ["leader", ...this.options.followers.map(({ name }) => name)];
  }

  /** All who have an account at the broker: the shadow, too. */
  get everyone(): readonly string[] {
    const { shadow } = this.options;
    return shadow === undefined ? this.names : [...this.names, shadow.name];
  }

  #wrote(stream: StreamName, entries: readonly NewEntry[]): void {
    const { account = "" } = streamAccount(stream) ?? {};
    for (const { kind } of entries) {
      if (kind === "suspended") this.suspended.add(account);
      else if (kind === "resumed") this.suspended.delete(account);
    }
    if (stream === this.shadow?.stream) this.shadow.decided(entries);
    else this.onEntries(stream, entries);
  }

  clientOf(name: string): string {
    if (name === this.options.shadow?.name) return SHADOW_CLIENT;
    const followers = this.options.followers.map((follower) => follower.name);
    return String(FIRST_CLIENT + (name === "leader" ? 0 : followers.indexOf(name) + 1));
  }

  nameOf(clientId: string): string {
    return must(
      this.everyone.find((name) => this.clientOf(name) === clientId),
      `an account ${clientId}`,
    );
  }

  /** Tokens that ever were valid: none of them may be found in the journal. */
  get secrets(): readonly string[] {
    return [...this.#secrets];
  }

  get isReady(): boolean {
    return [...this.#lives].some((life) => life.isReady);
  }

  /** No process runs. */
  get isDown(): boolean {
    return this.#lives.size === 0;
  }

  get livesBegun(): number {
    return this.#livesBegun;
  }

  /** An order command of the account is unanswered, or an order of it is on its way to the exchange. */
  hasOrderInFlight(name: string): boolean {
    if ((this.#unanswered.get(name)?.size ?? 0) > 0) return true;
    return this.books.alive(this.clientOf(name)).some((row) => row.orderStatus === "TRANSIT");
  }

  #takeToken(name: string, token: string): void {
    this.#tokens.set(name, token);
    this.#secrets.add(token);
  }

  /** A process begins on what the journal holds, and is waited for until it is ready. */
  async startDesk(): Promise<void> {
    this.#isClosed = false;
    await this.#begin();
    await this.untilReady();
  }

  /** Every link is armed; throws when that takes too long. */
  async untilReady(): Promise<void> {
    if (await this.clock.runUntil(() => this.isReady, READY_WITHIN_MS)) return;
    const [life] = this.#lives;
    const reasons = life?.desk?.readiness().reasons ?? ["no process"];
    throw new Error(`the desk is not ready: ${reasons.join("; ")}`);
  }

  /** Every process is stopped, as by a person in the evening, and none begins until `startDesk`. */
  async stopDesk(): Promise<void> {
    this.#isClosed = true;
    const lives = [...this.#lives];
    this.#lives.clear();
    const desks = lives.flatMap(({ desk }) => (desk === undefined ? [] : [desk]));
    await this.#waitFor(Promise.all(desks.map((desk) => desk.stop())));
    for (const life of lives) life.die();
    this.#unanswered.clear();
    this.trace.add("the desk is stopped");
  }

  /** Another process begins on the same journal while the first one lives. */
  startSecond(): void {
    this.hadSecond = true;
    this.trace.add("a second process begins");
    void this.#begin();
  }

  /**
   * Another machine begins on a copy of the journal, and each believes that it is the only one. The
   * checks hear of the first one's journal alone.
   */
  startElsewhere(store: MemoryStore): void {
    this.hadSecond = true;
    this.trace.add("another machine begins");
    void this.#begin(memoryJournal(store));
  }

  async #begin(journal = this.journal): Promise<void> {
    this.#livesBegun += 1;
    for (const listener of this.onBegin) listener();
    const clock = this.machine.clockOver(this.clock);
    const life = new Life(clock, this.options.wraps ?? {}, () => this.secrets);
    this.#lives.add(life);
    this.begun.push(life);
    const opened = this.names.map((name) => this.#open(name, life));
    const links = this.#links();
    const editsMade = this.#editsMade;
    if (this.shadow !== undefined) opened.push(this.#openShadow(this.shadow, life));
    const { calendar } = this.options;
    await life.start(
      this.#journalOf(life, journal),
      opened,
      links,
      () => this.#lost(life),
      calendar && calendarOf(calendar),
    );
    // Edited while it started: the rules are the first thing that it is told.
    if (!life.isDead && this.#editsMade !== editsMade) life.useLinks(this.#links());
  }

  /** The store has refused it as a writer: it ends, and a supervisor sees that one process runs. */
  #lost(life: Life): void {
    if (life.isDead) return;
    this.trace.add("a process finds another writer and ends");
    life.die();
    this.#lives.delete(life);
    if (this.#lives.size === 0) this.clock.schedule(SUPERVISOR_MS, () => this.#beginIfNone());
  }

  #beginIfNone(): void {
    if (this.#lives.size === 0 && !this.#isClosed) void this.#begin();
  }

  #journalOf(life: Life, journal: Journal): Journal {
    const { machine, clock } = this;
    return hookedJournal(journal, {
      clock,
      isDead: () => life.isDead,
      delayMs: () => machine.appendMs,
      failure: () => machine.failure,
      before: (appends) => holdsIntent(appends) && machine.reaches("dies-before-append"),
      after: (appends) => holdsIntent(appends) && machine.reaches("dies-after-append"),
    });
  }

  #open(name: string, life: Life): Opened {
    const part = `${name}/${this.#livesBegun}`;
    const random = randomOf(this.options.seed, `link/${part}`);
    const { latencies } = this.options;
    const wire = this.simulator.connect({ random, ...(latencies && { latencies }) });
    const link = hookedLink(tracedLink(wire, name, this.trace), {
      leaving: (request) => this.#leaving(name, request),
      sent: (request) => this.#sent(life, name, request),
      answered: (request, reply) => {
        for (const listener of this.onAnswer) listener(name, request, reply);
      },
      settled: (request) => this.#unanswered.get(name)?.delete(request),
    });
    const account = createDhanAccount({
      restUrl: "http://in-memory/v2",
      orderUpdateUrl: "ws://in-memory",
      clientId: this.clientOf(name),
      accessToken: must(this.#tokens.get(name), `a token of ${name}`),
      clock: life.clock,
      random: randomOf(this.options.seed, `client/${part}`),
      transports: link,
    });
    return {
      account: { id: toAccountId(name), broker: account.broker, dropCopy: account.dropCopy },
      useToken: (token) => account.useToken(token),
      cut: () => link.cut(),
    };
  }

  #openShadow(shadow: Shadow, life: Life): Opened {
    const accessToken = must(this.#tokens.get(shadow.name), `a token of ${shadow.name}`);
    return shadow.open({ clock: life.clock, accessToken, part: `${this.#livesBegun}` });
  }

  #leaving(_name: string, request: HttpRequest): void {
    if (isLookup(request)) this.machine.reaches("dies-settling");
    if (isCommand(request)) this.machine.reaches("dies-before-send");
  }

  #sent(life: Life, name: string, request: HttpRequest): void {
    if (life.isDead || !isCommand(request)) return;
    const unanswered = this.#unanswered.get(name) ?? new Set();
    this.#unanswered.set(name, unanswered.add(request));
    for (const listener of [...this.onCommand]) listener(name, request);
    this.machine.reaches("dies-after-send");
  }

  /**
   * The process dies: nothing of it is called any more, and what it has sent still arrives. The next
   * one begins `downMs` later, while the day goes on. Nothing happens while none is running.
   */
  crashDesk(downMs: number): boolean {
    if (this.#lives.size === 0) return false;
    for (const life of this.#lives) life.die();
    this.#lives.clear();
    this.#unanswered.clear();
    this.clock.schedule(downMs, () => this.#beginIfNone());
    this.trace.add("the process dies");
    return true;
  }

  /** A token that works and an address that is registered; the person who mended it tells Tandem. */
  mendAccess(name: string, what: "token" | "address"): void {
    const clientId = this.clientOf(name);
    if (what === "address") this.simulator.changeAccount({ clientId, primaryIp: HOME });
    else {
      const { accessToken } = this.simulator.changeToken({ clientId, action: "supersede" });
      this.#takeToken(name, accessToken);
    }
    const token = must(this.#tokens.get(name), `a token of ${name}`);
    for (const listener of this.onMended) listener(name);
    for (const life of this.#lives) life.accessMended(toAccountId(name), token);
  }

  /**
   * A person stops entries of a follower (absent: of all), squares him off, lets entries flow again, or
   * puts his link into a mode. Resolves when it is durable; rejects, or never settles, where no process
   * takes it. A mode is written to the journal where none runs.
   */
  async tellDesk(what: OperatorWhat, name?: string): Promise<void> {
    const desk = this.#liveDesk();
    if (isMode(what)) return this.#setMode(MODES[what], must(name, "whose link it is"), desk);
    const ids = name === undefined ? undefined : [toAccountId(name)];
    if (desk === undefined) throw new Error("no process runs");
    if (what !== "release") await desk.stopEntries(what, "operator", "", ids);
    else {
      const causes = ["kill", "square-off"] as const;
      await Promise.all(causes.map((cause) => desk.allowEntries(cause, "operator", ids)));
    }
  }

  async #setMode(mode: LinkMode, name: string, desk: Desk | undefined): Promise<void> {
    const link = must(
      this.#links().find(({ follower }) => follower === name),
      `a link of ${name}`,
    );
    if (desk !== undefined) await desk.setMode(link.id, mode, "operator", "");
    else if (!this.isDown) throw new Error("the process is starting");
    else await writeMode(this.journal, link, mode, this.machine.clockOver(this.clock).nowMs());
  }

  /** What the process that runs shows of the follower's differences; nothing where none runs. */
  seesRepairs(name: string): readonly SeenPosition[] {
    const station = this.#liveDesk()?.stations.find(({ account }) => account === name);
    return seenPositions(station?.follower?.repairOffers() ?? []);
  }

  /** A person says yes to what he saw; nobody hears it where no process runs. */
  tellRepairs(name: string, requestId: string, positions: readonly SeenPosition[]): void {
    const told = this.#liveDesk()?.tell([toAccountId(name)], (follower) =>
      follower.feed({ kind: "repair", requestId, by: "operator", positions }),
    );
    // The process may end before it is durable.
    told?.catch(() => {});
  }

  /** What the process that runs says; undefined where none runs. */
  isProvedFlat(name: string): boolean | undefined {
    return this.#liveDesk()
      ?.flatness([toAccountId(name)])
      .every(({ isProved }) => isProved);
  }

  /** New rules of a follower's link: of the process that runs, and of all that come. */
  editRules(name: string, link: Partial<Link>): void {
    const versions = this.rulesOf(name);
    this.#rules.set(name, [...versions, { ...(versions[0] as WorldFollower), link }]);
    this.trace.add("the rules are edited", name);
    this.#editsMade += 1;
    for (const life of this.#lives) life.useLinks(this.#links());
    for (const listener of this.onEdited) listener(name);
  }

  /** All rules that the follower's link has had so far, the first ones first. */
  rulesOf(name: string): readonly WorldFollower[] {
    const first = this.options.followers.filter((follower) => follower.name === name);
    return this.#rules.get(name) ?? first;
  }

  #links(): readonly Link[] {
    const { followers, shadow } = this.options;
    const rules = followers.map(({ name }) => must(this.rulesOf(name).at(-1), `rules of ${name}`));
    return [...rules, ...(shadow === undefined ? [] : [shadow])].map(linkOf);
  }

  #liveDesk(): Desk | undefined {
    return [...this.#lives].find((life) => !life.isDead && life.desk !== undefined)?.desk;
  }

  /** The broker's risk desk cancels every order of the account and closes its positions. */
  squareOff(name: string): void {
    const random = randomOf(this.options.seed, `risk-desk/${name}`);
    const { http } = this.simulator.connect({ random });
    const held = this.simulator.accounts().find(({ clientId }) => clientId === this.clientOf(name));
    const headers = { "access-token": must(held, `an account of ${name}`).accessToken };
    const ignored = () => {};
    http
      .request({ method: "DELETE", path: "/positions", headers }, { timeoutMs: 10_000 })
      .then(ignored, ignored);
  }

  async stop(): Promise<void> {
    const desks = [...this.#lives].flatMap(({ desk }) => (desk === undefined ? [] : [desk]));
    this.#lives.clear();
    await this.#waitFor(Promise.all(desks.map((desk) => desk.stop())));
    await this.simulator.close();
    await this.shadow?.close();
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

function isMode(what: OperatorWhat): what is keyof typeof MODES {
  return what in MODES;
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
