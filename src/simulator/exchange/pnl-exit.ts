/** The exit at a profit or a loss (official docs). */

import type { Product } from "../../core/model/order.ts";
import type { PnlExit, PnlReach, SimAccount, SimPosition } from "./account.ts";
import { BadField, money, objectOf, reading } from "./body-fields.ts";
import { exitAll } from "./exits.ts";
import { netOf } from "./margin.ts";
import { inputRefusal, isReply, ok, type Reply, refusal, TEXT } from "./replies.ts";
import { rupees } from "./rows.ts";
import { isMarketOpen } from "./session-clock.ts";
import type { Switches } from "./switches.ts";
import type { Venue } from "./venue.ts";

const PRODUCTS_OF = {
  INTRADAY: ["INTRADAY", "CO", "BO"],
  DELIVERY: ["CNC", "MTF", "MARGIN"],
} as const satisfies Readonly<Record<PnlReach, readonly Product[]>>;

/** Replaces the one before. A threshold that is breached already fires at once. */
export function setPnlExit(venue: Venue, account: SimAccount, body: unknown): Reply {
  const asked = readPnlExit(body, venue.switches);
  if (isReply(asked)) return asked;
  endPnlExit(account);
  const look = () => exitIfBreached(venue, account);
  const instruments = [...venue.instruments.values()];
  for (const { watchers } of instruments) watchers.add(look);
  const unwatch = () => {
    for (const { watchers } of instruments) watchers.delete(look);
  };
  account.pnlExit = { ...asked, unwatch };
  venue.agenda.after(0, look);
  return ok({ pnlExitStatus: "ACTIVE", message: "P&L based exit configured successfully" });
}

export function showPnlExit({ pnlExit }: SimAccount): Reply {
  if (pnlExit === undefined) return refusal(400, "Data_Error", "DH-907", TEXT.noPnlExit);
  return ok({
    pnlExitStatus: "ACTIVE",
    profit: rupees(pnlExit.profitE4).toFixed(2),
    loss: rupees(pnlExit.lossE4).toFixed(2),
    productType: pnlExit.reach,
    enable_kill_switch: pnlExit.enableKillSwitch,
  });
}

export function dropPnlExit(account: SimAccount): Reply {
  if (account.pnlExit === undefined) return refusal(400, "Data_Error", "DH-907", TEXT.noPnlExit);
  endPnlExit(account);
  return ok({ pnlExitStatus: "DISABLED", message: "P&L based exit stopped successfully" });
}

/** The night ends it, and the kill switch with it. */
export function rollPnlExit(account: SimAccount): void {
  account.isKilled = false;
  endPnlExit(account);
}

function endPnlExit(account: SimAccount): void {
  account.pnlExit?.unwatch();
  delete account.pnlExit;
}

function readPnlExit(body: unknown, switches: Switches): Omit<PnlExit, "unwatch"> | Reply {
  return reading(() => {
    const fields = objectOf(body, switches);
    const [profitE4, lossE4] = [money(fields.profitValue), money(fields.lossValue)];
    const names = Array.isArray(fields.productType) ? fields.productType : [];
    const reach = names.filter(
      (name): name is PnlReach => name === "INTRADAY" || name === "DELIVERY",
    );
    const isRight = reach.length > 0 && reach.length === names.length && profitE4 + lossE4 > 0;
    if (!isRight) throw new BadField(inputRefusal());
    return { profitE4, lossE4, reach, enableKillSwitch: fields.enableKillSwitch === true };
  });
}

/** Looked at with every new price. All positions are exited, of whatever product. */
function exitIfBreached(venue: Venue, account: SimAccount): void {
  const { pnlExit } = account;
  if (pnlExit === undefined || !isMarketOpen(venue)) return;
  const { profitE4, lossE4, reach, enableKillSwitch } = pnlExit;
  const products: readonly string[] = reach.flatMap((name) => PRODUCTS_OF[name]);
  const positions = [...account.positions.values()].filter(({ product }) =>
    products.includes(product),
  );
  const gainE4 = positions.reduce((sum, position) => sum + gainOf(position), 0);
  const isBreached = (profitE4 > 0 && gainE4 >= profitE4) || (lossE4 > 0 && gainE4 <= -lossE4);
  if (!isBreached) return;
  endPnlExit(account);
  exitAll(venue, account);
  account.isKilled = enableKillSwitch;
}

function gainOf(position: SimPosition): number {
  const { instrument, costE4, realizedE4 } = position;
  return realizedE4 + (instrument.lastE4 - costE4) * netOf(position);
}
