/**
 * A person at the machine: stops entries of the followers, squares them off, lets entries flow again, puts
 * links into other modes.
 */
import type { OperatorWhat, World } from "../world.ts";
import { type Awaited, whenIt } from "./when-it.ts";

export interface OperatorAct {
  /** Names it when a day is reduced. */
  readonly id: number;
  /** Since the day began, milliseconds; and not before the act before it is done. */
  readonly atMs: number;
  readonly what: OperatorWhat;
  /** Whose entries, or whose link; absent: everybody's entries. */
  readonly account?: string;
  /** Waits for the next order command of any follower to leave, for a while. */
  readonly isAimed?: true;
  /** Waits for this of the account, for a while. */
  readonly awaits?: Awaited;
}

const AIM_MS = 15_000;
/** Where no process answers he asks again, less and less often. */
const AGAIN_MS = 500;
const AGAIN_MS_MAX = 60_000;

export class Operator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Does the acts one after the other; their times count from now. */
  plan(acts: readonly OperatorAct[]): void {
    this.#next(acts, this.#world.clock.monotonicMs());
  }

  #next([act, ...rest]: readonly OperatorAct[], beganMs: number): void {
    if (act === undefined) return;
    const { clock } = this.#world;
    const does = () =>
      this.#does({ act, isDone: false }, AGAIN_MS, () => this.#next(rest, beganMs));
    clock.schedule(Math.max(0, beganMs + act.atMs - clock.monotonicMs()), () => {
      if (act.isAimed) this.#aims(does);
      else if (act.awaits !== undefined) whenIt(this.#world, act.awaits, act.account, does);
      else does();
    });
  }

  #aims(does: () => void): void {
    const { clock, onCommand } = this.#world;
    const cancel = clock.schedule(AIM_MS, () => {
      onCommand.delete(listener);
      does();
    });
    const listener = () => {
      onCommand.delete(listener);
      cancel();
      clock.schedule(0, does);
    };
    onCommand.add(listener);
  }

  /** He asks again where there is no answer; the first answer of all is the one. */
  #does(asked: Asked, againMs: number, done: () => void): void {
    const { clock, trace } = this.#world;
    const { what, account } = asked.act;
    trace.add("operator", what, account ?? "everybody");
    this.#world.tellDesk(what, account).then(
      () => {
        if (!asked.isDone) clock.schedule(0, done);
        asked.isDone = true;
      },
      () => {},
    );
    clock.schedule(againMs, () => {
      if (!asked.isDone) this.#does(asked, Math.min(2 * againMs, AGAIN_MS_MAX), done);
    });
  }
}

interface Asked {
  readonly act: OperatorAct;
  isDone: boolean;
}
