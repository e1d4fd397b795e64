import { Written } from "../../../audit/written.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import type { Row } from "../books.ts";
import type { PlannedCalendar } from "../planned-calendar.ts";
import type { World, WorldFollower } from "../world.ts";
import type { Check, MakeCheck, Tell } from "./check.ts";
import { DecidedSince } from "./decided-since.ts";
import { EntryOrders } from "./entry-orders.ts";

/** What Tandem knows of the broker's clock is from frames that tell whole seconds. */
const AHEAD_MS = 2_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const IST_MS = 19_800_000;
const CODES: ReadonlySet<string> = new Set(["outside-window", "market-closed", "calendar-stale"]);

/**
 * Entries are decided, and enlarged, within the link's copy window, and decided while the calendar says
 * that the market takes orders, by the broker's clock; and what was left out for that is not copied
 * later. What the broker keeps until he may send it (after-market orders, triggers) has no wrong hour but
 * that of the window.
 */
export const withinHours: MakeCheck = (world, tell) => new WithinHours(world, tell);

/** One of the rules that a link has had. */
interface Version {
  readonly rules: WorldFollower;
  /** Wall time; Infinity for the ones that it has. */
  untilMs: number;
}

class WithinHours implements Check {
  readonly name = "within-hours";
  readonly #world: World;
  readonly #tell: Tell;
  readonly #written: Written;
  readonly #versions = new Map<string, Version[]>();
  readonly #entries: EntryOrders;
  readonly #leftOut = new Map<string, string>();
  readonly #rows = new Map<string, Row>();
  readonly #decided: DecidedSince;

  constructor(world: World, tell: Tell) {
    this.#world = world;
    this.#tell = tell;
    this.#written = new Written(world);
    this.#entries = new EntryOrders(world, this.#written);
    this.#decided = new DecidedSince(world);
    for (const { name } of world.options.followers) this.#edited(name);
    world.onEdited.add((name) => this.#edited(name));
  }

  onOrder(change: OrderChange): void {
    this.#rows.set(change.orderId, change.row);
    this.#decided.take(change);
  }

  onEntries(stream: StreamName, facts: readonly NewEntry[]): void {
    this.#written.take(stream, facts);
    this.#entries.take(facts);
    const name = this.#written.nameOf(stream);
    if (name === undefined) return;
    for (const { kind, body } of facts) {
      const { copyId = "", leg, code = "", identity, command } = body as Decision;
      if (kind === "skipped" && leg !== "exit" && CODES.has(code)) this.#leftOut.set(copyId, code);
      if (kind === "placeIntended" && identity?.leg === "entry" && command !== undefined) {
        this.#judge(name, copyId, command, identity.leaderOrderId);
      }
      if (kind === "modifyIntended" && command !== undefined) this.#judgeChange(name, command);
    }
  }

  #edited(name: string): void {
    const rules = this.#world.rulesOf(name).at(-1);
    if (rules === undefined) return;
    const nowMs = this.#world.clock.nowMs();
    const versions = this.#versions.get(name) ?? [];
    const last = versions.at(-1);
    if (last !== undefined) last.untilMs = nowMs;
    versions.push({ rules, untilMs: Number.POSITIVE_INFINITY });
    this.#versions.set(name, versions);
  }

  #judge(name: string, copyId: string, command: Command, leaderOrderId: string): void {
    const why = this.#leftOut.get(copyId);
    if (why !== undefined) this.#tell(`${name}: ${copyId} is copied after it was left out: ${why}`);
    const sinceMs = this.#decided.earliestMs(name, leaderOrderId);
    if (sinceMs === undefined) return;
    const what = `${name}: the entry ${command.correlationId} is decided`;
    const at = timeOf(this.#world.clock.nowMs());
    if (this.#isOutsideWindow(name, sinceMs)) this.#tell(`${what} at ${at}, outside of the window`);
    const isKept = command.isAfterMarket === true || command.vehicle === "forever";
    const { calendar } = this.#world.options;
    if (!isKept && calendar !== undefined && this.#isAway(sinceMs, (ms) => isOpen(calendar, ms))) {
      this.#tell(`${what} at ${at}, outside of the session`);
    }
  }

  /** When the leader has asked for more is not looked for: it counts where nothing has held it up. */
  #judgeChange(name: string, { brokerOrderId = "", leg, terms }: Command): void {
    const row = this.#rows.get(brokerOrderId);
    const sinceMs = this.#decided.earliestMs(name);
    if (row === undefined || leg !== undefined || sinceMs === undefined) return;
    if (!this.#entries.has(row) || terms.quantity <= row.quantity) return;
    const what = `${name}: the entry ${brokerOrderId} is to become ${terms.quantity}`;
    const at = timeOf(this.#world.clock.nowMs());
    if (this.#isOutsideWindow(name, sinceMs)) this.#tell(`${what} at ${at}, outside of the window`);
  }

  /** By every rule that the link had while it may have been decided. */
  #isOutsideWindow(name: string, sinceMs: number): boolean {
    const recent = (this.#versions.get(name) ?? []).filter(({ untilMs }) => untilMs >= sinceMs);
    return recent.every(({ rules }) => {
      const window = rules.link?.guards?.window;
      if (window === undefined) return false;
      return this.#isAway(sinceMs, (ms) => {
        return isWithin(minuteOf(ms), window.fromMinute, window.toMinute);
      });
    });
  }

  /** No moment in which it may have been decided is allowed. */
  #isAway(sinceMs: number, isAllowed: (wallMs: number) => boolean): boolean {
    const untilMs = this.#world.clock.nowMs() + AHEAD_MS;
    for (let ms = sinceMs; ms < untilMs; ms += MINUTE_MS) if (isAllowed(ms)) return false;
    return !isAllowed(untilMs);
  }
}

interface Command {
  readonly correlationId: string;
  readonly isAfterMarket?: true;
  readonly vehicle?: string;
  readonly brokerOrderId?: string;
  readonly leg?: string;
  readonly terms: { readonly quantity: number };
}

interface Decision {
  readonly copyId?: string;
  readonly leg?: string;
  readonly code?: string;
  readonly identity?: { readonly leg: string; readonly leaderOrderId: string };
  readonly command?: Command;
}

function isOpen({ spans, days }: PlannedCalendar, wallMs: number): boolean {
  const day = new Date(wallMs + IST_MS).toISOString().slice(0, "2026-12-01".length);
  const isCovered = days.includes(day);
  return isCovered && spans.some(([from, to]) => isWithin(minuteOf(wallMs), from, to));
}

function minuteOf(wallMs: number): number {
  return Math.floor(((wallMs + IST_MS) % DAY_MS) / MINUTE_MS);
}

function isWithin(minute: number, from: number, to: number): boolean {
  return minute >= from && minute < to;
}

function timeOf(wallMs: number): string {
  return new Date(wallMs + IST_MS).toISOString().slice("2026-12-01T".length, -1);
}
