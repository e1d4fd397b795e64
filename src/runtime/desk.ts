/**
 * All accounts of one Tandem: who leads whom, and when each may act.
 *
 * There is one way to start, and it is recovery: fold the journal, watch every account, read its
 * books, settle what was in flight, and only then arm. A leader event and all that follows from it
 * for all followers is one append.
 */
import type { Calendar } from "../core/model/calendar.ts";
import type { StopCause } from "../core/model/fact.ts";
import type { AccountId, BrokerOrderId, LinkId } from "../core/model/ids.ts";
import type { Link, LinkMode } from "../core/model/link.ts";
import { capitalsOf } from "../core/model/sizing.ts";
import { followerStream, leaderStream } from "../core/model/stream.ts";
import { beginOfDay, type TradingDay, tradingDayOf } from "../core/model/time.ts";
import { DEFAULT_LIMITS, type Limits, type StepContext } from "../core/plan/draft.ts";
import { assert, must } from "../platform/assert.ts";
import { type SteadyClock, steadyClock } from "../platform/steady-clock.ts";
import type { Broker, DropCopy } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, SeqConflict } from "../ports/journal.ts";
import type { Logger } from "../ports/logger.ts";
import {
  AccountFeed,
  DEFAULT_CADENCE,
  type FeedCadence,
  type FeedListener,
  spreadOf,
} from "./account-feed.ts";
import { type Flatness, FlatProof, troubleOf } from "./flat-proof.ts";
import { FollowerLoop } from "./follower-loop.ts";
import { inheritStops } from "./inherit-stops.ts";
import { JournalWriter } from "./journal-writer.ts";
import { LeaderLoop } from "./leader-loop.ts";
import { withPacedReads } from "./paced-reads.ts";
import { DHAN_ORDER_WINDOWS, RateBudget, type RateWindow } from "./rate-budget.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import { replayFollower, replayLeader } from "./replay.ts";

export interface DeskAccount {
  readonly id: AccountId;
  readonly broker: Broker;
  readonly dropCopy: DropCopy;
}

export interface DeskOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: readonly DeskAccount[];
  readonly links: readonly Link[];
  readonly instrument: StepContext["instrument"];
  readonly sha256: StepContext["sha256"];
  /** Absent: the market is always open. */
  readonly calendar?: Calendar;
  readonly limits?: Partial<Limits>;
  readonly cadence?: Partial<FeedCadence>;
  readonly windows?: readonly RateWindow[];
  /** Another writer owns the journal: this process must end. */
  readonly onLost: (error: SeqConflict) => void;
}

type SteadyOptions = DeskOptions & { readonly clock: SteadyClock };

/** Entries cannot be stopped or allowed as it was asked; nothing was changed. */
export class StopFault extends Error {
  override readonly name = "StopFault";
}

/** How long orders of an account that refuses them are not tried again, when its books can be read. */
const TRY_ACCESS_MS = { auth: 15_000, address: 60_000 } as const;

const TICK_MS = 5_000;
const DAY_MS = 86_400_000;

interface Station {
  readonly account: AccountId;
  readonly feed: AccountFeed;
  readonly leader: LeaderLoop | undefined;
  readonly follower: FollowerLoop | undefined;
  /** Its books have been read at least once since this process began. */
  wasRead: boolean;
  /** Monotonic: since when the broker refuses its orders. */
  suspendedAtMs: number | undefined;
  readonly flatProof: FlatProof;
}

export class Desk {
  readonly #options: SteadyOptions;
  readonly #writer: JournalWriter;
  readonly #stations = new Map<AccountId, Station>();
  #links: ReadonlyMap<LinkId, Link>;
  readonly #begunLinks = new Set<LinkId>();
  #cancelTick: (() => void) | undefined;
  #day: TradingDay | undefined;
  #isStopping = false;

  private constructor(options: SteadyOptions) {
    this.#options = options;
    this.#links = new Map(options.links.map((link) => [link.id, link]));
    const { journal, clock, logger, onLost } = options;
    this.#writer = new JournalWriter({ journal, clock, logger, onLost });
  }

  /** Recovers from the journal and begins to watch; orders flow once the accounts are proved. */
  static async start(given: DeskOptions): Promise<Desk> {
    const options = { ...given, clock: steadyClock(given.clock) };
    const desk = new Desk(options);
    for (const account of options.accounts) await desk.#open(account);
    for (const { id, follower } of options.links) {
      if (desk.#station(follower).follower?.state.links.has(id)) desk.#begunLinks.add(id);
    }
    const day = tradingDayOf(options.clock.nowMs());
    desk.#day = day;
    desk.#writer.turn(() => {
      inheritStops(desk.#followers());
      for (const station of desk.#stations.values()) {
        station.leader?.dayBegan(day);
        station.follower?.recover();
        station.follower?.feed({ kind: "dayBegan", day });
        station.follower?.feed({ kind: "resumed" });
      }
    });
    for (const station of desk.#stations.values()) station.feed.start();
    desk.#scheduleTick();
    return desk;
  }

  get stations(): readonly Pick<Station, "account" | "feed" | "leader" | "follower">[] {
    return [...this.#stations.values()];
  }

  /** Links whose beginning is durable: a restart will copy what the leader does from now on. */
  get begunLinks(): ReadonlySet<LinkId> {
    return this.#begunLinks;
  }

  /** Whether every link that copies is armed, and if not, why. */
  readiness(): Readiness {
    const { failure } = this.#writer;
    return readinessOf({
      links: this.#links.values(),
      station: (id) => this.#station(id),
      begunLinks: this.#begunLinks,
      problems: [
        ...(failure === undefined ? [] : [`the journal cannot be written: ${failure}`]),
        ...(this.#isStopping ? ["stopping"] : []),
      ],
    });
  }

  /**
   * Stops entries of these accounts (absent: of all that follow, and of those that will): from the
   * call on nothing that increases exposure leaves for them. Resolves to their names when that is
   * durable, in one append for all of them; while the journal cannot be written it does not resolve.
   * Rejects with a StopFault for an account that does not follow, and when the desk is stopping.
   */
  async stopEntries(
    cause: StopCause,
    by: string,
    text: string,
    accounts?: readonly AccountId[],
  ): Promise<readonly AccountId[]> {
    const isForAll = accounts === undefined ? { isForAll: true as const } : {};
    return this.tell(accounts, (follower) =>
      follower.feed({ kind: "stopEntries", cause, by, text, ...isForAll }),
    );
  }

  /** Takes the cause away for these accounts (absent: for all); resolves when that is durable. */
  async allowEntries(
    cause: StopCause,
    by: string,
    accounts?: readonly AccountId[],
  ): Promise<readonly AccountId[]> {
    return this.tell(accounts, (follower) => follower.feed({ kind: "allowEntries", cause, by }));
  }

  /** New rules for the links, all of them at once; which links there are must be the same. */
  useLinks(links: readonly Link[]): void {
    const isKnown = (link: Link) => this.#links.get(link.id)?.follower === link.follower;
    assert(links.length === this.#links.size && links.every(isKnown), "the links are the same");
    this.#links = new Map(links.map((link) => [link.id, link]));
    this.tick();
  }

  /** Puts a link into a mode; resolves to its follower when that is durable. StopFault for no link. */
  async setMode(linkId: LinkId, mode: LinkMode, by: string, text: string): Promise<AccountId> {
    const link = this.#links.get(linkId);
    if (link === undefined) throw new StopFault(`${linkId} is no link`);
    const input = { kind: "setMode", linkId, mode, by, text } as const;
    await this.tell([link.follower], (follower) => follower.feed(input));
    return link.follower;
  }

  /**
   * How these accounts (absent: all that follow) stand. Asked again and again, it comes to be proved
   * where nothing copied is in: the positions are read once more for it.
   * Throws a StopFault for an account that does not follow.
   */
  flatness(accounts?: readonly AccountId[]): readonly Flatness[] {
    return this.#followers(accounts).map(({ account, state }) => {
      const station = this.#station(account);
      return station.flatProof.ask(state, troubleOf(station));
    });
  }

  /** Gives these followers (absent: all) an input in one append; resolves when that is durable. */
  async tell(
    accounts: readonly AccountId[] | undefined,
    tell: (follower: FollowerLoop) => void,
  ): Promise<readonly AccountId[]> {
    if (this.#isStopping) throw new StopFault("Tandem is stopping");
    const concerned = this.#followers(accounts);
    this.#writer.turn(() => concerned.forEach(tell));
    await new Promise<void>((resolve) => this.#writer.whenDurable(resolve));
    return concerned.map(({ account }) => account);
  }

  /** Absent: all. Throws a StopFault for one that does not follow. */
  #followers(accounts?: readonly AccountId[]): readonly FollowerLoop[] {
    const followers = [...this.#stations.values()].flatMap(({ follower }) => follower ?? []);
    const unknown = accounts?.find((id) => !followers.some(({ account }) => account === id));
    if (unknown !== undefined) throw new StopFault(`${unknown} is no account that follows`);
    return followers.filter(({ account }) => accounts?.includes(account) ?? true);
  }

  /**
   * The account's access was mended (a new token, a registered address): what was held back flows
   * again, and its books are read at once. Harmless when it was not: the next refusal suspends anew.
   */
  accessMended(id: AccountId): void {
    const { follower, feed } = this.#station(id);
    this.#writer.turn(() => follower?.feed({ kind: "resumed" }));
    feed.requestBook();
  }

  /** Sends nothing more, waits for the commands under way, records their outcomes, and ends. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelTick?.();
    const stations = [...this.#stations.values()];
    await Promise.all(stations.map((station) => station.follower?.close()));
    await Promise.all(stations.map((station) => station.feed.stop()));
    await this.#writer.drain();
  }

  async #open(given: DeskAccount): Promise<void> {
    const { clock, cadence, logger, links } = this.#options;
    const account = { ...given, broker: withPacedReads(given.broker, clock) };
    const log = logger.child({ account: account.id });
    const requestBook = () => this.#station(account.id).feed.requestBook();
    const leads = links.some((link) => link.leader === account.id);
    const follows = links.some((link) => link.follower === account.id);
    const station: Station = {
      account: account.id,
      leader: leads ? await this.#openLeader(account, log, requestBook) : undefined,
      follower: follows ? await this.#openFollower(account, log, requestBook) : undefined,
      feed: new AccountFeed({
        broker: account.broker,
        dropCopy: account.dropCopy,
        clock,
        logger: log,
        cadence: { ...DEFAULT_CADENCE, ...cadence },
        lists: () => {
          const own = follows ? this.#station(account.id).follower?.lists : undefined;
          return {
            superOrders: leads || own?.superOrders === true,
            forever: leads || own?.forever === true,
          };
        },
        lacksCapital: () => this.#lacksCapital(account.id),
        spreadMs: leads ? 0 : spreadOf(this.#stations.size),
        listener: this.#listener(account.id),
      }),
      wasRead: false,
      suspendedAtMs: undefined,
      flatProof: new FlatProof(() => this.#station(account.id).feed.forgetPositions()),
    };
    this.#stations.set(account.id, station);
  }

  #lacksCapital(id: AccountId): boolean {
    const { leader, follower } = this.#station(id);
    return [...this.#links.values()].some(({ sizing, ...link }) =>
      capitalsOf(sizing).some((role) => {
        const state = role === "leader" ? leader?.state : follower?.state;
        return link[role] === id && state?.capital === undefined;
      }),
    );
  }

  async #openLeader(account: DeskAccount, logger: Logger, requestBook: () => void) {
    const { journal, clock } = this.#options;
    const { state, lastSeq, newestAtMs } = await replayLeader(journal, account.id);
    this.#hasBeen(newestAtMs, logger);
    const stream = leaderStream(account.id);
    this.#writer.open(stream, lastSeq);
    const onOrders = (ids: readonly BrokerOrderId[], causedBy: string) =>
      this.#fanOut(account.id, ids, causedBy);
    return new LeaderLoop({
      state,
      stream,
      writer: this.#writer,
      clock,
      logger,
      onOrders,
      requestBook,
    });
  }

  async #openFollower(account: DeskAccount, logger: Logger, requestBook: () => void) {
    const { journal, clock, windows, instrument, sha256, limits, calendar } = this.#options;
    const { state, lastSeq, newestAtMs, commandsAtMs } = await replayFollower(journal, account.id);
    this.#hasBeen(newestAtMs, logger);
    const stream = followerStream(account.id);
    this.#writer.open(stream, lastSeq);
    const budget = new RateBudget(clock, windows ?? DHAN_ORDER_WINDOWS);
    const ages = commandsAtMs.map((atMs) => clock.nowMs() - atMs);
    budget.remember(ages.filter((ageMs) => ageMs < DAY_MS));
    return new FollowerLoop({
      state,
      stream,
      broker: account.broker,
      writer: this.#writer,
      clock,
      logger,
      budget,
      requestBook,
      context: {
        link: (id) => this.#links.get(id),
        // Nothing is planned before the books of both accounts were read since the start.
        leader: (id) => {
          const station = this.#stations.get(id);
          const isKnown = station?.wasRead && this.#stations.get(account.id)?.wasRead;
          return isKnown ? station.leader?.state : undefined;
        },
        areBooksRead: () => this.#stations.get(account.id)?.wasRead === true,
        brokerAheadMs: (id) => this.#stations.get(id)?.leader?.brokerAheadMs ?? 0,
        instrument,
        sha256,
        limits: { ...DEFAULT_LIMITS, ...limits },
        ...(calendar && { calendar }),
      },
    });
  }

  /** Ages are differences to times in the journal: they must not begin before those. */
  #hasBeen(atMs: number, logger: Logger): void {
    const { clock } = this.#options;
    if (clock.hasBeen(atMs)) return;
    logger.error("clock.behindJournal", { byMs: atMs - clock.nowMs() });
  }

  #listener(id: AccountId): FeedListener {
    const turn = (act: (station: Station) => void) => {
      // News of a new day must not be counted to the day before.
      if (this.#isNewDay()) this.tick();
      this.#writer.turn(() => act(this.#station(id)));
    };
    return {
      bookStarting: () => this.#station(id).leader?.seq ?? 0,
      orders: (seen) =>
        turn(({ leader, follower }) => {
          leader?.ordersSeen(seen);
          follower?.ordersSeen(seen);
        }),
      bookRead: (mark) =>
        turn((station) => {
          station.leader?.bookRead(mark);
          this.#tryAccess(station);
        }),
      positions: (nets, wanted) =>
        turn((station) => {
          station.flatProof.positionsRead(wanted);
          station.leader?.positions(nets);
          station.follower?.feed({ kind: "positions", nets });
        }),
      capital: (capital) =>
        turn(({ leader, follower }) => {
          leader?.capital(capital);
          follower?.feed({ kind: "capital", capital });
        }),
      known: () => turn((station) => this.#known(station)),
      changed: () => turn((station) => this.#changed(station)),
      refused: (text) =>
        turn(({ account, follower }) => {
          this.#options.logger.error("account.refused", { account, text });
          follower?.feed({ kind: "suspended", reason: "auth", text });
        }),
    };
  }

  /**
   * A refusal of access may have been the last of a trouble that is over: nothing else would tell, if no
   * read ever met it. So after a while the next command is let try; a refusal suspends anew.
   */
  #tryAccess(station: Station): void {
    const { follower } = station;
    const cause = follower?.state.suspended;
    const nowMs = this.#options.clock.monotonicMs();
    if (cause === undefined) {
      station.suspendedAtMs = undefined;
      return;
    }
    station.suspendedAtMs ??= nowMs;
    if (nowMs - station.suspendedAtMs < TRY_ACCESS_MS[cause]) return;
    station.suspendedAtMs = undefined;
    follower?.feed({ kind: "resumed" });
  }

  #changed(station: Station): void {
    const { state, problem } = station.feed;
    this.#options.logger.info("feed.changed", { account: station.account, state, problem });
    if (state !== "proved") return;
    if (station.follower?.state.suspended === "auth") station.follower.feed({ kind: "resumed" });
    this.#known(station);
  }

  /** The books alone carry a day whose stream does not come up: slower, and nobody is left alone. */
  #known(station: Station): void {
    const isFirst = !station.wasRead;
    station.wasRead = true;
    this.#openLinks();
    if (station.follower !== undefined && !station.follower.isArmed) {
      station.follower.arm(this.#leaderOrders(station.account));
    }
    const { leader } = station;
    if (isFirst && leader !== undefined) {
      this.#fanOut(station.account, leader.orderIds(), `leader/${station.account}#${leader.seq}`);
    }
  }

  /** A link begins where both its accounts are known; older leader orders are not its business. */
  #openLinks(): void {
    for (const link of this.#links.values()) {
      const leader = this.#station(link.leader);
      const { follower, wasRead } = this.#station(link.follower);
      if (!leader.wasRead || !wasRead || follower?.state.links.has(link.id)) continue;
      follower?.feed({
        kind: "linkOpened",
        linkId: link.id,
        leader: link.leader,
        leaderSeq: leader.leader?.seq ?? 0,
      });
      this.#writer.whenDurable(() => this.#begunLinks.add(link.id));
    }
  }

  #leaderOrders(follower: AccountId): Map<AccountId, readonly BrokerOrderId[]> {
    const orders = new Map<AccountId, readonly BrokerOrderId[]>();
    for (const link of this.#links.values()) {
      const leader = this.#station(link.leader).leader;
      if (link.follower === follower && leader !== undefined) {
        orders.set(link.leader, leader.orderIds());
      }
    }
    return orders;
  }

  #fanOut(leader: AccountId, ids: readonly BrokerOrderId[], causedBy: string): void {
    for (const link of this.#links.values()) {
      if (link.leader !== leader) continue;
      this.#stations.get(link.follower)?.follower?.leaderOrders(leader, ids, causedBy);
    }
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#options.clock.schedule(TICK_MS, () => {
      this.tick();
      this.#scheduleTick();
    });
  }

  #isNewDay(): boolean {
    const atMs = this.#options.clock.nowMs() - (this.#day ? beginOfDay(this.#day) : 0);
    return atMs < 0 || atMs >= DAY_MS;
  }

  /** Looks at everything again: the day may have changed, and holds may have ended. */
  tick(): void {
    const day = tradingDayOf(this.#options.clock.nowMs());
    this.#day = day;
    this.#writer.turn(() => {
      for (const { leader, follower, feed } of this.#stations.values()) {
        const known = leader?.state.day ?? follower?.state.day;
        if (known !== undefined && known !== day) feed.forgetPositions();
        leader?.dayBegan(day);
        follower?.feed({ kind: "dayBegan", day });
        if (follower?.isArmed && follower.isWaiting) follower.feed({ kind: "tick" });
      }
    });
  }

  #station(id: AccountId): Station {
    return must(this.#stations.get(id), `account ${id}`);
  }
}
