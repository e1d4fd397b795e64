/**
 * What keeps an account from taking new exposure, as a fold: causes that hold, and the entries that
 * were rejected in a row, from which one of them follows.
 */
import type { EntriesAllowed, EntriesStopped, StopCause } from "../model/fact.ts";
import type { Inputs } from "../model/reason.ts";
import type { Child } from "./child.ts";

export interface Stop {
  readonly by: string;
  readonly text: string;
  readonly atMs: number;
  readonly isForAll: boolean;
}

export interface Stops {
  readonly causes: Readonly<Partial<Record<StopCause, Stop>>>;
  /** When each of the last entries was rejected, oldest first; empty once one is seen working. */
  readonly rejectedAtMs: readonly number[];
}

export const NO_STOPS: Stops = { causes: {}, rejectedAtMs: [] };

/** More in a row are not told apart. */
const REJECTIONS_KEPT = 100;

/** The gravest first. */
export const STOP_CAUSES: readonly StopCause[] = [
  "breach",
  "square-off",
  "kill",
  "breaker",
  "disk",
];

/** The gravest cause that holds; undefined while entries flow. */
export function stopCause({ causes }: Stops): StopCause | undefined {
  return STOP_CAUSES.find((cause) => causes[cause] !== undefined);
}

/** Why entries are stopped, for whoever asks later; empty while they flow. */
export function stopInputs(stops: Stops): Inputs {
  const cause = stopCause(stops);
  const stop = cause && stops.causes[cause];
  return stop ? { cause, by: stop.by, text: stop.text } : {};
}

/** Entries that work at the broker are to end, too: the breaker and a full disk leave them. */
export function endsWorkingEntries(cause: StopCause): boolean {
  return cause !== "breaker" && cause !== "disk";
}

/** All that was copied is to be closed. */
export function isSquaredOff({ causes }: Stops): boolean {
  return causes["square-off"] !== undefined;
}

export function changedStops(
  stops: Stops,
  fact: EntriesStopped | EntriesAllowed,
  atMs: number,
): Stops {
  return fact.kind === "entriesStopped" ? withStop(stops, fact, atMs) : withoutStop(stops, fact);
}

/** The first to stop entries for a cause stands for it. */
function withStop(stops: Stops, fact: EntriesStopped, atMs: number): Stops {
  const { cause, by, text, isForAll = false } = fact;
  const stop: Stop = stops.causes[cause] ?? { by, text, atMs, isForAll };
  return { ...stops, causes: { ...stops.causes, [cause]: stop } };
}

/** Rejections from before a breaker was reset do not open it again. */
function withoutStop(stops: Stops, { cause }: EntriesAllowed): Stops {
  const { [cause]: _ended, ...causes } = stops.causes;
  return { causes, rejectedAtMs: cause === "breaker" ? [] : stops.rejectedAtMs };
}

/**
 * An entry has come to be rejected, by the reply or by the broker's risk check later, or to be
 * working. Acceptance by the reply proves little: the risk check comes after it. A refusal of the
 * account's access suspends it and is not counted.
 */
export function withEntryChange(
  stops: Stops,
  before: Child | undefined,
  after: Child | undefined,
  atMs: number,
): Stops {
  if (after === undefined || after.identity.leg !== "entry" || before?.state === after.state) {
    return stops;
  }
  if (after.state === "working" || after.state === "filled") {
    return stops.rejectedAtMs.length === 0 ? stops : { ...stops, rejectedAtMs: [] };
  }
  const reason = after.rejection?.reason;
  if (after.state !== "rejected" || reason === "auth" || reason === "address") return stops;
  return { ...stops, rejectedAtMs: [...stops.rejectedAtMs.slice(1 - REJECTIONS_KEPT), atMs] };
}
