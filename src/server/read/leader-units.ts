/** What the leader holds of what a follower's position was copied from. */
import {
  type AccountBook,
  netUnits,
  type PositionKey,
  toPositionKey,
} from "../../core/order/account-book.ts";
import type { Copy } from "../../core/order/copy.ts";
import { leaderKeyOf } from "../../core/plan/family.ts";

/** Net units over all of the leader's positions that these copies trade under one key. */
export function leaderUnits(book: AccountBook, key: PositionKey, copies: readonly Copy[]): number {
  const ours = copies.filter((copy) => toPositionKey(copy.instrument, copy.product) === key);
  const keys = new Set(ours.map(leaderKeyOf));
  if (keys.size === 0) return netUnits(book, key);
  return [...keys].reduce((sum, leaderKey) => sum + netUnits(book, leaderKey), 0);
}
