/** What a leader's day is made of. One family of orders, one small file; a day has some of them. */
import type { Draw } from "../draw.ts";
import type { Traded } from "../instruments.ts";
import type { World } from "../world.ts";
import type { Market } from "./market.ts";

/** What a family acts upon. */
export interface Stage {
  readonly world: World;
  readonly market: Market;
  readonly draw: Draw;
  /** What he trades. */
  readonly traded: readonly [Traded, ...Traded[]];
  /** The leader's client id. */
  readonly leader: string;
}

export interface Family {
  readonly name: string;
  /** How often it acts, next to the others. */
  readonly weight: number;
  /** The leader places something new of this kind. */
  begins(): void;
  /** He changes, cancels or exits something of it that is alive; nothing when there is none. */
  goesOn(): void;
  /** One act towards the end; called again and again until `isOver`. */
  ends(): void;
  /** Nothing of it is alive. */
  readonly isOver: boolean;
}

export type MakeFamily = (stage: Stage) => Family;
