/** Placing, changing, cancelling and listing Forever orders (official docs, section "Forever Order"). */
import type { SimAccount } from "../account.ts";
import { refusedByKillSwitch } from "../kill-switch.ts";
import { refusedProduct, refusedTerms } from "../order-rules.ts";
import type { Origin } from "../place.ts";
import { inputRefusal, ok, orderRefusal, type Reply, TEXT } from "../replies.ts";
import { nextOrderId, type Venue } from "../venue.ts";
import { aim, isAlive, type SimForever, type SimForeverLeg } from "./forever.ts";
import type { ForeverChange, ForeverFields } from "./forever-request.ts";
import { foreverRows } from "./forever-rows.ts";
import { changeLeg, endForever, foreverChanged, wakeForever } from "./forever-trigger.ts";

/** Taken at any hour; the risk check may refuse it later. */
export function placeForever(
  venue: Venue,
  account: SimAccount,
  fields: ForeverFields,
  origin: Origin,
): Reply {
  const instrument = venue.instruments.get(`${fields.segment}:${fields.securityId}`);
  if (instrument === undefined) return inputRefusal(TEXT.badInstrument);
  const { side } = fields;
  const refused =
    refusedByKillSwitch(venue, account) ??
    refusedProduct(instrument, fields.product) ??
    fields.legs.map((leg) => refusedTerms(instrument, { ...leg, side })).find(Boolean);
  if (refused !== undefined) return refused;
  const nowMs = venue.agenda.nowMs();
  const forever: SimForever = {
    clientId: account.clientId,
    orderId: nextOrderId(venue),
    correlationId: fields.correlationId ?? "NA",
    flag: fields.flag,
    instrument,
    side,
    product: fields.product,
    source: origin.source,
    legs: legsOf(venue, fields),
    text: "",
    placedAtMs: nowMs,
    updatedAtMs: nowMs,
    modifications: 0,
    history: [],
    ...(origin.rejectLater === undefined ? {} : { plannedRejection: origin.rejectLater.text }),
    ...(origin.arrivedAtMs === undefined ? {} : { arrivedAtMs: origin.arrivedAtMs }),
  };
  aim(forever);
  account.forevers.set(forever.orderId, forever);
  foreverChanged(venue, forever);
  const transitMs = origin.rejectLater?.afterMs ?? origin.stuckMs ?? account.transitMs;
  venue.agenda.after(transitMs ?? venue.switches.transitMs, () =>
    wakeForever(venue, account, forever),
  );
  return ok({ orderId: forever.orderId, orderStatus: "PENDING" });
}

/** The primary set of an OCO is its stop, the "…1" set its target (official docs). */
function legsOf(venue: Venue, { flag, legs }: ForeverFields): SimForeverLeg[] {
  return legs.map((terms, at) => ({
    name:
      flag === "SINGLE"
        ? venue.switches.foreverSingleLeg
        : at === 0
          ? "STOP_LOSS_LEG"
          : "TARGET_LEG",
    terms,
    firesAt: "or-above",
    status: "transit",
  }));
}

/** Only under the name that the list gives the leg. Takes effect a little later; a fire may win. */
export function modifyForever(
  venue: Venue,
  account: SimAccount,
  orderId: string,
  change: ForeverChange,
): Reply {
  const forever = account.forevers.get(orderId);
  if (forever === undefined || !isAlive(forever)) return orderRefusal();
  const leg = forever.legs.find(({ name }) => name === change.legName);
  if (leg === undefined || change.flag !== forever.flag) return orderRefusal();
  if (leg.status === "transit") return orderRefusal(TEXT.transit);
  if (forever.modifications >= venue.switches.modificationLimit) {
    return orderRefusal(TEXT.tooManyModifications);
  }
  const { terms } = change;
  const refused = refusedTerms(forever.instrument, { ...terms, side: forever.side });
  if (refused !== undefined) return refused;
  forever.modifications += 1;
  venue.agenda.after(venue.switches.changeMs, () =>
    changeLeg(venue, account, { forever, leg, terms }),
  );
  return ok({ orderId, orderStatus: "PENDING" });
}

/** All of it. A trigger that fires before this takes effect has fired. */
export function cancelForever(venue: Venue, account: SimAccount, orderId: string): Reply {
  const forever = account.forevers.get(orderId);
  if (forever === undefined || !isAlive(forever)) return orderRefusal();
  if (forever.legs.some(({ status }) => status === "transit")) return orderRefusal(TEXT.transit);
  venue.agenda.after(venue.switches.changeMs, () => {
    if (isAlive(forever)) endForever(venue, forever, "cancelled");
  });
  return ok({ orderId, orderStatus: "CANCELLED" }, venue.switches.cancelStatus);
}

/** One row for each leg. What has ended drops off after a while. */
export function listForevers(venue: Venue, account: SimAccount): Reply {
  const nowMs = venue.agenda.monotonicMs();
  const rows = [];
  for (const forever of account.forevers.values()) {
    const endedMs = nowMs - (forever.endedMonotonicMs ?? nowMs);
    if (endedMs <= venue.switches.foreverKeepMs) rows.push(...foreverRows(forever, venue.switches));
  }
  return ok(rows);
}
