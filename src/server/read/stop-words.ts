/** Why entries are stopped, as a person says it. */
import type { EntriesAllowed, EntriesStopped, StopCause } from "../../core/model/fact.ts";

const STOP_WORDS: Readonly<Record<StopCause, string>> = {
  kill: "the kill switch",
  "square-off": "the square-off",
  breaker: "the breaker",
  breach: "a broken promise",
  disk: "a full disk",
};

export function stopSentence(fact: EntriesStopped | EntriesAllowed): string {
  if (fact.kind === "entriesStopped") return `entries are stopped (${stopWords(fact)})`;
  return `entries are no longer stopped by ${STOP_WORDS[fact.cause]} (${fact.by})`;
}

/** "the kill switch, by asha: the market is mad". */
export function stopWords(stop: {
  readonly cause: StopCause;
  readonly by: string;
  readonly text: string;
}): string {
  return `${STOP_WORDS[stop.cause]}, ${byWords(stop)}`;
}

/** "by asha: the market is mad". */
export function byWords({ by, text }: { readonly by: string; readonly text: string }): string {
  return `by ${by}${text === "" ? "" : `: ${text}`}`;
}
