/** Prices that trade at once, for what must get out of a group or back into it. */
import { protectedLimit } from "../desire/price.ts";
import type { BrokerOrderId } from "../model/ids.ts";
import { type PriceE4, roundToTickDown, roundToTickUp, toPriceE4 } from "../model/money.ts";
import { opposite } from "../model/order.ts";
import type { AccountBook } from "../order/account-book.ts";
import type { GroupPlan } from "./standing.ts";

/** A limit that trades at once, by the latest price that is known. */
export function outPrice(plan: GroupPlan): PriceE4 | undefined {
  const reference = latestPrice(plan);
  return reference && protectedLimit(opposite(plan.copy.side), reference, plan.instrument);
}

/** A trigger that the latest known price touches already. */
export function outTrigger(plan: GroupPlan): PriceE4 | undefined {
  const { copy, instrument } = plan;
  const reference = latestPrice(plan);
  if (reference === undefined) return undefined;
  const round = copy.side === "BUY" ? roundToTickUp : roundToTickDown;
  return toPriceE4(round(reference, instrument.tick));
}

/** As the leader's orders tell it; where he never came in, as the follower's own do. */
function latestPrice(plan: GroupPlan): PriceE4 | undefined {
  const { leader, order } = plan;
  const legs = legPrice(leader.book, [order.brokerOrderId]);
  return legs ?? order.lastPrice ?? order.averagePrice ?? ownPrice(plan);
}

function ownPrice({ draft, copy }: GroupPlan): PriceE4 | undefined {
  const { children, book } = draft.state;
  const ids = copy.children.entry
    .map((id) => children.get(id)?.brokerOrderId)
    .filter((id) => id !== undefined);
  const entry = ids.map((id) => book.orders.get(id)).findLast((order) => order?.averagePrice);
  return legPrice(book, ids) ?? entry?.lastPrice ?? entry?.averagePrice;
}

/** What was sold twice is bought back at the market, by the follower's own fills. */
export function backPrice(plan: GroupPlan): PriceE4 | undefined {
  const reference = ownPrice(plan) ?? latestPrice(plan);
  return reference && protectedLimit(plan.copy.side, reference, plan.instrument);
}

/** The newest price that a leg of these groups has told of. */
function legPrice(book: AccountBook, entries: readonly BrokerOrderId[]): PriceE4 | undefined {
  const last = entries
    .flatMap((id) => book.byParent.get(id) ?? [])
    .map((id) => book.orders.get(id))
    .filter((leg) => leg !== undefined)
    .findLast((leg) => leg.averagePrice !== undefined || leg.lastPrice !== undefined);
  return last?.lastPrice ?? last?.averagePrice;
}
