/**
 * Draws what a person does to links while they run: modes, and edits of their settings at bad moments.
 * Each from a stream of its own.
 */
import type { LinkMode } from "../../core/model/link.ts";
import type { OperatorAct } from "./day/operator.ts";
import type { RuleEdit } from "./day/rule-edit.ts";
import { Draw } from "./draw.ts";
import type { Plan } from "./plan.ts";

/** What of a plan is drawn here, and what it is drawn from. */
type Drawn = Pick<Plan, "followers" | "acts" | "edits" | "modes">;
type Said = Omit<OperatorAct, "id">;

const MODES_PERCENT = 25;
const ROUNDS_MAX = 3;
const LATE_EDITS_PERCENT = 12;
const LATE_EDITS_MAX = 2;
const OVERRULED_PERCENT = 10;
/** No other edits of a day have such numbers. */
const LATE_EDIT_ID = 1_001;
const OVERRULING_ID = 1_101;
/** From an act of the leader's to what the person does: in the middle of what it leads to. */
const SOON_MS = 60;
const LATER_MS = 20_000;

const WORDS = { active: "resume", "close-only": "close-only", paused: "pause" } as const;
const MODES = Object.keys(WORDS) as readonly LinkMode[];

/** The same plan with them. */
export function withPerson<Given extends Drawn>(seed: number, plan: Given): Given {
  const late = drawLateEdits(new Draw(seed, "late-edits"), plan);
  const overruled = drawOverruled(new Draw(seed, "overruled"), plan);
  const said = [...drawModes(new Draw(seed, "person-modes"), plan), ...overruled.said];
  const modes = said
    .sort((a, b) => a.atMs - b.atMs)
    .map((act, index) => ({ id: index + 1, ...act }));
  return { ...plan, edits: [...(plan.edits ?? []), ...late, ...overruled.edits], modes };
}

/** One follower's link is paused, or only closes, and is resumed later or never; several times. */
function drawModes(draw: Draw, { followers, acts }: Drawn): readonly Said[] {
  if (!draw.chance(MODES_PERCENT)) return [];
  const said: Said[] = [];
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
  return said;
}

function drawAim(draw: Draw): Pick<OperatorAct, "isAimed" | "awaits"> {
  const kind = draw.int(0, 9);
  if (kind === 0) return { awaits: "suspended" };
  if (kind === 1) return { awaits: "down" };
  return kind < 5 ? { isAimed: true } : {};
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

/**
 * What a person has said of a link, and then its settings have another mode, and later the one again
 * that they had.
 */
function drawOverruled(draw: Draw, { followers, acts }: Drawn) {
  const follower = draw.anyOf(followers);
  if (!draw.chance(OVERRULED_PERCENT) || follower === undefined) return { said: [], edits: [] };
  const { name: account, link } = follower;
  const { mode: was = "active" } = link;
  const others = MODES.filter((mode) => mode !== was);
  const [saidMs = 0, movedMs = 0, backMs = 0] = [0, 1, 2]
    .map(() => (draw.anyOf(acts)?.atMs ?? 0) + draw.int(0, SOON_MS))
    .sort((a, b) => a - b);
  const said: Said = { what: WORDS[draw.anyOf(others) ?? was], account, atMs: saidMs };
  const moved = { ...link, mode: draw.anyOf(others) ?? was };
  const edits: readonly RuleEdit[] = [
    { id: OVERRULING_ID, atMs: movedMs, account, link: moved },
    { id: OVERRULING_ID + 1, atMs: backMs, account, link },
  ];
  return { said: [said], edits };
}
