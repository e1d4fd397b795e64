/**
 * Orders, the groups that they form and the instruments where they wait, as the box keeps them.
 * These three know one another, so they stand in one file. Prices are in 1/10,000 rupee.
 */
import type { ExitLeg, OrderType, Product, Side, Validity } from "../../core/model/order.ts";
import type { AmoTime } from "./amo-time.ts";
import type { GroupMoment } from "./group/group-moment.ts";
import type { InstrumentSpec } from "./instrument.ts";
import type { Switches } from "./switches.ts";

/** An instrument with its price and the orders that wait for it. */
export interface SimInstrument extends InstrumentSpec {
  readonly key: string;
  lastE4: number;
  /** Circuit limits, inclusive. */
  lowestE4: number;
  highestE4: number;
  /** Units that trade at each price event; Infinity fills everything. */
  liquidity: number;
  /** What is left of it until the next price event. */
  unitsLeft: number;
  /** Working orders of every account, in the order in which they came. */
  readonly working: Set<SimOrder>;
  /** Called after each new last price, orders first: triggers that rest at the broker. */
  readonly watchers: Set<() => void>;
}

export type WireStatus =
  | "TRANSIT"
  | "PENDING"
  | "PART_TRADED"
  | "TRADED"
  | "CANCELLED"
  | "REJECTED"
  | "EXPIRED";

export interface SimFill {
  readonly quantity: number;
  readonly priceE4: number;
  readonly atMs: number;
  readonly exchangeTradeId: string;
}

/** The order as it stood after one change. */
export interface SimOrderMoment {
  readonly atMs: number;
  readonly status: WireStatus;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly price: number;
  readonly triggerPrice: number;
  readonly text: string;
}

/** The changeable part; 0 stands for an absent price, as on the wire. */
export interface SimTerms {
  type: OrderType;
  validity: Validity;
  quantity: number;
  disclosedQuantity: number;
  priceE4: number;
  triggerE4: number;
}

export interface SimOrder {
  readonly clientId: string;
  readonly orderId: string;
  readonly correlationId: string;
  readonly instrument: SimInstrument;
  readonly side: Side;
  readonly product: Product;
  /** "P": over the API; "N": by hand in the broker's app. */
  readonly source: "P" | "N";
  readonly platform: "API" | "FAST" | "FOVR" | "VTT SL" | "VTT TGT";
  /** Of an exit leg: its entry's id. Of the order that a trigger has fired: the trigger's. */
  readonly parentOrderId?: string;
  /** Its place in an order group. */
  part?: GroupPart;
  /** The id that books and frames show instead of its own. */
  readonly shownId?: string;
  readonly afterMarket: boolean;
  readonly amoTime?: AmoTime;
  /** An after-market order whose time has come. */
  isReleased?: boolean;
  terms: SimTerms;
  status: WireStatus;
  exchangeOrderId: string;
  /** A stop whose trigger was touched: a plain limit order from then on. */
  triggered: boolean;
  /** True until its first chance to match: it takes the market's price, not its own. */
  aggressive: boolean;
  filled: number;
  filledValueE4: number;
  text: string;
  readonly placedAtMs: number;
  updatedAtMs: number;
  exchangeAtMs: number;
  /** Monotonic; row lag and lookup blindness count from it. */
  readonly acceptedMonotonicMs: number;
  blindUntilMonotonicMs: number;
  modifications: number;
  blockedE4: number;
  /** A rejection that a fault has planned for the end of TRANSIT. */
  plannedRejection?: string;
  readonly history: SimOrderMoment[];
  readonly fills: SimFill[];
  /** When the request's body had arrived whole, epoch ms with fraction; absent by hand. */
  readonly arrivedAtMs?: number;
  /** Just before the first frame past TRANSIT was written to a socket, epoch ms with fraction. */
  firstWorkingFrameAtMs?: number;
}

export type GroupKind = "super" | "bracket" | "cover";

export interface SimExit {
  readonly leg: ExitLeg;
  /** Where the leg is or, before the entry's first fill, will be. */
  levelE4: number;
  distanceE4: number;
  trailE4: number;
  /** Steps of the trail that have been taken since the level or the step was set. */
  trailedSteps: number;
  /** Its order at the exchange, from the entry's first fill on. */
  order?: SimOrder;
  /** How it ended without ever having been at the exchange. */
  endedAs?: "cancelled" | "expired";
}

export interface SimGroup {
  readonly kind: GroupKind;
  readonly entry: SimOrder;
  /** Where the entry's row shows the stop of a CO. */
  readonly coStop: Switches["coStop"];
  target?: SimExit;
  stop?: SimExit;
  /** How the group stood after each change, oldest first. */
  readonly moments: GroupMoment[];
  /** Its steps are being taken: what they cause is looked at when they are done. */
  isSettling: boolean;
  /** A sibling's cancel is waiting for its delay, or that delay is just over. */
  isCancelWaiting: boolean;
  isCancelDue: boolean;
}

/** Which part of which group an order is. */
export interface GroupPart {
  readonly group: SimGroup;
  readonly role: "entry" | ExitLeg;
}
