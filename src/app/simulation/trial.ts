/** One day as it is asked for: a seed, what is left of its plan, a planted bug; and what came of it. */
import { CANARIES } from "./canary/canaries.ts";
import type { MakeCheck } from "./checks/check.ts";
import type { FamilyName } from "./day/families.ts";
import { drawPlan } from "./draw-plan.ts";
import type { StrikeKind } from "./faults/strike.ts";
import { type Keep, keepOf, listsOf } from "./keep.ts";
import type { Wraps } from "./life.ts";
import { type Plan, seedOptionsOf } from "./plan.ts";
import { runSeed } from "./run-seed.ts";
import { Story, type StoryLine } from "./story.ts";

/** Plain data: it goes to another thread. */
export interface Trial {
  readonly seed: number;
  readonly keep?: Keep;
  /** Written down, instead of what the seed draws today. */
  readonly plan?: Plan;
  /** Absent: all that the seed draws from. */
  readonly families?: readonly string[];
  /** Kinds of faults; absent: all that the seed draws from. */
  readonly strikes?: readonly string[];
  /** Name of a planted bug. */
  readonly canary?: string;
  readonly wantsStory?: boolean;
}

export interface FaultCount {
  readonly happened: number;
  /** How often of these an order command was unanswered or an order in transit. */
  readonly metOrder: number;
}

/** Plain data, too. */
export interface PlayedDay {
  readonly seed: number;
  /** "CHECK at MILLISECONDS: WHAT", oldest first. */
  readonly broken: readonly string[];
  readonly traceHash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly tookMs: number;
  readonly faults: Readonly<Record<string, FaultCount>>;
  /** Lengths of the plan's lists. */
  readonly lists: Readonly<Record<string, number>>;
  readonly story: readonly StoryLine[];
  /** As it was played; only with a story. */
  readonly plan?: Plan;
}

export async function playTrial(trial: Trial): Promise<PlayedDay> {
  const { seed, keep = {}, canary, wantsStory = false } = trial;
  const whole = trial.plan ?? drawnPlan(trial);
  const plan = keepOf(whole, keep);
  const options = seedOptionsOf(plan);
  const story = new Story();
  const plant = plantOf(canary);
  const checks = [
    plant.check,
    ...(wantsStory ? [story.listen, ...options.checks.map(heardBy(story))] : options.checks),
  ];
  const startedAtMs = performance.now();
  const report = await runSeed({ ...options, checks, wraps: plant.wraps });
  const { broken, traceHash, events, virtualMs, strikes } = report;
  const crash = broken.find((text) => text.startsWith("crash "));
  if (crash !== undefined) story.broken(crash);
  const tookMs = performance.now() - startedAtMs;
  const lists = listsOf({
    strikes: whole.strikes,
    operator: whole.operator ?? [],
    ...(whole.modes && { modes: whole.modes }),
    ...(whole.edits && { edits: whole.edits }),
    shadows: whole.shadows ?? [],
    followers: whole.followers,
    acts: whole.acts,
  });
  return {
    seed,
    broken,
    traceHash,
    events,
    virtualMs,
    tookMs,
    faults: strikes as PlayedDay["faults"],
    lists,
    story: story.lines,
    ...(wantsStory && { plan }),
  };
}

function drawnPlan({ seed, families, strikes }: Trial): Plan {
  return drawPlan(seed, {
    ...(families && { families: families as readonly FamilyName[] }),
    ...(strikes && { strikes: strikes as readonly StrikeKind[] }),
  });
}

/** The ports are wrapped once there is a world, which is when the checks begin. */
function plantOf(canary: string | undefined): { readonly check: MakeCheck; readonly wraps: Wraps } {
  const plantBug = canary === undefined ? undefined : CANARIES[canary];
  let planted: Wraps = {};
  const check: MakeCheck = (world) => {
    planted = plantBug?.(world) ?? {};
    return { name: "canary" };
  };
  const wraps: Wraps = {
    broker: (broker, name) => planted.broker?.(broker, name) ?? broker,
    dropCopy: (dropCopy, name) => planted.dropCopy?.(dropCopy, name) ?? dropCopy,
    journal: (journal) => planted.journal?.(journal) ?? journal,
    clock: (clock) => planted.clock?.(clock) ?? clock,
    links: (links) => planted.links?.(links) ?? links,
  };
  return { check, wraps };
}

/** What is broken stands in the story where it was found. */
function heardBy(story: Story): (make: MakeCheck) => MakeCheck {
  return (make) => (world, tell) => {
    return make(world, (text) => {
      story.broken(text);
      tell(text);
    });
  };
}

/** The checks that a day has broken, each once, in the order in which they did. */
export function checksOf(broken: readonly string[]): readonly string[] {
  return [...new Set(broken.map((text) => text.split(" ", 1)[0] ?? ""))];
}
