/**
 * A leader's day: a number of new orders, with changes and moving prices between them, at times in
 * bursts; then an end in which everything is cancelled or exited until he is flat.
 */
import { Draw } from "../draw.ts";
import { TRADED } from "../instruments.ts";
import type { World } from "../world.ts";
import type { Family, Stage } from "./family.ts";
import { Market } from "./market.ts";
import { Weather } from "./weather.ts";

export interface DayOptions {
  /** New orders of the leader. */
  readonly orders: number;
  /** Which families take part; at least one. */
  readonly families: readonly [MakeFamily, ...MakeFamily[]];
  /** How many of a hundred moments something goes wrong in; 0 is a fine day. */
  readonly weatherPercent: number;
  /** In how many of a hundred moments Tandem's process dies. */
  readonly crashPercent: number;
}

export type MakeFamily = (stage: Stage) => Family;

const DOWN_MS_MAX = 20_000;
const END_ROUNDS_MAX = 60;
const END_ROUND_MS = 500;

/** Plays the day; the market as it leaves it. */
export async function playDay(world: World, options: DayOptions): Promise<Market> {
  const { orders, families, weatherPercent, crashPercent } = options;
  const draw = new Draw(world.options.seed, "day");
  const market = new Market(world, draw);
  const weather = new Weather(world, new Draw(world.options.seed, "weather"));
  const sky = new Draw(world.options.seed, "sky");
  const leader = world.clientOf("leader");
  const stage: Stage = { world, market, draw, leader, traded: TRADED };
  const [first, ...rest] = families;
  const playing: readonly [Family, ...Family[]] = [
    first(stage),
    ...rest.map((make) => make(stage)),
  ];
  for (let begun = 0; begun < orders; ) {
    await world.clock.run(gapMs(draw));
    if (sky.chance(weatherPercent)) weather.strikes();
    if (sky.chance(crashPercent)) world.crashDesk(sky.int(0, DOWN_MS_MAX));
    const family = draw.weighted(playing);
    const what = draw.int(0, 9);
    if (what < 3) market.moves();
    else if (what < 5) family.goesOn();
    else {
      family.begins();
      begun += 1;
    }
  }
  weather.clears();
  await world.untilReady();
  await comeToAnEnd(world, market, playing);
  return market;
}

/** Mostly seconds; now and then everything at once. */
function gapMs(draw: Draw): number {
  if (draw.chance(25)) return draw.int(0, 60);
  return draw.chance(50) ? draw.int(60, 800) : draw.int(800, 6_000);
}

/** Everything is cancelled or exited, act by act, until the leader is flat. */
export async function comeToAnEnd(world: World, market: Market, families: readonly Family[]) {
  market.setLiquidity(null);
  for (let round = 0; round < END_ROUNDS_MAX; round += 1) {
    market.repeats();
    await world.clock.run(END_ROUND_MS);
    if (families.every(({ isOver }) => isOver)) return;
    for (const family of families) if (!family.isOver) family.ends();
  }
  throw new Error("the leader's day does not come to an end");
}
