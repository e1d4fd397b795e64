/** The checks that run inside the program, each with the promise that it is about. */
import type { MakeAuditCheck } from "./check.ts";
import { brokerRules } from "./checks/broker-rules.ts";
import { exitSize } from "./checks/exit-size.ts";
import { explained } from "./checks/explained.ts";
import { intentFirst } from "./checks/intent-first.ts";
import { killMeansStop } from "./checks/kill-means-stop.ts";
import { neverLost } from "./checks/never-lost.ts";
import { neverTwice } from "./checks/never-twice.ts";
import { suspendedMeansStop } from "./checks/suspended-means-stop.ts";
import { unknownIsAState } from "./checks/unknown-is-a-state.ts";

export interface NamedCheck {
  readonly name: string;
  /** "P1" to "P10". */
  readonly promise: string;
  readonly make: MakeAuditCheck;
}

export const LIVE_CHECKS: readonly NamedCheck[] = [
  { name: "never-twice", promise: "P1", make: neverTwice },
  { name: "never-lost", promise: "P2", make: neverLost },
  { name: "intent-first", promise: "P3", make: intentFirst },
  { name: "exit-size", promise: "P4", make: exitSize },
  { name: "broker-rules", promise: "P7", make: brokerRules },
  { name: "unknown-is-a-state", promise: "P8", make: unknownIsAState },
  { name: "suspended-means-stop", promise: "P9", make: suspendedMeansStop },
  { name: "kill-means-stop", promise: "P9", make: killMeansStop },
  { name: "explained", promise: "P10", make: explained },
];
