/**
 * What the state surely holds under a name that it has told itself: no copy and no child is ever taken
 * out of it again, so one that is missing is a bug.
 */
import { must } from "../../platform/assert.ts";
import type { CopyId } from "../model/fact.ts";
import type { CorrelationId } from "../model/ids.ts";
import { type PositionKey, toPositionKey } from "./account-book.ts";
import type { Child } from "./child.ts";
import type { Copy } from "./copy.ts";
import type { FollowerState } from "./follower-state.ts";

export function copyNamed({ copies }: Pick<FollowerState, "copies">, id: CopyId): Copy {
  return must(copies.get(id), `copy ${id}`);
}

export function childNamed(
  { children }: Pick<FollowerState, "children">,
  id: CorrelationId,
): Child {
  return must(children.get(id), `child ${id}`);
}

export function childrenNamed(
  state: Pick<FollowerState, "children">,
  ids: readonly CorrelationId[],
): Child[] {
  return ids.map((id) => childNamed(state, id));
}

/** Copies of one position that may still need something, oldest first. */
export function openIdsOf(
  { openCopies }: Pick<FollowerState, "openCopies">,
  key: PositionKey,
): readonly CopyId[] {
  return openCopies.get(key) ?? [];
}

/** The same copies themselves. */
export function openCopiesOf(
  state: Pick<FollowerState, "copies" | "openCopies">,
  key: PositionKey,
): Copy[] {
  return openIdsOf(state, key).map((id) => copyNamed(state, id));
}

/** An order of this instrument and product has an unknown outcome. */
export function hasUnknown(state: FollowerState, key: PositionKey): boolean {
  return childrenNamed(state, state.unknown).some(
    ({ instrument, product }) => toPositionKey(instrument, product) === key,
  );
}
