/**
 * The end of a session and the next morning: the risk desk closes what may not be held overnight, day
 * orders expire, books are emptied, tokens die, delivered shares settle, prices open elsewhere. The
 * evening itself is calm, for what has filled while nobody looked and is in no book the next day
 * nobody can know.
 */
import type { World } from "../world.ts";
import type { Night } from "./act.ts";
import type { Family } from "./family.ts";
import type { Market } from "./market.ts";

const DAY_MS = 86_400_000;
const IST_MS = 19_800_000;
/** 09:00 in India: fifteen minutes before the open. */
const MORNING_MS = 9 * 3_600_000;
/** Some reads of every book. */
const CALM_MS = 20_000;
const SQUARE_OFF_MS = 1_000;
const SQUARE_OFF_ROUNDS_MAX = 30;
/** Between the close and the night the last frames and reads arrive. */
const CLOSING_MS = 20_000;
const MEND_MS_MAX = 20_000;
const GAP_MOVES_MAX = 6;
const INTRADAY: ReadonlySet<string> = new Set(["INTRADAY", "BO", "CO"]);

export interface Overnight {
  readonly world: World;
  readonly market: Market;
  readonly families: readonly Family[];
  /** Draws for this night alone. */
  int(from: number, to: number): number;
}

export async function passNight(stage: Overnight, night: Night): Promise<void> {
  const { world, market } = stage;
  const { clock, simulator } = world;
  await world.untilReady();
  await clock.run(CALM_MS);
  await squaresOff(stage);
  world.trace.add("the session ends");
  simulator.setClock({ session: "closed" });
  world.shadow?.endSession();
  await clock.run(CLOSING_MS);
  if (night.isStopped) await world.stopDesk();
  sleeps(world, night.killsTokens);
  const moves = stage.int(0, GAP_MOVES_MAX);
  for (let count = 0; count < moves; count += 1) market.moves();
  await wakes(stage, night);
  await clock.run(night.waitsMs);
  world.trace.add("the session begins");
  simulator.setClock({ session: "open" });
  world.shadow?.beginSession();
  market.repeats();
}

/** Account by account, and once more where an order of somebody's was still on its way. */
async function squaresOff({ world, market, int }: Overnight): Promise<void> {
  market.setLiquidity(null);
  for (let round = 0; round < SQUARE_OFF_ROUNDS_MAX; round += 1) {
    let isDone = true;
    for (const name of world.names) {
      if (!isHolding(world, name)) continue;
      isDone = false;
      world.trace.add("the risk desk squares off", name);
      world.simulator.squareOff(world.clientOf(name));
      await world.clock.run(int(0, SQUARE_OFF_MS));
    }
    await world.clock.run(SQUARE_OFF_MS);
    market.repeats();
    if (isDone) return;
  }
  throw new Error("the risk desk does not get done");
}

function isHolding(world: World, name: string): boolean {
  const clientId = world.clientOf(name);
  const held = world.books.holdings(clientId).some(({ product }) => INTRADAY.has(product));
  return held || world.books.alive(clientId).some(isIntradayAtWork);
}

/** What waits for the next open is no business of the risk desk's. */
function isIntradayAtWork(row: { productType: string; afterMarketOrder: boolean }): boolean {
  return INTRADAY.has(row.productType) && !row.afterMarketOrder;
}

/** The broker's clock and the machine's pass the night; nothing else happens in it. */
function sleeps(world: World, killsTokens: boolean): void {
  const { clock, simulator } = world;
  const timeOfDayMs = (clock.nowMs() + IST_MS) % DAY_MS;
  clock.sleep(DAY_MS - timeOfDayMs + MORNING_MS);
  simulator.addFault({ kind: "cut", ms: 0, match: {} });
  // The rollover moves the broker's clock by a day of its own.
  const dayBefore = new Date(clock.nowMs() - DAY_MS).toISOString();
  simulator.setClock({ now: dayBefore, session: "closed" });
  simulator.rollDay({ keepTokens: !killsTokens });
  world.shadow?.rollDay();
  world.trace.add("the night is over");
}

/** Tokens are renewed before a stopped desk is started; one that slept is helped when it complains. */
async function wakes({ world, int }: Overnight, night: Night): Promise<void> {
  const mend = async (name: string) => {
    if (!night.isStopped) await world.clock.run(int(0, MEND_MS_MAX / world.names.length));
    world.mendAccess(name, "token");
  };
  if (night.killsTokens) {
    for (const name of world.names) await mend(name);
    if (world.shadow !== undefined) world.mendAccess(world.shadow.name, "token");
  }
  if (night.isStopped) await world.startDesk();
  else await world.untilReady();
}

/** In the morning the leader leaves what he has carried, family by family, or keeps it. */
export function leavesCarried({ families, int }: Overnight): void {
  for (const family of families) if (int(0, 1) === 1 && !family.isOver) family.ends();
}
