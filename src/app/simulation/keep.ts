/**
 * Which parts of a seed's plan are left. A plan holds lists (followers, acts of the leader, faults);
 * a reduced day is the seed and the places in them that are kept, short enough for a command line:
 * "acts=0,3-5/faults=none". A list that is not named is whole.
 */
import { assert } from "../../platform/assert.ts";

/** By the list's name: the places that are kept, ascending. */
export type Keep = Readonly<Record<string, readonly number[]>>;

/** Plain data, nested as the plan likes; every array of it that is in no other array is a list. */
type Plain = Readonly<Record<string, unknown>>;

/** Lengths by name; lists within records are named with dots ("day.acts"). */
export function listsOf(plan: object): Readonly<Record<string, number>> {
  const lengths: Record<string, number> = {};
  visit(plan as Plain, "", (name, list) => {
    lengths[name] = list.length;
  });
  return lengths;
}

function visit(record: Plain, prefix: string, found: (name: string, list: unknown[]) => void) {
  for (const [key, value] of Object.entries(record)) {
    if (Array.isArray(value)) found(prefix + key, value);
    else if (isRecord(value)) visit(value, `${prefix}${key}.`, found);
  }
}

function isRecord(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same plan with what is kept of it. Throws when a list or a place does not exist. */
export function keepOf<Plan extends object>(plan: Plan, keep: Keep): Plan {
  const lengths = listsOf(plan);
  for (const [name, places] of Object.entries(keep)) {
    const length = lengths[name];
    const known = Object.keys(lengths).join(", ");
    assert(length !== undefined, () => `the plan has no list ${name}; it has ${known}`);
    const last = places.at(-1) ?? -1;
    assert(last < length, () => `${name} has ${length} parts, there is none at ${last}`);
  }
  return reduced(plan as Plain, "", keep) as Plan;
}

function reduced(record: Plain, prefix: string, keep: Keep): Plain {
  const entries = Object.entries(record).map(([key, value]) => {
    const places = keep[prefix + key];
    if (Array.isArray(value)) {
      return [key, places === undefined ? value : places.map((place) => value[place])] as const;
    }
    return [key, isRecord(value) ? reduced(value, `${prefix}${key}.`, keep) : value] as const;
  });
  return Object.fromEntries(entries);
}

const NONE = "none";

export function formatKeep(keep: Keep): string {
  const texts = Object.entries(keep).map(([name, places]) => `${name}=${formatPlaces(places)}`);
  return texts.join("/");
}

function formatPlaces(places: readonly number[]): string {
  if (places.length === 0) return NONE;
  const runs: { from: number; to: number }[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    if (run?.to === place - 1) run.to = place;
    else runs.push({ from: place, to: place });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

const PLACES_MAX = 100_000;

/** Undefined when it cannot be read. */
export function parseKeep(text: string): Keep | undefined {
  const keep: Record<string, readonly number[]> = {};
  for (const part of text === "" ? [] : text.split("/")) {
    const [, name, list] =
      /^([A-Za-z][A-Za-z.]*)=(none|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)$/.exec(part) ?? [];
    if (name === undefined || list === undefined || name in keep) return undefined;
    const places = list === NONE ? [] : parsePlaces(list);
    if (places === undefined) return undefined;
    keep[name] = places;
  }
  return keep;
}

function parsePlaces(list: string): readonly number[] | undefined {
  const places: number[] = [];
  for (const run of list.split(",")) {
    const [from = Number.NaN, to = from] = run.split("-").map(Number);
    const isAscending = from > (places.at(-1) ?? -1) && from <= to;
    if (!isAscending || to >= PLACES_MAX) return undefined;
    for (let place = from; place <= to; place += 1) places.push(place);
  }
  return places;
}
