/** All that is watched on a simulated day: one check or more for each promise. */
import {
  exitSize,
  explained,
  intentFirst,
  neverLost,
  neverTwice,
  suspendedMeansStop,
  unknownIsAState,
} from "./audited.ts";
import { brokerRules } from "./broker-rules.ts";
import type { MakeCheck } from "./check.ts";
import { driftNamed } from "./drift-named.ts";
import { exitsFirst } from "./exits-first.ts";
import { flatEnd } from "./flat-end.ts";
import { killMeansStop } from "./kill-means-stop.ts";
import { liveAuditor } from "./live-auditor.ts";
import { modeMeansStop } from "./mode-means-stop.ts";
import { noWrite } from "./no-write.ts";
import { protection } from "./protection.ts";
import { refusedMeansStop } from "./refused-means-stop.ts";
import { repaired } from "./repaired.ts";
import { sides } from "./sides.ts";
import { squaredOff } from "./squared-off.ts";
import { withinGuards } from "./within-guards.ts";
import { withinHours } from "./within-hours.ts";
import { withinRule } from "./within-rule.ts";

export const CHECKS: readonly MakeCheck[] = [
  neverTwice,
  neverLost,
  intentFirst,
  sides,
  withinRule,
  withinGuards,
  withinHours,
  flatEnd,
  driftNamed,
  protection,
  exitsFirst,
  brokerRules,
  unknownIsAState,
  suspendedMeansStop,
  refusedMeansStop,
  killMeansStop,
  modeMeansStop,
  squaredOff,
  repaired,
  explained,
  exitSize,
  noWrite,
  // Last: it holds what it was told against what the others have told.
  liveAuditor,
];
