/** What a link is in already, and what of its entries is on the way or unknown, counted in full. */

import type { LinkId } from "../model/ids.ts";
import type { PriceE4 } from "../model/money.ts";
import { type PositionKey, toPositionKey } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import { isOpen } from "../order/child-state.ts";
import { contractOfCopied, type FollowerState, linkOfCopied } from "../order/follower-state.ts";
import { childrenNamed, openCopiesOf } from "../order/named.ts";
import type { ContractExposure, LinkExposure } from "../risk/exposure.ts";
import { hasFiredOpen } from "./consider.ts";
import { firedLeaves } from "./fired.ts";

/** As it is before an entry into the contract `key`. */
export function linkExposure(state: FollowerState, linkId: LinkId, key: PositionKey): LinkExposure {
  const units = new Map<PositionKey, number>([[key, 0]]);
  const add = (contract: PositionKey, more: number) =>
    units.set(contract, (units.get(contract) ?? 0) + more);
  for (const [name, copied] of state.copied.entries()) {
    if (linkOfCopied(name) === linkId) add(contractOfCopied(name), Math.abs(copied));
  }
  for (const [contract] of state.openCopies.entries()) {
    for (const copy of openCopiesOf(state, contract)) {
      if (copy.linkId !== linkId) continue;
      for (const child of childrenNamed(state, copy.children.entry)) {
        add(contract, stillToFill(state, child));
      }
    }
  }
  const prices = lastPrices(state, linkId);
  const exposures = [...units].map(([contract, count]): [PositionKey, ContractExposure] => {
    const price = prices.get(contract);
    return [contract, { units: count, ...(price !== undefined && { price }) }];
  });
  return {
    own: new Map(exposures).get(key) as ContractExposure,
    others: exposures.filter(([contract]) => contract !== key).map(([, exposure]) => exposure),
    orders: state.entriesToday.get(linkId) ?? 0,
  };
}

/** What may still fill of it, also by a change that is on its way, or of what its trigger has fired. */
function stillToFill(state: FollowerState, child: Child): number {
  const { terms, pending, filled } = child;
  if (isOpen(child.state)) {
    return Math.max(terms.quantity, pending?.terms?.quantity ?? 0) - filled;
  }
  return hasFiredOpen(state, child) ? firedLeaves(state, child) : 0;
}

/** What the link's newest entry into each contract was filled at, or asks. */
function lastPrices(state: FollowerState, linkId: LinkId): ReadonlyMap<PositionKey, PriceE4> {
  const prices = new Map<PositionKey, PriceE4>();
  for (const copy of state.copies.values()) {
    if (copy.linkId !== linkId) continue;
    for (const child of childrenNamed(state, copy.children.entry)) {
      const price = priceOf(state, child);
      if (price !== undefined) prices.set(toPositionKey(child.instrument, child.product), price);
    }
  }
  return prices;
}

function priceOf({ book }: FollowerState, child: Child): PriceE4 | undefined {
  const { brokerOrderId, terms, pending } = child;
  const order = brokerOrderId === undefined ? undefined : book.orders.get(brokerOrderId);
  const asked = dearer(terms.price ?? terms.triggerPrice, pending?.terms?.price);
  return order?.averagePrice ?? asked;
}

function dearer(a: PriceE4 | undefined, b: PriceE4 | undefined): PriceE4 | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
