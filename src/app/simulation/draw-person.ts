/**
 * Draws what a person does to links while they run, and by which hours they copy: modes, windows, the
 * market's calendar, edits while an account is refused or nothing runs. Each from a stream of its own.
 */
import type { CopyWindow } from "../../core/model/guards.ts";
import type { OperatorAct } from "./day/operator.ts";
import type { RuleEdit } from "./day/rule-edit.ts";
import { Draw } from "./draw.ts";
import type { Plan, PlannedFollower } from "./plan.ts";
import type { PlannedCalendar } from "./planned-calendar.ts";

/** What of a plan is drawn here, and what it is drawn from. */
type Drawn = Pick<Plan, "followers" | "acts" | "edits" | "modes" | "calendar" | "beginsLateMs">;

const MODES_PERCENT = 25;
const ROUNDS_MAX = 3;
const WINDOWS_PERCENT = 25;
const CALENDAR_PERCENT = 12;
const LATE_EDITS_PERCENT = 12;
const LATE_EDITS_MAX = 2;
/** No other edit of a day has such a number. */
const LATE_EDIT_ID = 1_001;
/** From an act of the leader's to what the person does: in the middle of what it leads to. */
const SOON_MS = 60;
const LATER_MS = 20_000;

const MINUTE_MS = 60_000;
/** The day begins in the minute before this one, and the next morning at nine. */
const FIRST = 601;
const NINE = 540;
const CLOSE = 930;
const DAY_BEGINS = "2026-12-01";
const NEXT_DAY = "2026-12-02";

/** The same plan with them. */
export function withPerson<Given extends Drawn>(seed: number, plan: Given): Given {
  const windows = new Draw(seed, "windows");
  const hasWindows = windows.chance(WINDOWS_PERCENT);
  const narrowed = hasWindows ? withWindows(windows, plan) : plan;
  const late = drawLateEdits(new Draw(seed, "late-edits"), plan);
  const modes = drawModes(new Draw(seed, "person-modes"), plan);
  const calendar = drawCalendar(new Draw(seed, "calendar"), plan);
  const hasHours = hasWindows || calendar !== undefined;
  return {
    ...narrowed,
    edits: [...(narrowed.edits ?? []), ...late],
    modes,
    ...(calendar && { calendar }),
    ...(hasHours && { beginsLateMs: drawBeginning(new Draw(seed, "beginning"), plan) }),
  };
}

/** One follower's link is paused, or only closes, and is resumed later or never; several times. */
function drawModes(draw: Draw, { followers, acts }: Drawn): readonly OperatorAct[] {
  if (!draw.chance(MODES_PERCENT)) return [];
  const said: Omit<OperatorAct, "id">[] = [];
  const rounds = draw.int(1, ROUNDS_MAX);
  for (let round = 0; round < rounds; round += 1) {
    const account = draw.anyOf(followers)?.name ?? "";
    const beginsMs = (draw.anyOf(acts)?.atMs ?? 0) + draw.int(0, SOON_MS);
    const endsMs = beginsMs + draw.int(0, LATER_MS);
    const isKilled = draw.chance(25);
    const aim = drawAim(draw);
    const what = draw.chance(50) ? "pause" : "close-only";
    // A stop in the middle of a burst, and the mode on top of it.
    if (isKilled) said.push({ what: "kill", account, atMs: beginsMs, isAimed: true });
    said.push({ what, account, atMs: beginsMs + (isKilled ? draw.int(0, SOON_MS) : 0), ...aim });
    if (draw.chance(70)) said.push({ what: "resume", account, atMs: endsMs });
    if (isKilled && draw.chance(70)) said.push({ what: "release", account, atMs: endsMs });
  }
  return said.sort((a, b) => a.atMs - b.atMs).map((act, index) => ({ id: index + 1, ...act }));
}

function drawAim(draw: Draw): Pick<OperatorAct, "isAimed" | "awaits"> {
  const kind = draw.int(0, 9);
  if (kind === 0) return { awaits: "suspended" };
  if (kind === 1) return { awaits: "down" };
  return kind < 5 ? { isAimed: true } : {};
}

function withWindows<Given extends Drawn>(draw: Draw, plan: Given): Given {
  const narrow = <Rules extends Pick<PlannedFollower, "link">>(rules: Rules): Rules => {
    if (!draw.chance(75)) return rules;
    const window = drawWindow(draw, plan);
    return { ...rules, link: { ...rules.link, guards: { ...rules.link.guards, window } } };
  };
  const followers = plan.followers.map(narrow);
  return { ...plan, followers, edits: (plan.edits ?? []).map(narrow) };
}

/** Hours are whole minutes: one begins among the leader's acts. */
function drawBeginning(draw: Draw, { acts }: Drawn): number {
  return MINUTE_MS - draw.int(0, Math.min(acts.at(-1)?.atMs ?? 0, MINUTE_MS));
}

/** One that begins or ends among the leader's acts, or is of the next morning. */
function drawWindow(draw: Draw, plan: Drawn): CopyWindow {
  const minute = FIRST + draw.int(0, minutesOf(plan));
  switch (draw.int(0, 3)) {
    case 0:
      return { fromMinute: minute, toMinute: CLOSE };
    case 1:
      return { fromMinute: minute, toMinute: minute + 1 };
    default:
      return { fromMinute: NINE + draw.int(0, 2), toMinute: minute };
  }
}

/** Sessions with an end, a beginning or a pause among the acts; it may know of the first day alone. */
function drawCalendar(draw: Draw, plan: Drawn): PlannedCalendar | undefined {
  if (!draw.chance(CALENDAR_PERCENT)) return undefined;
  const minute = FIRST + draw.int(0, minutesOf(plan));
  const from = NINE + draw.int(0, 2);
  const choices: [PlannedCalendar["spans"], ...PlannedCalendar["spans"][]] = [
    [[from, minute]],
    [[minute, CLOSE]],
    [
      [from, minute],
      [minute + 1, CLOSE],
    ],
  ];
  const spans = draw.pick(choices);
  const days = draw.chance(20) ? [DAY_BEGINS] : [DAY_BEGINS, NEXT_DAY];
  return { spans, days };
}

/** New rules while the broker refuses an account, or while nothing runs. */
function drawLateEdits(draw: Draw, { followers, acts }: Drawn): readonly RuleEdit[] {
  if (!draw.chance(LATE_EDITS_PERCENT)) return [];
  const edits: RuleEdit[] = [];
  const count = draw.int(1, LATE_EDITS_MAX);
  for (let number = 0; number < count; number += 1) {
    const follower = draw.anyOf(followers);
    const atMs = draw.anyOf(acts)?.atMs ?? 0;
    const mode = draw.pick(["active", "active", "close-only", "paused"] as const);
    const awaits = draw.pick(["suspended", "down"] as const);
    if (follower === undefined) break;
    const { name: account, link } = follower;
    edits.push({ id: LATE_EDIT_ID + number, atMs, account, awaits, link: { ...link, mode } });
  }
  return edits;
}

/** So many whole minutes the leader's first day takes. */
function minutesOf({ acts }: Drawn): number {
  const night = acts.find(({ what }) => what === "night");
  return Math.floor(((night ?? acts.at(-1))?.atMs ?? 0) / MINUTE_MS);
}
