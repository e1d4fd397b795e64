/**
 * Why something was not done, as codes that a program may match and a person may look up. Each comes
 * with its inputs, so that the sentence that explains it needs nothing else.
 */

/** A final no for one leg of one copy. */
export const SKIP_CODES = {
  "brackets-refused": "the link refuses bracket and cover orders",
  "levels-not-found": "the exit levels of the leader's order could not be found",
  "entry-type-not-supported": "a Super Order cannot begin with this type of order",
  "own-legs": "the follower's own group has legs of its own, or was refused as a whole",
  "own-trigger": "the follower holds a trigger of his own, which fires by itself",
  "trigger-fired": "the leader's trigger had fired before it could be copied",
  "leader-filled": "the leader's order has filled, and the link does not let the copy rest longer",
  "freeze-table-stale": "it would have to be cut by a table of freeze quantities past its date",
  "link-paused": "the link is paused",
  "close-only": "the link only closes what is open",
  "leader-rejected": "the leader's order was rejected before any fill",
  "leader-cancelled": "the leader's order ended before it was seen working or filling",
  "too-old": "the leader's order was too old when it could first be acted on",
  "below-one-lot": "the rule gives less than one lot",
  "no-capital": "the rule needs the capital of both, and that of one is not known or is nothing",
  "no-stop": "the rule sizes by the distance to the stop, and the leader's order has none",
  "nothing-to-exit": "nothing of it was copied, so there is nothing to exit",
  "unknown-instrument": "the instrument is not in the instrument file",
  "no-reference-price": "a market order without any price to protect it by",
  "side-not-allowed": "the link does not copy entries of this side",
  "segment-not-allowed": "the link does not copy entries of this segment",
  "product-not-allowed": "the link does not copy entries of this product",
  "order-type-not-allowed": "the link does not copy entries of this type",
  "kind-not-allowed": "the link does not copy entries in this kind of instrument",
  "instrument-not-allowed": "the link does not copy entries in this instrument",
  "underlying-not-allowed": "the link does not copy entries in this underlying",
  "outside-window": "the link copies entries at other times of the day",
  "market-closed": "the segment takes no orders at this time, by the market calendar",
  "calendar-stale": "whether the segment is open is not known: the market calendar does not tell",
  "orders-above-limit": "the link has placed as many entries today as it may",
  "quantity-above-limit": "the link would have more of the contract than it may",
  "positions-above-limit": "the link is in as many contracts as it may be",
  "exposure-above-limit": "the link's positions would be worth more together than they may",
  "order-value-above-limit": "the order's value is above the link's limit",
  "price-too-far": "the price has moved too far from the leader's fill",
  "account-suspended": "the account's orders are refused by the broker until its access is mended",
  "entries-stopped": "entries were stopped; it is not entered later",
  "squared-off": "the account was squared off, which closed what was copied",
  "child-rejected": "the broker or the exchange rejected the copy",
  "cancelled-elsewhere": "the copy was cancelled at the broker by somebody else",
  "ended-short": "the copy ended before all of it had filled",
  "account-holds-less": "the account holds less than was copied, and all that it holds was exited",
  "gave-up": "the copy was not accepted after the allowed number of attempts",
  "repair-not-filled": "the repair had not filled in time, and what rested of it was cancelled",
  "repair-over": "the difference had gone or changed before all of the repair had filled",
} as const;
export type SkipCode = keyof typeof SKIP_CODES;

/** Nothing is done for now; it is looked at again with every event. */
export const HOLD_CODES = {
  "unknown-order": "an order of this account and instrument has an unknown outcome",
  "awaiting-ack": "the broker has not answered yet",
  "awaiting-exchange": "the order is in transit, where a cancel is refused",
  "awaiting-entry-fill": "the entry that it would exit has not filled yet",
  "less-than-a-lot": "what the leader has filled so far comes to less than one lot",
  "closing-part-first": "the closing part has not filled yet",
  "other-part-first": "an order of the same copy that stands for another part must end first",
  "confirming-leader-book": "the leader's books are read before a short is opened",
  "positions-unknown": "the account's positions have not been read yet",
  "account-holds-less": "the account holds less than was copied",
  "no-reference-price": "a market order waits for a price to protect it by",
  "account-suspended": "the account's orders are refused by the broker until its access is mended",
  "entries-stopped": "entries are stopped: the leader's larger or re-priced order is not followed",
  "exit-rejected": "the broker rejected the exit; it is asked again when the leader changes it",
  "change-above-limit": "the leader enlarged his order beyond what the link's limits allow",
  "change-refused": "the broker refused the change; it is not asked again for the same terms",
  "hedge-first": "the bought leg of the same basket goes first",
  "square-off": "the account is squared off: an order of its own closes what was copied",
  "legs-first": "the exit legs at the broker must end before another order may exit",
  "exits-first": "exits that rest must make room before another order takes out the same units",
  "repair-first": "a repair takes units out that this exit would take, too",
} as const;
export type HoldCode = keyof typeof HOLD_CODES;

/** A person must hear of it. */
export const ALARM_CODES = {
  "brackets-refused": "a bracket or cover order of the leader is not copied: the link refuses them",
  "levels-not-found": "a group of the leader is not copied: its exit levels could not be found",
  "entry-type-not-supported": "a group of the leader is not copied: its entry has an unusual type",
  unprotected: "units have filled and no stop of theirs is seen working",
  "double-exit": "more was exited than had been copied",
  "exit-crossed": "an exit met an order that is not ours: the account stands on the other side",
  "still-in": "the leader is out of a group and the follower is not",
  "no-capital":
    "a rule that goes by capital cannot size: that of an account is not known or nothing",
  "left-in": "the leader is out of a position, the follower is not, and no order takes him out",
  "trigger-not-fired": "the leader's trigger has fired and the follower's has not",
  "trigger-fired-alone": "the follower's trigger has fired and the leader's has not",
  "may-have-fired":
    "whether a trigger was taken is unknown, and an order is there that may come of it",
  "fired-unseen": "the follower's trigger has fired and its order is not seen",
  "basket-half-out": "one leg of a basket is in and another was not copied",
  "freeze-table-stale": "an order is not copied: the table of freeze quantities is past its date",
  "calendar-stale": "an entry is not copied: the market calendar does not cover the day",
  "calendar-contradicted":
    "an entry is not copied: the calendar says closed, and the broker took the leader's order",
  "order-rose-again": "an order that was believed dead is alive at the broker",
  "filled-after-cancel": "an order filled after its cancel was confirmed",
  "two-live-children": "two orders are alive for one part of one copy",
  "withdrawn-after-fill": "the leader's order was rejected after the copy had filled",
  "exit-rejected": "the broker rejected an exit",
  "not-flat": "the account is squared off and is not flat yet",
  "entry-rejected": "the broker rejected an entry",
  "account-suspended": "the broker refuses this account's orders",
  "breaker-open": "the broker has rejected several entries in a row: no more are sent",
  "unknown-order": "the outcome of an order is unknown",
  "account-holds-less": "an exit was cut short: the account holds less than was copied",
  "filled-beyond-leader": "a copy filled more than the leader's order stands for",
  "exit-ended-short": "an exit ended before all of it had filled",
  "change-refused": "the broker refused a modification or a cancel",
  "cancelled-elsewhere": "a copy was cancelled at the broker by somebody else",
  drift: "a position is not what the link's rule makes it, and nothing explains it",
} as const;
export type AlarmCode = keyof typeof ALARM_CODES;

/** Small, flat, free of secrets. */
export type Inputs = Readonly<Record<string, string | number | boolean>>;

/** A no, with what it was decided by. */
export interface Refused {
  readonly code: SkipCode;
  readonly inputs: Inputs;
  /** A person must hear of it. */
  readonly alarm?: AlarmCode;
}
