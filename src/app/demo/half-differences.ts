/** Holds a trigger with two halves, as it rests at the broker, against what the script expects of it. */
import type { AccountTruth } from "../../simulator/index.ts";
import type { ScriptOrder } from "./expected-books.ts";
import type { ExitName } from "./expected-exits.ts";

type ForeverTruth = AccountTruth["forevers"][number];

/** The broker's names of the halves. */
const LEG_OF = { stop: "STOP_LOSS_LEG", target: "TARGET_LEG" } as const;

/** "has a stop with trigger 390, expected 395", for everything that differs. */
export function halfDifferences(
  forever: ForeverTruth,
  halves: NonNullable<ScriptOrder["halves"]>,
  { quantity, fired }: { readonly quantity: number; readonly fired: ExitName | undefined },
): string[] {
  return (Object.keys(LEG_OF) as ExitName[]).flatMap((name) => {
    const leg = forever.legs.find((each) => each.name === LEG_OF[name]);
    if (leg === undefined) return [`has no ${name}`];
    const ended = fired === name ? "fired" : "cancelled";
    const pairs = [
      ["trigger", leg.triggerPrice, halves[name].trigger],
      ["price", leg.price, halves[name].price],
      ["quantity", leg.quantity, quantity],
      ["status", leg.status, fired === undefined ? "active" : ended],
    ] as const;
    return pairs
      .filter(([, actual, expected]) => actual !== expected)
      .map(([field, actual, expected]) => {
        return `has a ${name} with ${field} ${actual}, expected ${expected}`;
      });
  });
}
