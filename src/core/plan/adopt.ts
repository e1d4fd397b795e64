/**
 * Orders of ours that the journal knows nothing of: after its loss they are still in the broker's
 * book, under ids that can be computed again from the leader's orders.
 */
import { type CopyId, type Split, toCopyId } from "../model/fact.ts";
import type { Link } from "../model/link.ts";
import { type BookOrder, type PositionKey, toPositionKey } from "../order/account-book.ts";
import { vehicleOf } from "../order/child.ts";
import { type ChildIdentity, correlationIdOf, LEGS, type Leg } from "../order/correlation-id.ts";
import type { LeaderState } from "../order/leader.ts";
import type { Draft } from "./draft.ts";
import { contractOf, tradedFor } from "./family.ts";
import { isByQuantityAlone } from "./size-entry.ts";

/** How far a name is searched: replaced orders and repeated attempts are rare. */
const REVISIONS = 3;

interface Found {
  readonly identity: ChildIdentity;
  readonly order: BookOrder;
}

/** Adopts every order in the follower's book that this link must have placed. */
export function adoptChildren(draft: Draft, link: Link, leader: LeaderState): PositionKey[] {
  if (draft.state.book.byCorrelation.size === 0) return [];
  const keys = new Set<PositionKey>();
  for (const order of leader.book.orders.values()) {
    const id = toCopyId(link.id, order.brokerOrderId);
    const found = LEGS.flatMap((leg) => findSlices(draft, link, order, leg));
    if (found.length === 0) continue;
    adopt(draft, link, order, id, found);
    const { instrument, product } = contractOf(link, order);
    keys.add(toPositionKey(instrument, product));
  }
  return [...keys];
}

/** Slice by slice, until one that nothing is known of. */
function findSlices(draft: Draft, link: Link, order: BookOrder, leg: Leg, slice = 0): Found[] {
  const found = findChildren(draft, link, order, { leg, slice });
  return found.length === 0 ? [] : [...found, ...findSlices(draft, link, order, leg, slice + 1)];
}

function findChildren(
  draft: Draft,
  link: Link,
  order: BookOrder,
  part: { readonly leg: Leg; readonly slice: number },
): Found[] {
  const found: Found[] = [];
  const attempts = draft.context.limits.maxAttempts;
  for (let name = 0; name < REVISIONS * attempts; name += 1) {
    const identity: ChildIdentity = {
      leader: link.leader,
      leaderOrderId: order.brokerOrderId,
      follower: draft.state.account,
      ...part,
      revision: Math.floor(name / attempts),
      attempt: name % attempts,
    };
    const ids = draft.state.book.byCorrelation.get(correlationIdOf(identity, draft.context.sha256));
    const child = ids?.[0] && draft.state.book.orders.get(ids[0]);
    if (child) found.push({ identity, order: child });
  }
  return found;
}

function adopt(
  draft: Draft,
  link: Link,
  order: BookOrder,
  id: CopyId,
  found: readonly Found[],
): void {
  const units = (leg: Leg) => intendedUnits(found.filter((child) => child.identity.leg === leg));
  const exits = units("exit");
  const total = order.terms.quantity;
  const reduce = exits > 0 ? (units("entry") > 0 ? Math.min(exits, total) : total) : 0;
  // What the leader held then is lost; an adopted exit stands for all that it was sent for.
  const split: Split = {
    leaderQuantity: total,
    leaderNet: reduce === 0 ? 0 : order.side === "SELL" ? reduce : -reduce,
    reduce,
    open: total - reduce,
  };
  const contract = contractOf(link, order);
  const lot = draft.context.instrument(contract.instrument)?.lotSize;
  draft.record({
    kind: "copyOpened",
    copyId: id,
    linkId: link.id,
    leader: link.leader,
    leaderOrderId: order.brokerOrderId,
    ...tradedFor(order, contract),
    ...vehicleOf(found.find(({ identity }) => identity.leg === "entry")?.order.family ?? "plain"),
    side: order.side,
    split,
    isAdopted: true,
    // What such a rule was applied to is lost; what it came to is at the broker.
    sizing: isByQuantityAlone(link.sizing)
      ? link.sizing
      : { kind: "fixed-quantity", quantity: units("entry") },
    entryQuantity: units("entry"),
    ...(lot === undefined ? {} : { lot }),
    ...(reduce > 0 ? { exit: { units: exits, openEntries: [] } } : {}),
  });
  for (const child of found) {
    draft.record({
      kind: "childAdopted",
      copyId: id,
      identity: child.identity,
      order: child.order,
    });
  }
}

/**
 * Slice by slice, what the last order was for and what those before it filled: each was placed for
 * what was left.
 */
function intendedUnits(found: readonly Found[]): number {
  const slices = Map.groupBy(found, ({ identity }) => identity.slice);
  let units = 0;
  for (const slice of slices.values()) {
    for (const [index, { order }] of slice.entries()) {
      units += index === slice.length - 1 ? order.terms.quantity : order.filledQuantity;
    }
  }
  return units;
}
