/** One seed from the first event to the verdict. */
import type { NewEntry, StreamName } from "../../ports/journal.ts";
import type { Check, MakeCheck } from "./checks/check.ts";
import type { PlayedDay } from "./day/play-acts.ts";
import type { StrikeCounts } from "./faults/strike.ts";
import { World, type WorldOptions } from "./world.ts";

export interface SeedOptions extends WorldOptions {
  /** The leader's day; what goes wrong in it is over when it is. */
  readonly play: (world: World) => Promise<PlayedDay>;
  readonly checks: readonly MakeCheck[];
}

export interface SeedReport {
  readonly seed: number;
  /** What was broken, oldest first: "CHECK at MILLISECONDS: WHAT". */
  readonly broken: readonly string[];
  readonly traceHash: string;
  readonly events: number;
  readonly turns: number;
  readonly virtualMs: number;
  /** What went wrong on purpose, kind by kind. */
  readonly strikes: StrikeCounts;
  /** The last events, for people. */
  readonly tail: (count: number) => string;
}

/** Time for everything to settle once the day is over: looks for lost orders are slow. */
const SETTLE_MS = 60_000;
/** Some reads of every book. */
const LAST_LOOK_MS = 20_000;
const BROKEN_MAX = 50;

export async function runSeed(options: SeedOptions): Promise<SeedReport> {
  const world = new World(options);
  const { clock, trace } = world;
  const broken: string[] = [];
  const tell = (name: string) => (text: string) => {
    world.toldBy.add(name);
    if (broken.length < BROKEN_MAX) broken.push(`${name} at ${clock.monotonicMs()}: ${text}`);
  };
  const checks = options.checks.map((make): Check => {
    const check: Check = make(world, (text) => tell(check.name)(text));
    return check;
  });
  watch(world, checks);
  let strikes: StrikeCounts = {};
  try {
    await world.startDesk();
    const played = await options.play(world);
    strikes = played.strikes;
    await clock.run(SETTLE_MS);
    for (const check of checks) check.atRest?.();
    await played.market.visitsAll();
    await clock.run(LAST_LOOK_MS);
    for (const check of checks) await check.atEnd?.();
  } catch (error) {
    tell("crash")(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  await world.stop();
  return {
    seed: options.seed,
    broken,
    traceHash: trace.digest(),
    events: trace.count,
    turns: clock.turns,
    virtualMs: clock.monotonicMs(),
    strikes,
    tail: (count) => trace.tail(count),
  };
}

function watch(world: World, checks: readonly Check[]): void {
  world.simulator.watch((change) => {
    for (const check of checks) check.onOrder?.(change);
  });
  world.onEntries = (stream: StreamName, entries: readonly NewEntry[]) => {
    for (const check of checks) check.onEntries?.(stream, entries);
  };
}
