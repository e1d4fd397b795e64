/** How much, and why that much: the arithmetic of a copy in the words that a trader would use. */

import type { ExitBasis, Split } from "../../core/model/fact.ts";
import type { Copy } from "../../core/order/copy.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { basisNow } from "../../core/plan/consider.ts";
import { entryWords, type SizedEntry } from "./sizing-words.ts";
import { share } from "./words.ts";

export interface Sized extends SizedEntry {
  readonly exit?: ExitBasis;
}

/** "the leader's 101 x 0.5 = 50.5, in whole lots 50", and what the exit is a share of. */
export function sizeSentences(copy: Sized, state: FollowerState): string {
  const sentences: string[] = [];
  if (copy.split.reduce > 0 && copy.exit !== undefined) {
    sentences.push(exitSentence(copy.split, basisOf(copy.exit, state), copy.exit));
  }
  if (copy.split.open > 0) sentences.push(entryWords(copy));
  return sentences.join("; ");
}

/** "the leader reduces 50 of the 100 that he held: half of 48 copied, 24". */
function exitSentence(split: Split, basis: number, exit: ExitBasis): string {
  const held = Math.abs(split.leaderNet);
  const part = share(split.reduce, held);
  const leader = `the leader reduces ${split.reduce} of the ${held} that he held`;
  const growing = exit.openEntries.length > 0 ? ", and of what their entries still fill" : "";
  if (basis === 0) return `${leader}; nothing of that was copied${growing}`;
  const units = split.reduce >= held ? basis : (basis * split.reduce) / held;
  const rounded = Number.isInteger(units) ? "" : ", rounded down to whole lots";
  const result = part === "all" ? "" : `, ${Math.round(units * 100) / 100}${rounded}`;
  return `${leader}: ${part} of ${basis} copied${growing}${result}`;
}

/** Copied units that the exit is a share of by now. */
export function basisOf(exit: ExitBasis, state: FollowerState): number {
  return basisNow(state, exit);
}

/** Why an exit is placed for less than its share; "" when it is its share. */
export function cutExitReason(copy: Copy, state: FollowerState, quantity: number): string {
  if (copy.exit === undefined) return "";
  const held = Math.abs(copy.split.leaderNet);
  const part = Math.min(1, copy.split.reduce / held);
  const units = Math.floor(basisOf(copy.exit, state) * part);
  if (quantity >= units) return "";
  return ` (not ${units}: whole lots, what is left of the copied position and what the account holds allow ${quantity})`;
}
