/** Holds the exits that an order has at the broker against what the script expects of them. */
import type { AccountTruth } from "../../simulator/index.ts";
import type { ExitName, ExpectedExit, ExpectedExits } from "./expected-exits.ts";

type GroupTruth = AccountTruth["groups"][number];
type ExitTruth = GroupTruth["moments"][number][ExitName];

const NAMES: readonly ExitName[] = ["target", "stop"];

/** "has no stop, expected one at 1600", for everything of its exits that differs. */
export function exitDifferences(
  group: GroupTruth | undefined,
  exits: ExpectedExits | undefined,
): string[] {
  if (exits === undefined) return group === undefined ? [] : ["has exits, expected none"];
  const moment = group?.moments.at(-1);
  return NAMES.flatMap((name) => oneExit(name, moment?.[name] ?? null, exits[name]));
}

function oneExit(name: ExitName, actual: ExitTruth, expected: ExpectedExit | undefined): string[] {
  if (expected === undefined) return actual === null ? [] : [`has a ${name}, expected none`];
  if (actual === null) return [`has no ${name}, expected one at ${expected.level}`];
  // A BO's exits are distances until there is a fill that they count from.
  const isDistance = expected.status === "waiting" && actual.price === 0;
  const isAnywhere = expected.level === undefined || isDistance;
  const seen: ExpectedExit = {
    level: isAnywhere ? expected.level : actual.price,
    // How many units a leg was for when it ended is the broker's own affair.
    quantity: expected.status === "cancelled" ? expected.quantity : actual.quantity,
    filled: actual.filledQuantity,
    status: STATUS_OF[actual.status],
  };
  return (Object.keys(expected) as (keyof ExpectedExit)[])
    .filter((field) => seen[field] !== expected[field])
    .map((field) => `has a ${name} with ${field} ${seen[field]}, expected ${expected[field]}`);
}

const STATUS_OF: Readonly<Record<NonNullable<ExitTruth>["status"], ExpectedExit["status"]>> = {
  waiting: "waiting",
  working: "working",
  triggered: "working",
  filled: "filled",
  cancelled: "cancelled",
  expired: "cancelled",
};
