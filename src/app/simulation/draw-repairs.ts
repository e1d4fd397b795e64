/** Draws who repairs what differs: a person who looks and says yes, and links that do it by themselves. */
import type { RepairAct } from "./day/repairs.ts";
import { Draw } from "./draw.ts";
import { STRIKE_KINDS, type Strike, type StrikeKind } from "./faults/strike.ts";
import type { PlannedFollower } from "./plan.ts";

const REPAIRS_PERCENT = 45;
const REPAIRS_MAX = 120;
const THINKS_MS = 4_000;

/** In some days somebody repairs now and then, mostly what he has just seen. */
export function drawRepairs(
  seed: number,
  followers: readonly PlannedFollower[],
  spanMs: number,
): readonly RepairAct[] {
  const draw = new Draw(seed, "repairs");
  if (!draw.chance(REPAIRS_PERCENT)) return [];
  const acts: RepairAct[] = [];
  const count = draw.int(10, REPAIRS_MAX);
  for (let id = 1; id <= count; id += 1) {
    const account = draw.anyOf(followers)?.name;
    const atMs = draw.int(0, spanMs + THINKS_MS);
    const thinksMs = draw.chance(60) ? draw.int(0, 50) : draw.int(50, THINKS_MS);
    const isTwice = draw.chance(20);
    if (account === undefined) break;
    acts.push({ id, atMs, account, thinksMs, ...(isTwice && { isTwice }) });
  }
  return acts.sort((a, b) => a.atMs - b.atMs);
}

const REJECTIONS_MAX = 24;
const REJECTIONS_ID = 2_001;

/** So that there is something to repair: orders of those whom he looks after are rejected now and then. */
export function drawRejections(
  seed: number,
  repairs: readonly RepairAct[],
  spanMs: number,
  allowed: readonly StrikeKind[] = STRIKE_KINDS,
): readonly Strike[] {
  const kind = "rejected-later";
  if (repairs.length === 0 || !allowed.includes(kind)) return [];
  const draw = new Draw(seed, "repair-rejections");
  const strikes: Strike[] = [];
  for (let left = draw.int(0, REJECTIONS_MAX); left > 0; left -= 1) {
    const { account = "" } = draw.anyOf(repairs) ?? {};
    const [atMs, ms, count] = [draw.int(0, spanMs), draw.int(500, 6_000), draw.int(1, 3)];
    strikes.push({ id: REJECTIONS_ID + left, atMs, kind, account, ms, count });
  }
  return strikes;
}

const RULE_PERCENT = 20;

/** Some links sell by themselves what is too much. */
export function withRepairRules(
  seed: number,
  followers: readonly PlannedFollower[],
): readonly PlannedFollower[] {
  const draw = new Draw(seed, "repair-rules");
  return followers.map((follower) => {
    const afterMs = draw.int(1, 10) * 1_000;
    if (!draw.chance(RULE_PERCENT)) return follower;
    const repair = { kind: "towards-less", afterMs } as const;
    return { ...follower, link: { ...follower.link, repair } };
  });
}
