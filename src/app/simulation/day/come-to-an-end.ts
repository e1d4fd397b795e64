/** The end of a leader's day: everything is cancelled or exited until he is flat. */
import type { World } from "../world.ts";
import type { Family } from "./family.ts";
import type { Market } from "./market.ts";

const END_ROUNDS_MAX = 60;
const END_ROUND_MS = 500;

/** Act by act; throws when it does not come to an end. */
export async function comeToAnEnd(world: World, market: Market, families: readonly Family[]) {
  market.setLiquidity(null);
  for (let round = 0; round < END_ROUNDS_MAX; round += 1) {
    market.repeats();
    await world.clock.run(END_ROUND_MS);
    if (families.every(({ isOver }) => isOver)) return;
    for (const family of families) if (!family.isOver) family.ends();
  }
  throw new Error("the leader's day does not come to an end");
}
