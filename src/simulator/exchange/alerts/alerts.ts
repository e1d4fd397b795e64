/**
 * Conditional alerts: `/alerts/orders` (official docs). A condition on a price fires once; one on an
 * indicator is kept and never fires. The orders that go out say nothing of their alert.
 */
import type { SimAccount } from "../account.ts";
import { istDate } from "../ist.ts";
import { placeOrder } from "../place.ts";
import { isReply, ok, type Reply, refusal, TEXT } from "../replies.ts";
import { rupees } from "../rows.ts";
import { isMarketOpen } from "../session-clock.ts";
import { nextOrderId, type Venue } from "../venue.ts";
import { isMet, type SimAlert } from "./alert-order.ts";
import type { AlertFields } from "./alert-request.ts";

export function placeAlert(venue: Venue, account: SimAccount, asked: AlertFields): Reply {
  const { condition, orders, price, fields, expDate } = asked;
  const alert: SimAlert = {
    clientId: account.clientId,
    alertId: nextOrderId(venue),
    condition,
    orders,
    price,
    fields,
    expDate,
    status: "ACTIVE",
    createdAtMs: venue.agenda.nowMs(),
    seenE4: price?.instrument.lastE4 ?? 0,
    placed: [],
  };
  account.alerts.set(alert.alertId, alert);
  watch(venue, account, alert);
  return said(alert);
}

/** Orders that are left out stay what they were; crossings count from the present price. */
export function modifyAlert(
  venue: Venue,
  account: SimAccount,
  alertId: string,
  asked: AlertFields,
): Reply {
  const alert = account.alerts.get(alertId);
  if (alert === undefined || alert.status !== "ACTIVE") return notFound();
  const { condition, orders, price, fields, expDate } = asked;
  alert.unwatch?.();
  Object.assign(alert, { condition, price, expDate });
  if (orders.length > 0) Object.assign(alert, { orders, fields });
  alert.seenE4 = price?.instrument.lastE4 ?? 0;
  watch(venue, account, alert);
  return said(alert);
}

export function cancelAlert(account: SimAccount, alertId: string): Reply {
  const alert = account.alerts.get(alertId);
  if (alert === undefined || alert.status !== "ACTIVE") return notFound();
  end(alert, "CANCELLED");
  return said(alert);
}

export function listAlerts(account: SimAccount, alertId: string): Reply {
  if (alertId === "") return ok([...account.alerts.values()].map(alertRow));
  const alert = account.alerts.get(alertId);
  return alert === undefined ? notFound() : ok(alertRow(alert));
}

/** The night ends what was good until the day before. */
export function expireAlerts(venue: Venue, account: SimAccount): void {
  const today = istDate(venue.agenda.nowMs());
  for (const alert of account.alerts.values()) {
    if (alert.status === "ACTIVE" && alert.expDate < today) end(alert, "EXPIRED");
  }
}

function watch(venue: Venue, account: SimAccount, alert: SimAlert): void {
  if (alert.price === undefined) return;
  const look = () => fireIfMet(venue, account, alert);
  const { watchers } = alert.price.instrument;
  watchers.add(look);
  alert.unwatch = () => watchers.delete(look);
}

function fireIfMet(venue: Venue, account: SimAccount, alert: SimAlert): void {
  const { price, seenE4 } = alert;
  if (price === undefined || !isMarketOpen(venue)) return;
  const { lastE4 } = price.instrument;
  alert.seenE4 = lastE4;
  if (!isMet(price.operator, price.valueE4, seenE4, lastE4)) return;
  end(alert, "TRIGGERED");
  alert.triggeredAtMs = venue.agenda.nowMs();
  for (const fields of alert.fields) {
    const placed = placeOrder(venue, account, fields, { source: "P" });
    if (isReply(placed)) alert.placed.push({ refusal: JSON.stringify(placed.body) });
    else alert.placed.push({ orderId: placed.order.orderId });
  }
}

function end(alert: SimAlert, status: SimAlert["status"]): void {
  alert.status = status;
  alert.unwatch?.();
}

function said({ alertId, status }: SimAlert): Reply {
  return ok({ alertId, alertStatus: status });
}

function notFound(): Reply {
  return refusal(400, "Data_Error", "DH-907", TEXT.noAlert);
}

/** Times are UTC here, unlike anywhere else (official docs). */
function alertRow(alert: SimAlert) {
  const { price, triggeredAtMs } = alert;
  return {
    alertId: alert.alertId,
    alertStatus: alert.status,
    createdTime: utc(alert.createdAtMs),
    triggeredTime: triggeredAtMs === undefined ? null : utc(triggeredAtMs),
    lastPrice: rupees(price?.instrument.lastE4 ?? 0).toFixed(2),
    condition: alert.condition,
    orders: alert.orders,
  };
}

/** The row, and the orders that went out. */
export function alertTruth(alert: SimAlert) {
  return { ...alertRow(alert), placed: alert.placed };
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}
