/** The end of a leader's day: everything is cancelled or exited until he is flat. */
import type { World } from "../world.ts";
import type { Family } from "./family.ts";
import type { Market } from "./market.ts";

const END_ROUNDS_MAX = 60;
const END_ROUND_MS = 500;
/** What the risk desk has left resting holds back what he would sell: after a while all of it ends. */
const CLEAR_ROUNDS = 20;

/** Act by act; throws when it does not come to an end. */
export async function comeToAnEnd(world: World, market: Market, families: readonly Family[]) {
  market.setLiquidity(null);
  for (let round = 0; round < END_ROUNDS_MAX; round += 1) {
    market.repeats();
    await world.clock.run(END_ROUND_MS);
    if (families.every(({ isOver }) => isOver)) return;
    if (round % CLEAR_ROUNDS === CLEAR_ROUNDS - 1) cancelAll(world);
    for (const family of families) if (!family.isOver) family.ends();
  }
  throw new Error("the leader's day does not come to an end");
}

function cancelAll(world: World): void {
  const { books, simulator } = world;
  const leader = world.clientOf("leader");
  for (const { orderId } of books.alive(leader)) simulator.cancelByHand(leader, orderId);
}
