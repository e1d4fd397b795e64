/**
 * Entries that are stopped: by a person, by the breaker, by a promise that was found broken; and links
 * that a person has put into another mode.
 *
 * Keeps: what increases exposure is neither placed nor enlarged nor re-priced while a cause holds, and
 * what was refused so stays refused when none does; exits, cancels and protection go on unhindered.
 * Does not: take back what waits to be sent (the runtime does, at once).
 */
import type { EntriesAllowed, EntriesStopped, LinkModeSet } from "../model/fact.ts";
import type { OrderTerms } from "../model/order.ts";
import type { Copy } from "../order/copy.ts";
import { childrenNamed } from "../order/named.ts";
import { endsWorkingEntries, stopCause, stopInputs } from "../order/stops.ts";
import { canEntryFill, hasOpenChild, isSkipped } from "./consider.ts";
import type { Draft } from "./draft.ts";

/** Records the stop; false when entries are stopped for this cause already. */
export function stopEntries(draft: Draft, stop: Omit<EntriesStopped, "kind">): boolean {
  if (draft.state.stops.causes[stop.cause] !== undefined) return false;
  draft.record({ kind: "entriesStopped", ...stop });
  return true;
}

/** Records that the cause holds no more; false when it did not. */
export function allowEntries(draft: Draft, allowed: Omit<EntriesAllowed, "kind">): boolean {
  if (draft.state.stops.causes[allowed.cause] === undefined) return false;
  draft.record({ kind: "entriesAllowed", ...allowed });
  return true;
}

/** Records the mode; false when the link is in it already, or is not set. */
export function setMode(draft: Draft, set: Omit<LinkModeSet, "kind" | "over">): boolean {
  const link = draft.context.link(set.linkId);
  if (link === undefined || draft.link(set.linkId)?.mode === set.mode) return false;
  draft.record({ kind: "linkModeSet", ...set, over: link.mode });
  return true;
}

/**
 * The settings have come to have another mode than a person has put aside: theirs holds, also when they
 * go back to what they had. Without a fact of it his word would be in force again then.
 */
export function endOverruledModes(draft: Draft): void {
  for (const [linkId, moved] of draft.state.modes.entries()) {
    const mode = draft.context.link(linkId)?.mode;
    if (mode === undefined || mode === moved.over || moved.mode === moved.over) continue;
    draft.record({ kind: "linkModeSet", linkId, mode, over: mode, by: "the settings", text: "" });
  }
}

/**
 * The breaker: several entries in a row were rejected within a short time. Whatever is wrong will be
 * wrong for the next one, too; a person looks, and until then the account only exits.
 */
export function watchBreaker(draft: Draft): boolean {
  const { limits, nowMs } = draft.context;
  const { stops } = draft.state;
  const { breakerRejections: count, breakerWindowMs: withinMs } = limits;
  const firstAtMs = stops.rejectedAtMs.at(-count);
  if (firstAtMs === undefined || nowMs - firstAtMs > withinMs) return false;
  const text = `${count} entries in a row were rejected`;
  if (!stopEntries(draft, { cause: "breaker", by: "tandem", text })) return false;
  draft.record({ kind: "alarmed", code: "breaker-open", inputs: { count, withinMs } });
  return true;
}

/**
 * The entry of a copy that has none at the broker yet is refused for good when entries stop, and so is
 * one that works there, unless the cause leaves those: refused, it is brought to its end.
 */
export function refuseStopped(draft: Draft, copy: Copy): void {
  const cause = stopCause(draft.state.stops);
  if (cause === undefined || copy.split.open === 0 || isSkipped(copy, "entry")) return;
  const isOpen = hasOpenChild(draft.state, copy, "entry");
  if (isOpen && !endsWorkingEntries(cause)) return withdrawUnsent(draft, copy);
  if (!isOpen && !canEntryFill(draft.state, copy)) return;
  const { copyId } = copy;
  const inputs = stopInputs(draft.state.stops);
  draft.record({ kind: "skipped", copyId, leg: "entry", code: "entries-stopped", inputs });
}

/** Entries that wait to be sent. One that has left already is answered by the broker, and stays. */
export function withdrawUnsent(draft: Draft, copy: Copy): void {
  for (const { correlationId, state } of childrenNamed(draft.state, copy.children.entry)) {
    if (state === "intended") draft.act({ kind: "withdraw", correlationId });
  }
}

/** Of the terms that are wanted, what only takes exposure away from those that the broker has. */
export function onlyLess(wanted: OrderTerms, held: OrderTerms): OrderTerms {
  const { quantity, disclosedQuantity } = wanted;
  return quantity < held.quantity ? { ...held, quantity, disclosedQuantity } : held;
}
