/** A person who waits for something to be wrong before he does what he is about to do. */
import type { World } from "../world.ts";

/** suspended: the broker refuses the account's orders. down: no process runs. */
export type Awaited = "suspended" | "down";

const LOOK_EVERY_MS = 100;
const LOOKS_MAX = 300;

/** Does it once it is so, or when it has not come to be so for half a minute. */
export function whenIt(
  world: World,
  awaits: Awaited,
  account: string | undefined,
  does: () => void,
  looksLeft = LOOKS_MAX,
): void {
  const isSo = awaits === "down" ? world.isDown : world.suspended.has(account ?? "");
  if (isSo || looksLeft === 0) return does();
  world.clock.schedule(LOOK_EVERY_MS, () => whenIt(world, awaits, account, does, looksLeft - 1));
}
