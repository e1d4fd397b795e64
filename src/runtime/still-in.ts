/** What of the copied an account is still in, by its state and its broker's books together. */
import type { InstrumentKey } from "../core/model/ids.ts";
import type { Product } from "../core/model/order.ts";
import { netUnits, type PositionKey, toPositionKey } from "../core/order/account-book.ts";
import { isGroup } from "../core/order/child.ts";
import { isOpen } from "../core/order/child-state.ts";
import { contractOfCopied, copiedOf, type FollowerState } from "../core/order/follower-state.ts";
import { groupInside, hasFiredOpen } from "../core/plan/consider.ts";

export interface PositionLeft {
  readonly instrument: InstrumentKey;
  /** "HDFCBANK"; the instrument's key where no order of the day tells it. */
  readonly symbol: string;
  readonly product: Product;
  /** Signed units that were copied and not taken out by orders of Tandem's. */
  readonly copied: number;
  /** Signed units that the account holds, whoever bought them. */
  readonly held: number;
}

export interface StillIn {
  readonly positions: readonly PositionLeft[];
  /** Orders of Tandem's that may still fill. */
  readonly orders: number;
  /** Of those the ones whose outcome is unknown. */
  readonly unknown: number;
}

/** Units that somebody else has taken out are not in any more, whatever was copied. */
export function stillIn(state: FollowerState): StillIn {
  const contracts = new Map<PositionKey, PositionLeft>();
  for (const [name, copied] of state.copied.entries()) {
    if (copied === 0) continue;
    const key = contractOfCopied(name);
    const { instrument, product } = copiedOf(name);
    const before = contracts.get(key)?.copied ?? 0;
    const held = netUnits(state.book, key);
    const symbol = symbolOf(state, instrument);
    contracts.set(key, { instrument, symbol, product, copied: before + copied, held });
  }
  const children = [...state.children.values()];
  return {
    positions: [...contracts.values()].filter(
      (left) => left.copied * left.held > 0 || isInGroup(state, left),
    ),
    orders: children.filter((child) => isOpen(child.state) || hasFiredOpen(state, child)).length,
    unknown: state.unknown.length,
  };
}

export function isFlat({ positions, orders }: StillIn): boolean {
  return positions.length === 0 && orders === 0;
}

function symbolOf({ book }: FollowerState, instrument: InstrumentKey): string {
  for (const order of book.orders.values()) {
    if (order.instrument === instrument && order.symbol !== "") return order.symbol;
  }
  return instrument;
}

/** Groups of both sides may stand in one contract, whose net says nothing. */
function isInGroup(state: FollowerState, { instrument, product, held }: PositionLeft): boolean {
  if (held === 0) return false;
  const open = state.openCopies.get(toPositionKey(instrument, product)) ?? [];
  return open.some((id) => {
    const copy = state.copies.get(id);
    return copy !== undefined && isGroup(copy) && groupInside(state, copy) > 0;
  });
}
