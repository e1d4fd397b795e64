import type { CorrelationId } from "../model/ids.ts";
import { type ChildIdentity, correlationIdOf } from "../order/correlation-id.ts";
import type { SlicePlan } from "./slice.ts";

/** The child's name, at the next revision that no order ever had: a turned order keeps its old one. */
export function childNameOf(
  { draft, copy, leg, slice }: SlicePlan,
  name: Pick<ChildIdentity, "revision" | "attempt">,
): { identity: ChildIdentity; correlationId: CorrelationId } {
  let identity: ChildIdentity = {
    leader: copy.leader,
    leaderOrderId: copy.leaderOrderId,
    follower: draft.state.account,
    leg,
    slice,
    ...name,
  };
  let correlationId = correlationIdOf(identity, draft.context.sha256);
  while (draft.state.children.has(correlationId)) {
    identity = { ...identity, revision: identity.revision + 1 };
    correlationId = correlationIdOf(identity, draft.context.sha256);
  }
  return { identity, correlationId };
}
