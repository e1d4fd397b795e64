/** Draws by which rules each follower copies: how much, how, and within which limits. */
import type { Guards } from "../../core/model/guards.ts";
import { E4_PER_RUPEE, toMoneyE4 } from "../../core/model/money.ts";
import type { Sizing } from "../../core/model/sizing.ts";
import type { RuleEdit } from "./day/rule-edit.ts";
import { Draw } from "./draw.ts";
import { TRADED } from "./instruments.ts";
import type { PlannedFollower, PlannedRules } from "./plan.ts";

const NAMES = ["asha", "ravi", "meera", "kabir"] as const;
const BPS = [2_500, 5_000, 10_000, 15_000, 20_000] as const;

export function drawFollowers(draw: Draw): readonly PlannedFollower[] {
  const count = draw.int(1, NAMES.length);
  return NAMES.slice(0, count).map((name) => ({
    name,
    bps: draw.pick(BPS),
    link: drawCopying(draw),
  }));
}

/** How orders are copied, whatever their size. */
export function drawCopying(draw: Draw): PlannedRules {
  const afterMs = draw.int(500, 5_000);
  return {
    marketOrders: draw.chance(75) ? "protected-limit" : "pass",
    copy: draw.chance(80) ? "orders" : "fills",
    brackets: draw.pick(["super-order", "super-order", "super-order", "native", "refuse"] as const),
    afterLeaderFilled: draw.pick([
      { kind: "leave" },
      { kind: "leave" },
      { kind: "chase", afterMs, maxDistanceBps: 50 },
      { kind: "cancel", afterMs },
    ] as const),
    unprotected: draw.chance(50) ? "rearm" : "flatten",
  };
}

const MODE_PERCENT = 8;
const SIZING_PERCENT = 45;
const GUARDS_PERCENT = 30;

/** A few links only close what is open, or are paused; many have a rule of another kind, or limits. */
export function withRules(
  seed: number,
  followers: readonly PlannedFollower[],
): readonly PlannedFollower[] {
  const modes = new Draw(seed, "modes");
  const sizings = new Draw(seed, "sizings");
  const limits = new Draw(seed, "guards");
  return followers.map((follower) => {
    const mode = modes.pick(["close-only", "paused"] as const);
    const rules: PlannedRules = {
      ...(modes.chance(MODE_PERCENT) && { mode }),
      ...(sizings.chance(SIZING_PERCENT) && { sizing: drawSizing(sizings, follower.bps) }),
      ...(limits.chance(GUARDS_PERCENT) && { guards: drawGuards(limits) }),
    };
    return { ...follower, link: { ...follower.link, ...rules } };
  });
}

const EDITS_PERCENT = 25;
const EDITS_MAX = 20;
/** From an act of the leader's to the edit: in the middle of what it leads to. */
const EDIT_AFTER_MS = 60;

/** In some days rules are edited, up to twenty times, and most of it while orders are under way. */
export function drawEdits(
  draw: Draw,
  followers: readonly PlannedFollower[],
  acts: readonly { readonly atMs: number }[],
): readonly RuleEdit[] {
  if (!draw.chance(EDITS_PERCENT)) return [];
  const edits: RuleEdit[] = [];
  const count = draw.int(1, EDITS_MAX);
  for (let id = 1; id <= count; id += 1) {
    const follower = draw.anyOf(followers);
    const atMs = (draw.anyOf(acts)?.atMs ?? 0) + draw.int(0, EDIT_AFTER_MS);
    if (follower === undefined) break;
    const { name, bps, link } = follower;
    const rules: PlannedRules = {
      sizing: drawSizing(draw, bps),
      guards: draw.chance(GUARDS_PERCENT) ? drawGuards(draw) : {},
      mode: draw.chance(MODE_PERCENT) ? "close-only" : "active",
    };
    edits.push({ id, atMs, account: name, link: { ...link, ...rules } });
  }
  return edits.sort((a, b) => a.atMs - b.atMs);
}

function drawSizing(draw: Draw, bps: number): Sizing {
  const bounds = {
    rounding: draw.pick(["down", "down", "nearest", "carry"] as const),
    ...(draw.chance(20) && { minLots: draw.int(1, 2) }),
    ...(draw.chance(20) && { maxQuantity: draw.pick([3, 65, 130, 400]) }),
  };
  switch (draw.int(0, 6)) {
    case 0:
      return { kind: "fixed-lots", lots: draw.int(1, 4), ...bounds };
    case 1:
      return { kind: "fixed-quantity", quantity: draw.pick([2, 65, 150]), ...bounds };
    case 2:
      return { kind: "notional", value: rupees(draw.pick([9_000, 60_000, 400_000])), ...bounds };
    case 3: {
      const capital = { leader: rupees(1_000_000), follower: rupees(draw.int(1, 20) * 100_000) };
      return { kind: "capital-proportional", bps: 10_000, capital, ...bounds };
    }
    case 4:
      // Of what the broker says that each has: as much, less what it trades.
      return { kind: "capital-proportional", bps, ...bounds };
    case 5:
      return { kind: "risk-percent", bps: draw.int(1, 40), capital: rupees(400_000), ...bounds };
    default:
      return { kind: "multiplier", bps, ...bounds };
  }
}

/** One to three limits, and few of them so tight that nothing is left. */
function drawGuards(draw: Draw): Guards {
  let guards: Guards = {};
  const count = draw.int(1, 3);
  for (let drawn = 0; drawn < count; drawn += 1) guards = { ...guards, ...drawGuard(draw) };
  return guards;
}

function drawGuard(draw: Draw): Guards {
  switch (draw.int(0, 9)) {
    case 0:
      return { sides: [draw.pick(["BUY", "BUY", "SELL"] as const)] };
    case 1:
      return { kinds: [draw.pick(["equity", "option"] as const)] };
    case 2:
      return { instruments: { deny: [draw.pick(TRADED).instrument.key] } };
    case 3:
      return { orderTypes: draw.chance(50) ? ["LIMIT"] : ["LIMIT", "MARKET"] };
    case 4:
      return { maxOrderValue: rupees(draw.pick([15_000, 60_000, 300_000])) };
    case 5:
      return { maxPriceDistanceBps: draw.int(5, 60) };
    case 6:
      return { maxQuantity: draw.pick([5, 20, 130, 390]) };
    case 7:
      return { maxOpenPositions: draw.int(1, 2) };
    case 8:
      return { maxExposure: rupees(draw.pick([50_000, 200_000, 1_000_000])) };
    default:
      return { maxOrdersPerDay: draw.int(2, 12) };
  }
}

function rupees(amount: number) {
  return toMoneyE4(amount * E4_PER_RUPEE);
}
