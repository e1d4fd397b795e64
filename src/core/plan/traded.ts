/** The contract that a copy trades, as its plan needs it. */
import type { Instrument } from "../model/instrument.ts";
import { toPriceE4 } from "../model/money.ts";
import type { Copy } from "../order/copy.ts";
import type { Draft } from "./draft.ts";

/** An exit must be possible although the instrument file does not know the contract (any more). */
export function tradedBy(draft: Draft, { instrument }: Pick<Copy, "instrument">): Instrument {
  const known = draft.context.instrument(instrument);
  const standIn = { key: instrument, symbol: instrument, kind: "option", lotSize: 1 } as const;
  return known ?? { ...standIn, tick: toPriceE4(500) };
}
