/**
 * Draws by which hours a day's links copy: their windows and the market's calendar. Each from a stream of
 * its own.
 */
import type { CopyWindow } from "../../core/model/guards.ts";
import { Draw } from "./draw.ts";
import type { Plan, PlannedFollower } from "./plan.ts";
import type { PlannedCalendar } from "./planned-calendar.ts";

/** What of a plan is drawn here, and what it is drawn from. */
type Drawn = Pick<Plan, "followers" | "acts" | "edits" | "calendar" | "beginsLateMs">;

const WINDOWS_PERCENT = 25;
const CALENDAR_PERCENT = 12;

const MINUTE_MS = 60_000;
/** The day begins in the minute before this one, and the next morning at nine. */
const FIRST = 601;
const NINE = 540;
const CLOSE = 930;
const DAY_BEGINS = "2026-12-01";
const NEXT_DAY = "2026-12-02";

/** The same plan with them. */
export function withHours<Given extends Drawn>(seed: number, plan: Given): Given {
  const windows = new Draw(seed, "windows");
  const hasWindows = windows.chance(WINDOWS_PERCENT);
  const narrowed = hasWindows ? withWindows(windows, plan) : plan;
  const calendar = drawCalendar(new Draw(seed, "calendar"), plan);
  if (!hasWindows && calendar === undefined) return plan;
  const beginsLateMs = drawBeginning(new Draw(seed, "beginning"), plan);
  return { ...narrowed, ...(calendar && { calendar }), beginsLateMs };
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

/** So many whole minutes the leader's first day takes. */
function minutesOf({ acts }: Drawn): number {
  const night = acts.find(({ what }) => what === "night");
  return Math.floor(((night ?? acts.at(-1))?.atMs ?? 0) / MINUTE_MS);
}
