/** Limits of one link on entries. Each absent one does not limit; none ever stops an exit. */
import type { InstrumentKey } from "./ids.ts";
import type { InstrumentKind } from "./instrument.ts";
import type { MoneyE4 } from "./money.ts";
import type { OrderTerms, Product, Side } from "./order.ts";

/** What is copied and what is not; what is denied wins. */
export interface AllowDeny<Name> {
  /** Absent: everything. */
  readonly allow?: readonly Name[];
  readonly deny?: readonly Name[];
}

/** Minutes of the Indian day, the first one in and the last one out. */
export interface CopyWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface Guards {
  readonly sides?: readonly Side[];
  /** "NSE_FNO": of the leader's contract. */
  readonly segments?: readonly string[];
  /** The leader's. */
  readonly products?: readonly Product[];
  readonly orderTypes?: readonly OrderTerms["type"][];
  readonly kinds?: readonly InstrumentKind[];
  /** The leader's contracts. */
  readonly instruments?: AllowDeny<InstrumentKey>;
  /** "NIFTY": of what is traded. */
  readonly underlyings?: AllowDeny<string>;
  readonly window?: CopyWindow;
  /** Largest notional of one child order. */
  readonly maxOrderValue?: MoneyE4;
  /** Furthest that an entry's price may be from the leader's average fill, in basis points. */
  readonly maxPriceDistanceBps?: number;
  /** Most units of one contract that the link may have copied or have on the way. */
  readonly maxQuantity?: number;
  /** Most contracts that the link may be in, or on the way into. */
  readonly maxOpenPositions?: number;
  /** Most that all of the link's positions and entries on the way may be worth together. */
  readonly maxExposure?: MoneyE4;
  /** Most entries that the link may place in a day. */
  readonly maxOrdersPerDay?: number;
}
