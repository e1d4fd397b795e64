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
}
