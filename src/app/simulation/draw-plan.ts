/** Draws a day out of a seed. Each part has a stream of its own. */
import type { Latencies, Switches } from "../../simulator/index.ts";
import type { Act, Night } from "./day/act.ts";
import { FAMILY_NAMES, type FamilyName } from "./day/families.ts";
import type { OperatorAct } from "./day/operator.ts";
import { Draw } from "./draw.ts";
import { withHours } from "./draw-hours.ts";
import { withPerson } from "./draw-person.ts";
import { drawRejections, drawRepairs, withRepairRules } from "./draw-repairs.ts";
import { drawCopying, drawEdits, drawFollowers, withRules } from "./draw-rules.ts";
import {
  COMMAND_PATHS,
  ON_PLACE,
  ON_REPLY,
  STRIKE_KINDS,
  type Strike,
  type StrikeKind,
} from "./faults/strike.ts";
import { TRADED } from "./instruments.ts";
import type { Plan, PlannedFollower } from "./plan.ts";
import { SHADOW_NAME } from "./shadow.ts";

/** What a caller fixes; the rest is drawn. */
export interface DrawOptions {
  readonly families?: readonly FamilyName[];
  /** Kinds that may exist; default: all. */
  readonly strikes?: readonly StrikeKind[];
}

const STRIKES_MAX = 14;

export function drawPlan(seed: number, options: DrawOptions = {}): Plan {
  const draw = new Draw(seed, "plan");
  const families = options.families ?? drawFamilies(draw);
  const switches = drawSwitches(draw);
  const followers = withRepairRules(seed, withRules(seed, drawFollowers(draw)));
  const instruments = TRADED.map(({ instrument }) => instrument.key).filter(() => draw.chance(60));
  const acts = withNight(seed, drawActs(new Draw(seed, "acts"), families));
  const spanMs = acts.at(-1)?.atMs ?? 0;
  const repairs = drawRepairs(seed, followers, spanMs);
  const plan: Plan = {
    seed,
    followers,
    instruments: instruments.length > 0 ? instruments : [draw.pick(TRADED).instrument.key],
    latencies: drawLatencies(draw),
    switches,
    acts,
    strikes: [
      ...drawStrikes(new Draw(seed, "strikes"), followers, spanMs, options.strikes),
      ...drawAddressLost(new Draw(seed, "address"), followers, spanMs, options.strikes),
      ...drawRejections(seed, repairs, spanMs, options.strikes),
    ].sort((a, b) => a.atMs - b.atMs),
    operator: drawOperator(new Draw(seed, "operator"), followers, spanMs),
    edits: drawEdits(new Draw(seed, "edits"), followers, acts),
    repairs,
    shadows: drawShadows(new Draw(seed, "shadow")),
  };
  return withPerson(seed, withHours(seed, plan));
}

const SHADOW_PERCENT = 33;

/** In some days somebody follows on paper, one for one. */
function drawShadows(draw: Draw): readonly PlannedFollower[] {
  if (!draw.chance(SHADOW_PERCENT)) return [];
  return [{ name: SHADOW_NAME, bps: 10_000, link: drawCopying(draw) }];
}

function drawFamilies(draw: Draw): readonly FamilyName[] {
  const families = FAMILY_NAMES.filter((name) => draw.chance(name === "plain" ? 70 : 30));
  return families.length > 0 ? families : ["plain"];
}

function drawSwitches(draw: Draw): Partial<Switches> {
  return {
    transitMs: draw.pick([5, 50, 50, 300]),
    changeMs: draw.pick([5, 20, 20, 150]),
    siblingCancelMs: draw.pick([0, 0, 50]),
    transitFrames: draw.chance(80),
    partialStatus: draw.pick(["Pending", "Part Traded", "PART_TRADED"]),
    superLegIds: draw.pick(["distinct", "same"]),
    staticIp: true,
    brackets: draw.pick(["refuse", "legacy"]),
    coStop: draw.pick(["trigger", "trigger", "distance"]),
  };
}

function drawLatencies(draw: Draw): Latencies {
  const toMs = draw.pick([12, 12, 60, 250]);
  const way = { fromMs: 3, toMs };
  return { up: way, down: way, connect: { fromMs: 15, toMs: 40 } };
}

/** Mostly seconds apart; now and then everything at once. */
function drawActs(draw: Draw, families: readonly FamilyName[]): readonly Act[] {
  const begins = draw.int(4, 24);
  const isThin = draw.chance(50);
  const acts: Act[] = [];
  let atMs = 0;
  for (let id = 1, begun = 0; begun < begins; id += 1) {
    atMs += gapMs(draw);
    const family = draw.anyOf(families) ?? "plain";
    const kind = draw.int(0, 10);
    if (kind < 3) acts.push({ id, atMs, what: "moves" });
    else if (kind < 5) acts.push({ id, atMs, what: "goesOn", family });
    else if (kind === 5 && isThin) acts.push({ id, atMs, what: "liquidity", lots: draw.int(0, 8) });
    else {
      acts.push({ id, atMs, what: "begins", family });
      begun += 1;
    }
  }
  return acts;
}

const NIGHT_PERCENT = 33;
/** No act of a day has such a number of its own. */
const NIGHT_ID = 1_001;
/** From the last act of the evening to the first of the morning, at the most. */
const NIGHT_MS = 150_000;

/** In some days the session ends among the acts; those after it are the next day's. */
function withNight(seed: number, acts: readonly Act[]): readonly Act[] {
  const draw = new Draw(seed, "night");
  const place = draw.int(1, acts.length);
  if (!draw.chance(NIGHT_PERCENT)) return acts;
  const atMs = (acts[place - 1]?.atMs ?? 0) + draw.int(0, 5_000);
  const night: Night = {
    isStopped: draw.chance(50),
    killsTokens: draw.chance(70),
    waitsMs: draw.pick([0, 2_000, 30_000]),
  };
  const shiftMs = atMs - (acts[place - 1]?.atMs ?? 0) + NIGHT_MS;
  const later = acts.slice(place).map((act) => ({ ...act, atMs: act.atMs + shiftMs }));
  return [...acts.slice(0, place), { id: NIGHT_ID, atMs, what: "night", night }, ...later];
}

function gapMs(draw: Draw): number {
  if (draw.chance(25)) return draw.int(0, 60);
  return draw.chance(50) ? draw.int(60, 800) : draw.int(800, 6_000);
}

const KILL_PERCENT = 20;

/** In some days entries are stopped, or all is closed, and in half of these they flow again. */
function drawOperator(
  draw: Draw,
  followers: readonly PlannedFollower[],
  spanMs: number,
): readonly OperatorAct[] {
  if (!draw.chance(KILL_PERCENT)) return [];
  const atMs = draw.int(0, spanMs);
  const account = draw.chance(25) ? draw.anyOf(followers)?.name : undefined;
  const whose = account === undefined ? {} : { account };
  const aim = draw.chance(50) ? { isAimed: true as const } : {};
  const what = draw.chance(40) ? "square-off" : "kill";
  const kill: OperatorAct = { id: 1, atMs, what, ...whose, ...aim };
  const releaseMs = draw.int(atMs, Math.max(atMs, spanMs));
  if (draw.chance(50)) return [kill];
  return [kill, { id: 2, atMs: releaseMs, what: "release", ...whose }];
}

function drawStrikes(
  draw: Draw,
  followers: readonly PlannedFollower[],
  spanMs: number,
  allowed: readonly StrikeKind[] = STRIKE_KINDS,
): readonly Strike[] {
  const [first, ...rest] = STRIKE_KINDS.filter((kind) => draw.chance(50) && allowed.includes(kind));
  if (first === undefined || draw.chance(10)) return [];
  const count = draw.int(1, STRIKES_MAX);
  const names = ["leader", ...followers.map(({ name }) => name)];
  const strikes: Strike[] = [];
  for (let id = 1; id <= count; id += 1) {
    strikes.push(drawStrike(draw, id, draw.pick([first, ...rest]), names, spanMs));
  }
  return strikes.sort((a, b) => a.atMs - b.atMs);
}

const ADDRESS_PERCENT = 15;
const ADDRESS_ID = 1_001;

/**
 * A follower's address is refused for a good part of the day: reads and frames go on as ever, so that
 * nothing but the refusals themselves can tell Tandem to stop.
 */
function drawAddressLost(
  draw: Draw,
  followers: readonly PlannedFollower[],
  spanMs: number,
  allowed: readonly StrikeKind[] = STRIKE_KINDS,
): readonly Strike[] {
  const kind = "address-wrong";
  const account = draw.anyOf(followers)?.name ?? "";
  const atMs = draw.int(0, Math.floor(spanMs / 2));
  const ms = draw.int(20_000, 60_000);
  if (!draw.chance(ADDRESS_PERCENT) || !allowed.includes(kind)) return [];
  return [{ id: ADDRESS_ID, atMs, kind, account, ms, count: 1 }];
}

/** These leave an account alone only when one is named. */
const OF_ONE: readonly StrikeKind[] = [
  "token-dead",
  "token-superseded",
  "address-wrong",
  "square-off",
];

function drawStrike(
  draw: Draw,
  id: number,
  kind: StrikeKind,
  names: readonly string[],
  spanMs: number,
): Strike {
  const isOnReply = ON_REPLY.has(kind);
  const isOnPlace = ON_PLACE.has(kind);
  const isForAll = !OF_ONE.includes(kind) && draw.chance(25);
  // The leader sends nothing: what hits order commands is for followers.
  const name = draw.anyOf(isOnPlace || isOnReply ? names.slice(1) : names);
  const isAimed = !isOnReply && !isOnPlace && name !== "leader" && draw.chance(60);
  const [ms, count] = sizeOf(draw, kind);
  const path = draw.pick(
    COMMAND_PATHS.slice(0, draw.chance(60) ? 3 : 9) as unknown as typeof COMMAND_PATHS,
  );
  return {
    id,
    atMs: draw.int(0, spanMs),
    kind,
    ...(!isForAll && name !== undefined && { account: name }),
    ...(isAimed && { isAimed: true as const }),
    ms,
    count,
    ...(isOnReply && draw.chance(75) && { path }),
  };
}

/** How long, and how many (how far, for clocks and slow journals). */
function sizeOf(draw: Draw, kind: StrikeKind): readonly [number, number] {
  switch (kind) {
    case "frames-late":
      return [draw.int(50, 3_000), draw.int(1, 6)];
    case "socket-silent":
      return [draw.int(1_000, 40_000), 1];
    case "socket-refused":
      return [draw.int(500, 10_000), 1];
    case "socket-gone":
      return [draw.int(60_000, 240_000), 1];
    case "reply-late":
      return [draw.int(200, 12_000), 1];
    case "lookup-blind":
    case "transit-stuck":
    case "rejected-later":
    case "books-stale":
      return [draw.int(500, 6_000), 1];
    case "token-dead":
    case "token-superseded":
    case "address-wrong":
      return [draw.int(2_000, 40_000), 1];
    case "clock-stepped":
      return [0, draw.pick([-90_000, -2_000, -300, 300, 2_000, 90_000])];
    case "journal-slow":
      return [draw.int(1_000, 15_000), draw.int(20, 1_500)];
    case "journal-failing":
      return [draw.int(500, 15_000), 1];
    case "fill-against-cancel":
      return [draw.int(5_000, 60_000), 1];
    default:
      return [draw.int(0, 20_000), draw.int(1, 6)];
  }
}
