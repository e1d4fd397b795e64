/** What a person asks of a running Tandem about differences: to be shown them, and to repair them. */
import { z } from "zod";

/** The order that a repair sends; the price in ten-thousandths of a rupee, absent at the market. */
const order = z.strictObject({
  leg: z.enum(["entry", "exit"]),
  side: z.enum(["BUY", "SELL"]),
  quantity: z.int().positive(),
  price: z.int().positive().exactOptional(),
});

const product = z.enum(["CNC", "INTRADAY", "MARGIN", "MTF", "CO", "BO"]);
const instrument = z.string().max(60);

/** A position as the person saw it; units are signed. */
const seen = z.strictObject({
  link: z.string().max(40),
  instrument,
  product,
  of: z.strictObject({ instrument, product }).exactOptional(),
  target: z.int(),
  actual: z.int(),
  order: order.exactOptional(),
});
export type SeenRepair = z.output<typeof seen>;

/** More than anybody reads before he says yes. */
const POSITIONS_MAX = 10_000;

/** Absent: every link. */
export const repairQuestion = z.strictObject({ link: z.string().max(40).exactOptional() });
export const repairOrder = z.strictObject({
  requestId: z.string().min(8).max(64),
  by: z.string().max(100),
  positions: z.array(seen).min(1).max(POSITIONS_MAX),
});
export type RepairsAsked = z.output<typeof repairOrder>;

export interface WhyNot {
  readonly code: string;
  readonly text: string;
}

/** A difference, and what a repair of it would send, or why nothing, or no more. */
export interface OfferedRepair extends SeenRepair {
  readonly leader: string;
  readonly follower: string;
  readonly isShadow: boolean;
  readonly symbol: string;
  readonly difference: number;
  readonly parts: readonly {
    readonly cause: string;
    readonly units: number;
    readonly code: string;
  }[];
  /** Since when it was seen so with the books read whole; absent: not yet. */
  readonly ageMs?: number;
  readonly refused?: WhyNot;
}

/** What became of one position of a request, as it stands by now. */
export interface TakenRepair {
  readonly link: string;
  readonly follower: string;
  readonly symbol: string;
  readonly product: string;
  readonly refused?: WhyNot;
  readonly repair?: {
    /** "RP12": by which it is explained. */
    readonly name: string;
    readonly side: string;
    readonly units: number;
    readonly filled: number;
    /** No order of it works any more. */
    readonly isOver: boolean;
    /** Why it goes no further. */
    readonly why?: WhyNot;
  };
}

export interface RepairDoor {
  /** Every difference of the link. Rejects with an AppError. */
  readonly repairOffers: (
    asked: z.output<typeof repairQuestion>,
  ) => Promise<readonly OfferedRepair[]>;
  /**
   * Begins the repairs, each as it was seen, and resolves when that is durable. Asked again with the
   * same request, it tells how they stand and begins nothing. Rejects with an AppError.
   */
  readonly repair: (asked: RepairsAsked) => Promise<readonly TakenRepair[]>;
}
