/** Modes into which a person has put links while they ran, as a fold. */
import type { LinkModeSet } from "../model/fact.ts";
import type { Link, LinkMode } from "../model/link.ts";

export interface MovedMode {
  readonly mode: LinkMode;
  /** What the settings had then. */
  readonly over: LinkMode;
  readonly by: string;
  readonly text: string;
  readonly atMs: number;
}

export function movedMode({ mode, over, by, text }: LinkModeSet, atMs: number): MovedMode {
  return { mode, over, by, text, atMs };
}

/** Whoever spoke last counts: the person, until the settings have another mode than he has put aside. */
export function isInForce(moved: MovedMode | undefined, set: LinkMode): moved is MovedMode {
  return moved !== undefined && moved.over === set && moved.mode !== set;
}

/** The link in the mode that holds. */
export function asMoved(link: Link, moved: MovedMode | undefined): Link {
  return isInForce(moved, link.mode) ? { ...link, mode: moved.mode } : link;
}
