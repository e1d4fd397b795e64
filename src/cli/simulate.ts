import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import {
  addJsonOption,
  type CommandFrame,
  EXIT_FAULT,
  EXIT_OK,
  integerBetween,
} from "./command-frame.ts";
import type { DayChoice, SimulateDays } from "./simulate-model.ts";
import { printManyDays, printOneDay, progressLine } from "./simulate-report.ts";

interface SimulateOptions extends DayChoice {
  readonly seed?: number;
  readonly seeds?: number;
  readonly from: number;
  readonly workers: number;
  readonly keep?: string;
  /** False with --no-shrink. */
  readonly shrink: boolean;
  readonly twice?: true;
  readonly json?: true;
}

const SEED_MAX = 2 ** 47;
const SEEDS_MAX = 10_000_000;
const WORKERS_MAX = 256;

export function addSimulateCommand(
  program: Command,
  frame: CommandFrame,
  simulate: SimulateDays,
): void {
  const command = program
    .command("simulate")
    .summary("play days of orders and disasters out of a seed, and check every promise")
    .description(
      "Plays whole days against a simulated broker in virtual time. The seed draws the accounts,\n" +
        "the leader's orders, and what goes wrong; checks that share nothing with what decides\n" +
        "watch the broker's books and the journal. The same seed is the same day, event by event.\n" +
        "Exits 1 when a promise was broken.",
    )
    .option("--seed <number>", "one day; a broken one as a story", integerBetween(0, SEED_MAX))
    .option("--seeds <number>", "so many days", integerBetween(1, SEEDS_MAX))
    .option("--from <number>", "the first of --seeds", integerBetween(0, SEED_MAX), 1)
    .option(
      "--workers <number>",
      "threads (default: one for each core)",
      integerBetween(1, WORKERS_MAX),
      availableParallelism(),
    )
    .option("--keep <parts>", "only these parts of the seed's plan, as a story names them")
    .option("--no-shrink", "a broken day as it is, not reduced to what it needs")
    .option("--twice", "play each of --seeds twice: its traces must be the same")
    .option("--families <list>", "only these families of orders", names)
    .option("--faults <list>", 'only these kinds of faults, or "none"', names)
    .option("--canary <name>", "plant a bug that the checks should find");
  addJsonOption(command).action(async (options: SimulateOptions) => {
    const { seed, seeds } = options;
    if ((seed === undefined) === (seeds === undefined)) {
      command.error("error: expected --seed or --seeds");
    }
    const stop = new AbortController();
    void frame.untilStopped().then(() => stop.abort());
    try {
      if (seed !== undefined) await playOne(seed, options, frame, simulate, stop.signal);
      else if (seeds !== undefined) await playMany(seeds, options, frame, simulate, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      frame.terminal.remark("stopped before the day was over");
      frame.finish(EXIT_FAULT);
    }
  });
}

function names(text: string): readonly string[] {
  const list = text.split(",").map((part) => part.trim());
  if (list.every((name) => /^[a-z-]+$/.test(name))) return list;
  throw new InvalidArgumentError("expected names, separated by commas");
}

function choiceOf({ families, faults, canary }: SimulateOptions): DayChoice {
  return {
    ...(families !== undefined && { families }),
    ...(faults !== undefined && { faults: faults[0] === "none" ? [] : faults }),
    ...(canary !== undefined && { canary }),
  };
}

async function playOne(
  seed: number,
  options: SimulateOptions,
  { terminal, finish }: CommandFrame,
  simulate: SimulateDays,
  signal: AbortSignal,
): Promise<void> {
  const { keep, shrink: shrinks, json } = options;
  const day = await simulate.one({
    ...choiceOf(options),
    seed,
    ...(keep !== undefined && { keep }),
    shrinks,
    tell: (line) => terminal.remark(line),
    signal,
  });
  if (json) terminal.printJson(day);
  else printOneDay(day, terminal);
  finish(day.broken.length === 0 ? EXIT_OK : EXIT_FAULT);
}

async function playMany(
  count: number,
  options: SimulateOptions,
  { terminal, finish }: CommandFrame,
  simulate: SimulateDays,
  signal: AbortSignal,
): Promise<void> {
  const { from, workers, twice, json } = options;
  const onDay = progressLine(terminal, count);
  onDay(0, 0);
  const days = await simulate.many({
    ...choiceOf(options),
    from,
    count,
    workers,
    twice: twice === true,
    onDay,
    signal,
  });
  if (json) terminal.printJson(days);
  else printManyDays(days, terminal);
  const isWhole = days.days === days.asked;
  finish(isWhole && days.brokenDays.length === 0 ? EXIT_OK : EXIT_FAULT);
}
