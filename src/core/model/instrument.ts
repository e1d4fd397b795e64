import type { InstrumentKey } from "./ids.ts";
import type { PriceE4 } from "./money.ts";

export type InstrumentKind = "equity" | "future" | "option" | "index";

/** One row of the instrument file, as far as copying needs it. */
export interface Instrument {
  readonly key: InstrumentKey;
  /** "HDFCBANK", "NIFTY-Aug2026-24000-CE". */
  readonly symbol: string;
  readonly kind: InstrumentKind;
  /** Smallest tradable multiple, in units. */
  readonly lotSize: number;
  /** Smallest price step. */
  readonly tick: PriceE4;
  /** "NIFTY" of a NIFTY option; the share itself otherwise. Absent when the file does not say. */
  readonly underlying?: string;
  /** What the exchange takes in one order; absent where no limit is known. */
  readonly freeze?: FreezeLimit;
}

/** The freeze quantity of a contract, as far as it is known today. */
export interface FreezeLimit {
  /** The largest quantity of one order, in units: whole lots. */
  readonly units: number;
  /** The table is past its date: what would have to be cut by it is refused. */
  readonly isStale: boolean;
}
