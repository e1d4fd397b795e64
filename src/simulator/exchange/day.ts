/** What the session does by itself: expiry at its end, after-market orders at its start, the night. */
import type { SimAccount } from "./account.ts";
import { isQueued, releaseQueued } from "./after-market.ts";
import { expireAlerts } from "./alerts/alerts.ts";
import { openForevers, rollForevers } from "./forever/forever-trigger.ts";
import { rollLedger } from "./ledger.ts";
import { isOpen } from "./order.ts";
import { closeOrder, remember } from "./place.ts";
import { rollPnlExit } from "./pnl-exit.ts";
import { isMarketOpen, nextBoundaryMs } from "./session-clock.ts";
import type { SessionMode, Venue } from "./venue.ts";

const DAY_MS = 86_400_000;
/** The exchange's clock may be set while a later boundary is being waited for. */
const LOOK_EVERY_MS = 10_000;

/** Sets the session and lets its change take effect at once. */
export function setSession(venue: Venue, mode: SessionMode): void {
  const watchedAlready = venue.session === "market-hours";
  venue.session = mode;
  lookAtSession(venue);
  if (mode === "market-hours" && !watchedAlready) watchSession(venue);
}

/** Acts when the session has opened or closed since it was last looked at. */
export function lookAtSession(venue: Venue): void {
  const open = isMarketOpen(venue);
  if (open === venue.wasOpen) return;
  venue.wasOpen = open;
  if (open) {
    releaseQueued(venue);
    openForevers(venue);
  } else expireOpenOrders(venue);
}

/** Looks at the session whenever the hours may change it, as long as the hours decide. */
function watchSession(venue: Venue): void {
  const delayMs = Math.min(nextBoundaryMs(venue) + 1, LOOK_EVERY_MS);
  venue.agenda.after(delayMs, () => {
    if (venue.session !== "market-hours") return;
    lookAtSession(venue);
    watchSession(venue);
  });
}

/** What is queued for the next open has not been at the exchange yet, and stays. */
function expireOpenOrders(venue: Venue): void {
  for (const account of venue.accounts.values()) {
    for (const order of account.orders.values()) {
      if (isOpen(order) && !isQueued(order)) closeOrder(venue, order, "EXPIRED");
    }
  }
}

export interface Rollover {
  readonly keepTokens: boolean;
  /** The clock has come to the next day by itself. */
  readonly keepClock: boolean;
}

/**
 * The next trading day: open orders expire, positions roll, books are empty but for what is queued,
 * tokens are dead, budgets are fresh, order numbers restart. The clock moves 24 hours forward.
 */
export function rollDay(venue: Venue, { keepTokens, keepClock }: Rollover): void {
  expireOpenOrders(venue);
  if (!keepClock) venue.agenda.setOffset(venue.agenda.offsetMs + DAY_MS);
  venue.orderCount = 0;
  for (const account of venue.accounts.values()) {
    rollForevers(venue, account);
    expireAlerts(venue, account);
    rollPnlExit(account);
    rollAccount(account, keepTokens);
  }
  for (const instrument of venue.instruments.values()) {
    if (instrument.option === undefined) recentre(instrument);
  }
  // The night has closed the market even where the session was never told to close.
  venue.wasOpen = false;
  lookAtSession(venue);
}

function rollAccount(account: SimAccount, keepTokens: boolean): void {
  for (const order of account.orders.values()) {
    if (isQueued(order)) continue;
    account.earlierOrders.push(order);
    account.orders.delete(order.orderId);
  }
  account.byCorrelation.clear();
  for (const order of account.orders.values()) remember(account, order);
  account.earlierGroups.push(...account.groups.values());
  account.groups.clear();
  rollLedger(account);
  account.limits.clear();
  if (keepTokens) account.token.expiresAtMs += DAY_MS;
  else account.token.state = "expired";
}

function recentre(instrument: {
  lastE4: number;
  tickE4: number;
  lowestE4: number;
  highestE4: number;
}): void {
  const { lastE4, tickE4 } = instrument;
  instrument.lowestE4 = Math.ceil((lastE4 * 0.8) / tickE4) * tickE4;
  instrument.highestE4 = Math.floor((lastE4 * 1.2) / tickE4) * tickE4;
}
