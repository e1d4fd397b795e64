/** A group as it stood after one change, as the truth tells it. */

/** waiting: nothing has filled yet. triggered: a stop that has fired and may still be trading. */
export type ExitState = "waiting" | "working" | "triggered" | "filled" | "cancelled" | "expired";

/** Prices in rupees. */
export interface ExitMoment {
  readonly orderId: string | null;
  readonly status: ExitState;
  /** 0 while it is only known as a distance. */
  readonly price: number;
  readonly trailingJump: number;
  /** Units that the leg is for, and those of them that have traded. */
  readonly quantity: number;
  readonly filledQuantity: number;
}

export interface GroupMoment {
  readonly atMs: number;
  readonly entryStatus: string;
  readonly unitsIn: number;
  readonly unitsOut: number;
  readonly target: ExitMoment | null;
  readonly stop: ExitMoment | null;
  /** Units in, not out, and without a stop that works or has fired. */
  readonly unprotected: number;
}
