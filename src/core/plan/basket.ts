/**
 * Legs of a spread that the leader places together: the bought one first, since it makes the sold one
 * cheaper to carry and its risk bounded; and an alarm when a part of the spread stays out.
 *
 * A basket is not named anywhere on the wire: options on one underlying that were placed within a
 * second are taken for one.
 */
import { must } from "../../platform/assert.ts";
import type { CopyId } from "../model/fact.ts";
import type { BookOrder } from "../order/account-book.ts";
import { isOpen } from "../order/child-state.ts";
import type { Copy } from "../order/copy.ts";
import { childrenNamed, copyNamed } from "../order/named.ts";
import { legFilled } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { alarmOnce } from "./watch.ts";

const TOGETHER_MS = 1_000;
/** The bought leg is waited for no longer than this: a spread that is late is no better than half of one. */
const HEDGE_WAIT_MS = 2_000;
const LOOK_EVERY_MS = 50;

/** The other legs of the copy's basket. */
function othersOf(draft: Draft, copy: Copy): readonly Copy[] {
  const { state, context } = draft;
  const own = context.instrument(copy.instrument);
  if (own?.kind !== "option" || own.underlying === undefined || copy.split.open === 0) return [];
  return state.recent
    .map((id) => copyNamed(state, id))
    .filter((other) => {
      if (other.linkId !== copy.linkId || other.instrument === copy.instrument) return false;
      if (Math.abs(other.openedAtMs - copy.openedAtMs) > TOGETHER_MS) return false;
      const instrument = context.instrument(other.instrument);
      const isSame = instrument?.kind === "option" && instrument.underlying === own.underlying;
      return isSame && other.split.open > 0;
    });
}

/** Whether this sold leg must wait until the broker has the bought one. */
export function mustWaitForHedge(draft: Draft, copy: Copy, order: BookOrder): boolean {
  if (order.side !== "SELL" || copy.children.entry.length > 0) return false;
  const untilMs = copy.openedAtMs + HEDGE_WAIT_MS;
  if (draft.context.nowMs >= untilMs) return false;
  const isAwaited = othersOf(draft, copy).some(
    (other) => other.side === "BUY" && isComing(draft, other),
  );
  if (isAwaited) {
    draft.act({ kind: "wake", atMs: Math.min(untilMs, draft.context.nowMs + LOOK_EVERY_MS) });
  }
  return isAwaited;
}

/** Its entry is wanted and the broker has not taken it yet. */
function isComing(draft: Draft, copy: Copy): boolean {
  if (copy.isClosed || isOut(copy)) return false;
  return childrenNamed(draft.state, copy.children.entry).every(
    ({ state }) => state === "intended" || state === "unknown",
  );
}

function isOut({ skips }: Copy): boolean {
  return skips.all !== undefined || skips.entry !== undefined;
}

/** A part of the spread is in, or may still come in, and another will not. */
export function watchBasket(draft: Draft, copyId: CopyId): void {
  const copy = copyNamed(draft.state, copyId);
  for (const other of othersOf(draft, copy)) {
    const [outer, inner] = isOut(copy) ? [copy, other] : [other, copy];
    if (!isOut(outer) || isOut(inner) || !isIn(draft, inner)) continue;
    const code = must(outer.skips.entry ?? outer.skips.all, "why it is out");
    const inputs = { out: outer.instrument, in: inner.instrument, code };
    alarmOnce(draft, inner.copyId, "basket-half-out", inputs);
  }
}

function isIn(draft: Draft, copy: Copy): boolean {
  if (legFilled(draft.state, copy, "entry") > 0) return true;
  return childrenNamed(draft.state, copy.children.entry).some(({ state }) => isOpen(state));
}
