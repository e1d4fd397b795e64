/** All that is watched on a simulated day: one check or more for each promise. */
import { brokerRules } from "./broker-rules.ts";
import type { MakeCheck } from "./check.ts";
import { exitsFirst } from "./exits-first.ts";
import { explained } from "./explained.ts";
import { flatEnd } from "./flat-end.ts";
import { intentFirst } from "./intent-first.ts";
import { neverLost } from "./never-lost.ts";
import { neverTwice } from "./never-twice.ts";
import { protection } from "./protection.ts";
import { sides } from "./sides.ts";
import { suspendedMeansStop } from "./suspended-means-stop.ts";
import { unknownIsAState } from "./unknown-is-a-state.ts";

export const CHECKS: readonly MakeCheck[] = [
  neverTwice,
  neverLost,
  intentFirst,
  sides,
  flatEnd,
  protection,
  exitsFirst,
  brokerRules,
  unknownIsAState,
  suspendedMeansStop,
  explained,
];
