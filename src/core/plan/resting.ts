/** What still rests when the leader's order has filled, by the link's rule: leave, chase or cancel. */
import { furthestPrice } from "../desire/price.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Link } from "../model/link.ts";
import type { OrderTerms } from "../model/order.ts";
import type { BookOrder } from "../order/account-book.ts";
import type { Copy } from "../order/copy.ts";
import type { Leg } from "../order/correlation-id.ts";
import { hasOpenChild, isSkipped } from "./consider.ts";
import type { Draft } from "./draft.ts";
import { hasLasted } from "./watch.ts";

interface Resting {
  readonly draft: Draft;
  readonly copy: Copy;
  readonly order: BookOrder;
  readonly link: Link;
  readonly instrument: Pick<Instrument, "tick">;
}

/**
 * The terms that take the place of the leader's own once his order has filled and the follower's has
 * rested too long; undefined while there is nothing to chase. An exit is never given up: a link that
 * cancels what rests cancels entries.
 */
export function termsAfterFilled(
  { draft, copy, order, link, instrument }: Resting,
  leg: Leg,
): ((quantity: number) => OrderTerms | undefined) | undefined {
  const rule = link.afterLeaderFilled ?? { kind: "leave" };
  if (rule.kind === "leave" || copy.vehicle === "forever") return undefined;
  const isSo =
    order.status === "filled" &&
    (hasOpenChild(draft.state, copy, "entry") || hasOpenChild(draft.state, copy, "exit"));
  const { afterMs } = rule;
  const isDue = hasLasted(draft, copy.copyId, { grace: "leader-filled", isSo, afterMs });
  if (!isDue) return undefined;
  if (rule.kind === "cancel") {
    if (leg === "entry" && hasOpenChild(draft.state, copy, "entry") && !isSkipped(copy, "entry")) {
      const { copyId } = copy;
      const inputs = { afterMs };
      draft.record({ kind: "skipped", copyId, leg, code: "leader-filled", inputs });
    }
    return undefined;
  }
  const { averagePrice } = order;
  if (averagePrice === undefined) return undefined;
  const price = furthestPrice(copy.side, averagePrice, rule.maxDistanceBps, instrument.tick);
  const own = order.terms.price;
  // His own limit may allow more than the chase would.
  const isFurther = own === undefined || (copy.side === "BUY" ? price > own : price < own);
  if (!isFurther) return undefined;
  return (quantity) => ({
    type: "LIMIT",
    validity: "DAY",
    quantity,
    disclosedQuantity: 0,
    price,
  });
}
