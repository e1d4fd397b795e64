/** `tandem simulate`: days in threads of their own, and what came of them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type {
  BrokenDay,
  DayChoice,
  ManyDays,
  ManyDaysRequest,
  OneDay,
  OneDayRequest,
  ReducedDay,
  SimulateDays,
} from "../cli/simulate-model.ts";
import { AppError } from "../platform/fault.ts";
import { sha256Hex } from "../platform/hash.ts";
import { CANARIES } from "./simulation/canary/canaries.ts";
import { FAMILY_NAMES } from "./simulation/day/families.ts";
import { DayPlayers } from "./simulation/day-players.ts";
import { STRIKE_KINDS } from "./simulation/faults/strike.ts";
import { formatKeep, type Keep, parseKeep } from "./simulation/keep.ts";
import { shrink } from "./simulation/shrink.ts";
import { checksOf, type PlayedDay, type Trial } from "./simulation/trial.ts";

/** A day takes a fraction of a second: some minutes at the most. */
const SHRINK_RUNS_MAX = 1_000;
const SHRINK_RUNS_TOLD = 50;

export const simulateDays: SimulateDays = { one: playOne, many: playMany };

async function playOne(request: OneDayRequest): Promise<OneDay> {
  const { seed, keep: keepText = "", shrinks, signal } = request;
  const keep = readKeep(keepText);
  const trial: Trial = { ...trialOf(request), seed, keep };
  const players = new DayPlayers(1);
  signal.addEventListener("abort", () => void players.close());
  try {
    const day = await players.play({ ...trial, wantsStory: !shrinks });
    const { broken, traceHash, events, virtualMs } = day;
    const commit = await commitOf();
    const reduced = await reducedOf(players, trial, day, request);
    return {
      seed,
      broken,
      traceHash,
      events,
      virtualMs,
      ...(commit !== undefined && { commit }),
      ...(reduced && { reduced }),
    };
  } finally {
    await players.close();
  }
}

/** Of a day that is fine, a story is told only when it is asked for as it is. */
async function reducedOf(
  players: DayPlayers,
  trial: Trial,
  day: PlayedDay,
  request: OneDayRequest,
): Promise<ReducedDay | undefined> {
  const { shrinks, tell, signal } = request;
  if (!shrinks) {
    const { broken, story, plan } = day;
    return { broken, story, plan, runs: 1, replay: replayOf(request, trial.seed, trial.keep) };
  }
  const [check] = checksOf(day.broken);
  if (check === undefined) return undefined;
  let runs = 0;
  const { keep } = await shrink({
    lists: day.lists,
    ...(trial.keep && { from: trial.keep }),
    stillFails: async (smaller) => {
      runs += 1;
      if (runs % SHRINK_RUNS_TOLD === 0) tell(`made smaller in ${runs} runs`);
      const { broken } = await players.play({ ...trial, keep: smaller });
      return checksOf(broken).includes(check);
    },
    runsMax: SHRINK_RUNS_MAX,
    signal,
  });
  const { broken, story, plan } = await players.play({ ...trial, keep, wantsStory: true });
  return { broken, story, plan, runs, replay: replayOf(request, trial.seed, keep) };
}

async function playMany(request: ManyDaysRequest): Promise<ManyDays> {
  const { from, count, workers, twice, onDay, signal } = request;
  const players = new DayPlayers(Math.min(workers, count * (twice ? 2 : 1)));
  const days = new Map<number, PlayedDay>();
  let brokenDays = 0;
  signal.addEventListener("abort", () => void players.close());
  const play = async (seed: number) => {
    const trial = { ...trialOf(request), seed };
    const day = await (twice ? playTwice(players, trial) : players.play(trial));
    days.set(seed, day);
    if (day.broken.length > 0) brokenDays += 1;
    onDay(days.size, brokenDays);
  };
  try {
    await lanes(workers, count, (index) => play(from + index), signal);
  } finally {
    await players.close();
  }
  const commit = await commitOf();
  const played = [...days.values()].sort((a, b) => a.seed - b.seed);
  return { ...summaryOf(request, played), ...(commit !== undefined && { commit }) };
}

/** As many at a time as there are threads; nothing new once it is stopped. */
async function lanes(
  width: number,
  count: number,
  play: (index: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count && !signal.aborted) {
      const index = next;
      next += 1;
      try {
        await play(index);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function playTwice(players: DayPlayers, trial: Trial): Promise<PlayedDay> {
  const [first, second] = await Promise.all([players.play(trial), players.play(trial)]);
  if (first.traceHash === second.traceHash) return first;
  const text = `the same seed left the traces ${first.traceHash} and ${second.traceHash}`;
  return { ...first, broken: [...first.broken, `same-trace at 0: ${text}`] };
}

function summaryOf(request: ManyDaysRequest, days: readonly PlayedDay[]): ManyDays {
  const { from, count } = request;
  const byCheck: Record<string, number> = {};
  const faults: Record<string, { happened: number; metOrder: number }> = {};
  const brokenDays: BrokenDay[] = [];
  for (const { seed, broken, faults: ofDay } of days) {
    for (const check of checksOf(broken)) byCheck[check] = (byCheck[check] ?? 0) + 1;
    for (const [kind, { happened, metOrder }] of Object.entries(ofDay)) {
      const sum = faults[kind] ?? { happened: 0, metOrder: 0 };
      faults[kind] = { happened: sum.happened + happened, metOrder: sum.metOrder + metOrder };
    }
    if (broken.length > 0) brokenDays.push({ seed, broken, replay: replayOf(request, seed) });
  }
  const tookMs = days.reduce((sum, day) => sum + day.tookMs, 0);
  return {
    from,
    days: days.length,
    asked: count,
    brokenDays,
    byCheck,
    faults,
    msPerDay: tookMs / Math.max(1, days.length),
    tracesHash: sha256Hex(days.map(({ seed, traceHash }) => `${seed} ${traceHash}`).join("\n")),
  };
}

function trialOf({ families, faults, canary }: DayChoice): Omit<Trial, "seed"> {
  for (const family of families ?? []) mustKnow("family", family, FAMILY_NAMES);
  for (const fault of faults ?? []) mustKnow("fault", fault, STRIKE_KINDS);
  if (canary !== undefined) mustKnow("canary", canary, Object.keys(CANARIES));
  return {
    ...(families && { families }),
    ...(faults && { strikes: faults }),
    ...(canary !== undefined && { canary }),
  };
}

function mustKnow(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new AppError({
    code: "SIMULATION_UNKNOWN_NAME",
    message: `there is no ${what} "${name}"`,
    remedy: `use one of ${known.join(", ")}`,
  });
}

function readKeep(text: string): Keep {
  const keep = parseKeep(text);
  if (keep !== undefined) return keep;
  throw new AppError({
    code: "SIMULATION_BAD_KEEP",
    message: `"${text}" does not say what is kept of a day`,
    remedy: "use what a story prints, such as strikes=none/acts=0,3-5",
  });
}

function replayOf({ families, faults, canary }: DayChoice, seed: number, keep: Keep = {}): string {
  const kept = formatKeep(keep);
  return [
    `npx tandem simulate --seed ${seed}`,
    ...(families === undefined ? [] : [`--families ${families.join()}`]),
    ...(faults === undefined ? [] : [`--faults ${faults.join() || "none"}`]),
    ...(canary === undefined ? [] : [`--canary ${canary}`]),
    ...(kept === "" ? [] : [`--no-shrink --keep ${kept}`]),
  ].join(" ");
}

/** Of the sources that run, "+" when they have been changed since; undefined outside a repository. */
async function commitOf(): Promise<string | undefined> {
  const options = { cwd: import.meta.dirname };
  const run = promisify(execFile);
  try {
    const { stdout: commit } = await run("git", ["rev-parse", "--short", "HEAD"], options);
    const { stdout: changes } = await run("git", ["status", "--porcelain", "."], options);
    return commit.trim() + (changes === "" ? "" : "+");
  } catch {
    return undefined;
  }
}
