/** Guards that look at the leader's order alone: whether an entry of this kind is copied at all. */
import type { AllowDeny, Guards } from "../model/guards.ts";
import type { InstrumentKey } from "../model/ids.ts";
import type { Instrument } from "../model/instrument.ts";
import type { OrderObservation } from "../model/order.ts";
import type { Refused, SkipCode } from "../model/reason.ts";
import { IST_OFFSET_MS } from "../model/time.ts";

const MINUTE_MS = 60_000;
const MINUTES_OF_DAY = 1_440;

export interface Filtered {
  readonly order: Pick<OrderObservation, "side" | "instrument" | "product" | "terms">;
  /** What is traded; absent where the instrument file does not know it. */
  readonly instrument: Pick<Instrument, "kind" | "underlying"> | undefined;
  /** By the broker's clock. */
  readonly nowMs: number;
}

/** The refusal by the first filter that says no; undefined when all let it pass. */
export function filterRefusal(guards: Guards, { order, instrument, nowMs }: Filtered) {
  const segment = order.instrument.slice(0, order.instrument.indexOf(":"));
  return (
    unlisted("side-not-allowed", guards.sides, order.side) ??
    unlisted("segment-not-allowed", guards.segments, segment) ??
    unlisted("product-not-allowed", guards.products, order.product) ??
    unlisted("order-type-not-allowed", guards.orderTypes, order.terms.type) ??
    unlisted("kind-not-allowed", guards.kinds, instrument?.kind) ??
    unnamed<InstrumentKey>("instrument-not-allowed", guards.instruments, order.instrument) ??
    unnamed("underlying-not-allowed", guards.underlyings, instrument?.underlying) ??
    windowRefusal(guards, nowMs)
  );
}

/** What the instrument file does not tell is on no list. */
function unlisted<Value extends string>(
  code: SkipCode,
  allowed: readonly Value[] | undefined,
  value: Value | undefined,
): Refused | undefined {
  if (allowed === undefined || (value !== undefined && allowed.includes(value))) return undefined;
  return { code, inputs: { value: value ?? "unknown", allowed: allowed.join(", ") } };
}

function unnamed<Name extends string>(
  code: SkipCode,
  rule: AllowDeny<Name> | undefined,
  value: Name | undefined,
): Refused | undefined {
  const { allow, deny = [] } = rule ?? {};
  if (value !== undefined && deny.includes(value)) {
    return { code, inputs: { value, denied: deny.join(", ") } };
  }
  return unlisted(code, allow, value);
}

/** Outside of the link's copy window, by the broker's clock. */
export function windowRefusal({ window }: Guards, nowMs: number): Refused | undefined {
  if (window === undefined) return undefined;
  const minute = Math.floor((nowMs + IST_OFFSET_MS) / MINUTE_MS) % MINUTES_OF_DAY;
  if (minute >= window.fromMinute && minute < window.toMinute) return undefined;
  const { fromMinute, toMinute } = window;
  return { code: "outside-window", inputs: { minute, fromMinute, toMinute } };
}
