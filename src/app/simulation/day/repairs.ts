/** A person who looks where a follower differs, and says yes to what he saw, at once or a while later. */
import type { World } from "../world.ts";

export interface RepairAct {
  /** Names it when a day is reduced. */
  readonly id: number;
  /** When he looks: since the day began, milliseconds. */
  readonly atMs: number;
  readonly account: string;
  /** From his look to his yes. */
  readonly thinksMs: number;
  /** His yes is sent twice, as a command does whose answer was lost. */
  readonly isTwice?: true;
}

/** Plans the acts; their times count from now. Where no process runs nobody is asked. */
export function planRepairs(world: World, acts: readonly RepairAct[]): void {
  for (const act of acts) world.clock.schedule(act.atMs, () => looks(world, act));
}

function looks(world: World, { id, account, thinksMs, isTwice }: RepairAct): void {
  const seen = world.seesRepairs(account);
  if (seen.length === 0) return;
  const says = () => {
    world.trace.add("repairs", account, String(seen.length));
    world.tellRepairs(account, `request-${id}`, seen);
  };
  world.clock.schedule(thinksMs, says);
  if (isTwice) world.clock.schedule(thinksMs + 1, says);
}
