/** Plays a day that is written down: acts and strikes at their times, then the end of both. */
import { Draw } from "../draw.ts";
import type { Strike, StrikeCounts } from "../faults/strike.ts";
import { Strikes } from "../faults/strikes.ts";
import { TRADED } from "../instruments.ts";
import type { World } from "../world.ts";
import type { Act, Night } from "./act.ts";
import { comeToAnEnd } from "./come-to-an-end.ts";
import { FAMILIES, type FamilyName } from "./families.ts";
import type { Family, Stage } from "./family.ts";
import { Market } from "./market.ts";
import { leavesCarried, passNight } from "./night.ts";
import { Operator, type OperatorAct } from "./operator.ts";
import { planRepairs, type RepairAct } from "./repairs.ts";
import type { RuleEdit } from "./rule-edit.ts";
import { whenIt } from "./when-it.ts";

export interface WrittenDay {
  readonly acts: readonly Act[];
  readonly strikes: readonly Strike[];
  readonly operator?: readonly OperatorAct[];
  readonly modes?: readonly OperatorAct[];
  readonly edits?: readonly RuleEdit[];
  readonly repairs?: readonly RepairAct[];
  /** Keys of what is traded. */
  readonly instruments: readonly string[];
}

export interface PlayedDay {
  readonly market: Market;
  readonly strikes: StrikeCounts;
}

export async function playActs(world: World, day: WrittenDay): Promise<PlayedDay> {
  const { seed } = world.options;
  let draw = new Draw(seed, "day");
  const market = new Market(world, draw);
  const [first = TRADED[0], ...rest] = TRADED.filter(({ instrument }) =>
    day.instruments.includes(instrument.key),
  );
  const stage: Stage = {
    world,
    market,
    leader: world.clientOf("leader"),
    traded: [first, ...rest],
    get draw() {
      return draw;
    },
  };
  const families = new Map<FamilyName, Family>();
  const familyOf = (name: FamilyName) => {
    const family = families.get(name) ?? FAMILIES[name](stage);
    families.set(name, family);
    return family;
  };
  const strikes = new Strikes(world);
  strikes.plan(day.strikes);
  new Operator(world).plan(day.operator ?? []);
  new Operator(world).plan(day.modes ?? []);
  planRepairs(world, day.repairs ?? []);
  for (const { atMs, account, link, awaits } of day.edits ?? []) {
    const edits = () => world.editRules(account, link);
    world.clock.schedule(atMs, () => {
      if (awaits === undefined) edits();
      else whenIt(world, awaits, account, edits);
    });
  }
  const beganMs = world.clock.monotonicMs();
  for (const act of day.acts) {
    await world.clock.run(Math.max(0, beganMs + act.atMs - world.clock.monotonicMs()));
    draw = new Draw(seed, `act/${act.id}`);
    if (act.night !== undefined) await passes(act.night);
    else plays(act);
  }
  strikes.clear();
  await world.untilReady();
  await comeToAnEnd(world, market, [...families.values()]);
  return { market, strikes: strikes.counts };

  async function passes(night: Night): Promise<void> {
    // What waits for the open may fill then: somebody must know how to get out of it.
    familyOf("plain");
    strikes.pause();
    const int = (from: number, to: number) => draw.int(from, to);
    const overnight = { world, market, families: [...families.values()], int };
    await passNight(overnight, night);
    strikes.resume();
    leavesCarried(overnight);
  }

  function plays({ what, family = "plain", lots = 0 }: Act): void {
    if (what === "moves") market.moves(draw, stage.traded);
    else if (what === "night") return;
    else if (what === "liquidity") market.setLiquidity(lots === 0 ? null : lots);
    else familyOf(family)[what]();
  }
}
