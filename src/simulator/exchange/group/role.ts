/** The parts of a group as the wire names them. */
import type { ExitLeg } from "../../../core/model/order.ts";

export const LEG_NAMES = ["ENTRY_LEG", "TARGET_LEG", "STOP_LOSS_LEG"] as const;
export type GroupRole = "entry" | ExitLeg;

export const ROLE_OF = {
  ENTRY_LEG: "entry",
  TARGET_LEG: "target",
  STOP_LOSS_LEG: "stop",
} as const satisfies Record<(typeof LEG_NAMES)[number], GroupRole>;

/** Undefined for a word that names no leg. */
export function roleOf(word: unknown): GroupRole | undefined {
  const found = LEG_NAMES.find((name) => name === word);
  return found === undefined ? undefined : ROLE_OF[found];
}
