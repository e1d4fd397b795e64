/** What watchers are told of a change: the order as it is now, without its history. */
import { unprotectedUnits } from "./group/group.ts";
import { levelOf } from "./group/open.ts";
import type { GroupKind, GroupPart, SimOrder } from "./order-records.ts";
import { orderRow, rupees } from "./rows.ts";

/** The group that the order is a part of, as it stands in the middle of the change. */
export interface ChangedGroup {
  readonly kind: GroupKind;
  readonly role: GroupPart["role"];
  readonly entryId: string;
  /** False for a group that was placed without a stop. */
  readonly hasStop: boolean;
  /** The stop's trigger as it is now, rupees; absent without a stop. */
  readonly stopPrice?: number;
  /** Units in, not out, and without a stop that works or has fired. */
  readonly unprotected: number;
}

export interface OrderChange {
  readonly atMs: number;
  readonly clientId: string;
  /** The order's own id, also where books and frames show another. */
  readonly orderId: string;
  /** As `GET /orders` tells it. */
  readonly row: ReturnType<typeof orderRow>;
  readonly group?: ChangedGroup;
  /** The Forever order that has sent it. */
  readonly firedBy?: string;
}

export function changeOf(order: SimOrder): OrderChange {
  const { part } = order;
  return {
    atMs: order.updatedAtMs,
    clientId: order.clientId,
    orderId: order.orderId,
    row: orderRow(order),
    ...(part && { group: groupOf(part) }),
    ...(part === undefined && order.parentOrderId && { firedBy: order.parentOrderId }),
  };
}

function groupOf({ group, role }: GroupPart): ChangedGroup {
  const { kind, entry, stop } = group;
  return {
    kind,
    role,
    entryId: entry.orderId,
    hasStop: stop !== undefined,
    ...(stop && { stopPrice: rupees(levelOf(group, stop)) }),
    unprotected: unprotectedUnits(group),
  };
}
