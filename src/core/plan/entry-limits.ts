/** An entry, new or changed, before the guards of its link. */
import type { PlaceCommand } from "../model/command.ts";
import type { OrderTerms } from "../model/order.ts";
import type { Inputs, Refused } from "../model/reason.ts";
import { toPositionKey } from "../order/account-book.ts";
import type { Child } from "../order/child.ts";
import {
  type Approved,
  approveEntry,
  type Counted,
  countedRefusal,
  type Market,
  refusalOf,
} from "../risk/approve.ts";
import { windowRefusal } from "../risk/filters.ts";
import { brokerNowMs } from "./draft.ts";
import { linkExposure } from "./link-exposure.ts";
import type { LegPlan } from "./slice.ts";

export function approveNew(plan: LegPlan, command: PlaceCommand): Approved<PlaceCommand> | Refused {
  return approveEntry(command, plan.link.guards, marketOf(plan), countedOf(plan));
}

/** Why the entry may not become this; undefined when it may, or asks for no more than it did. */
export function changeLimit(plan: LegPlan, child: Child, terms: OrderTerms): Inputs | undefined {
  const { link, copy } = plan;
  const isMore =
    terms.quantity > child.terms.quantity || (terms.price ?? 0) > (child.terms.price ?? 0);
  if (!isMore) return undefined;
  if (link.mode !== "active") return { mode: link.mode };
  const counted = countedOf(plan);
  const market = marketOf(plan);
  const units = terms.quantity - child.terms.quantity;
  const added = { units, isNew: false, ...(terms.price && { price: terms.price }) };
  const refusal =
    windowRefusal(link.guards, counted.nowMs) ??
    refusalOf({ ...terms, side: copy.side }, link.guards, market) ??
    countedRefusal(added, link.guards, market, counted);
  return refusal && { ...refusal.inputs, limit: refusal.code };
}

/** As the link stands before this order. */
function countedOf({ draft, link, copy, order }: LegPlan): Counted {
  const { calendar } = draft.context;
  const key = toPositionKey(copy.instrument, copy.product);
  return {
    nowMs: brokerNowMs(draft.context, link.leader, order),
    ...(calendar && { calendar }),
    exposure: () => linkExposure(draft.state, link.id, key),
  };
}

function marketOf({ order }: LegPlan): Market {
  return {
    ...(order.averagePrice === undefined ? {} : { leaderAverage: order.averagePrice }),
    ...(order.lastPrice === undefined ? {} : { lastPrice: order.lastPrice }),
  };
}
