/** What an operator of the box can do to accounts, prices, time and faults. */
import type { z } from "zod";
import { newAccount, type SimAccount } from "../exchange/account.ts";
import { setAddress } from "../exchange/addresses.ts";
import { rollDay, setSession } from "../exchange/day.ts";
import { squareOffIntraday } from "../exchange/exits.ts";
import type { InstrumentSpec } from "../exchange/instrument.ts";
import { toInstrument } from "../exchange/listing.ts";
import { applyPrice, fillOrder } from "../exchange/matching.ts";
import { isWorking, leaves } from "../exchange/order.ts";
import type { SimInstrument, SimOrder } from "../exchange/order-records.ts";
import { startWalking } from "../exchange/price-walk.ts";
import { orderRow, rupees } from "../exchange/rows.ts";
import { changeSwitchesSchema, type Switches } from "../exchange/switches.ts";
import { issueToken } from "../exchange/tokens.ts";
import type { ActiveFault } from "../faults/fault-list.ts";
import { type FaultInput, faultSchema } from "../faults/rule.ts";
import type { Simulation } from "../simulation.ts";
import { ControlFault } from "./control-fault.ts";
import {
  type AccountChange,
  type ClockChange,
  changeAccountSchema,
  circuitSchema,
  clockSchema,
  type FillRequest,
  fillSchema,
  liquiditySchema,
  type NewAccount,
  newAccountSchema,
  priceSchema,
  type Rollover,
  rolloverSchema,
  type TokenChange,
  tokenSchema,
  walkSchema,
} from "./requests.ts";

export interface AccountCredentials {
  readonly clientId: string;
  readonly accessToken: string;
}

/** The input in its schema's shape; a ControlFault that names the first wrong field. */
export function checked<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new ControlFault(where === "" ? `${issue?.message}` : `${where}: ${issue?.message}`);
}

export function accountOf(simulation: Simulation, clientId: string): SimAccount {
  const account = simulation.venue.accounts.get(clientId);
  if (account === undefined) throw new ControlFault(`no account ${clientId}`);
  return account;
}

/** By key, "NSE_EQ:1333", or by trading symbol, "HDFCBANK". */
export function instrumentOf(simulation: Simulation, name: string): SimInstrument {
  const { instruments } = simulation.venue;
  const byKey = instruments.get(name);
  if (byKey !== undefined) return byKey;
  for (const instrument of instruments.values()) {
    if (instrument.tradingSymbol === name) return instrument;
  }
  throw new ControlFault(`no instrument ${name}`);
}

export function createAccount(simulation: Simulation, input: NewAccount): AccountCredentials {
  const asked = checked(newAccountSchema, input);
  const { venue } = simulation;
  const { clientId } = asked;
  if (venue.accounts.has(clientId)) throw new ControlFault(`account ${clientId} exists`);
  if (asked.accessToken !== undefined && venue.tokens.has(asked.accessToken)) {
    throw new ControlFault("this access token is taken");
  }
  const holdings = asked.holdings.map((holding) => ({
    instrument: instrumentOf(simulation, holding.instrument),
    quantity: holding.quantity,
    averagePrice: holding.averagePrice,
  }));
  const token = issueToken(venue, clientId, undefined, asked.accessToken);
  const availableE4 = Math.round(asked.availableBalance * 10_000);
  const account = newAccount({ ...asked, availableE4, token });
  for (const { instrument, quantity, averagePrice } of holdings) {
    const costE4 = averagePrice === undefined ? instrument.lastE4 : averagePrice * 10_000;
    account.holdings.set(instrument.key, {
      instrument,
      quantity,
      fundedQuantity: 0,
      costE4,
    });
  }
  setAddresses(simulation, account, asked);
  venue.accounts.set(clientId, account);
  return { clientId, accessToken: token.text };
}

function setAddresses(
  simulation: Simulation,
  account: SimAccount,
  asked: { primaryIp?: string | undefined; secondaryIp?: string | undefined },
): void {
  const changedAtMs = simulation.venue.agenda.nowMs();
  const { primaryIp, secondaryIp } = asked;
  if (primaryIp !== undefined) setAddress(account, "PRIMARY", { ip: primaryIp, changedAtMs });
  if (secondaryIp !== undefined) setAddress(account, "SECONDARY", { ip: secondaryIp, changedAtMs });
}

export function changeAccount(simulation: Simulation, input: AccountChange): AccountCredentials {
  const asked = checked(changeAccountSchema, input);
  const account = accountOf(simulation, asked.clientId);
  if (asked.replyMs !== undefined) account.replyMs = asked.replyMs;
  if (asked.transitMs !== undefined) account.transitMs = asked.transitMs;
  if (asked.limits !== undefined) account.limits.mode = asked.limits;
  if (asked.availableBalance !== undefined) {
    account.startOfDayE4 = Math.round(asked.availableBalance * 10_000);
  }
  setAddresses(simulation, account, asked);
  return { clientId: account.clientId, accessToken: account.token.text };
}

export function listAccounts(simulation: Simulation) {
  return [...simulation.venue.accounts.values()].map((account) => ({
    clientId: account.clientId,
    name: account.name,
    accessToken: account.token.text,
    tokenState: account.token.state,
    limits: account.limits.mode,
    replyMs: account.replyMs,
    orders: account.orders.size,
    sockets: simulation.orderSocket.socketCount(account.clientId),
  }));
}

export function changeToken(simulation: Simulation, input: TokenChange): AccountCredentials {
  const asked = checked(tokenSchema, input);
  const account = accountOf(simulation, asked.clientId);
  if (asked.action === "expire") account.token.state = "expired";
  else {
    const { venue } = simulation;
    account.token = issueToken(venue, account.clientId, account.token, asked.accessToken);
  }
  return { clientId: account.clientId, accessToken: account.token.text };
}

/** One more contract, or other terms of one that is there: its price, limits and orders stay. */
export function listInstrument({ venue }: Simulation, spec: InstrumentSpec): void {
  const instrument = toInstrument(spec);
  const known = venue.instruments.get(instrument.key);
  if (known === undefined) venue.instruments.set(instrument.key, instrument);
  else Object.assign(known, spec);
}

export function setPrice(simulation: Simulation, instrumentName: string, price: number): void {
  const asked = checked(priceSchema, { instrument: instrumentName, price });
  const instrument = instrumentOf(simulation, asked.instrument);
  const priceE4 = Math.round(asked.price * 10_000);
  if (priceE4 % instrument.tickE4 !== 0) {
    throw new ControlFault(`price: not a multiple of ${instrument.tickE4 / 10_000}`);
  }
  applyPrice(simulation.venue, instrument, priceE4);
}

export function setLiquidity(simulation: Simulation, name: string, units: number | null): void {
  const asked = checked(liquiditySchema, { instrument: name, units });
  const instrument = instrumentOf(simulation, asked.instrument);
  instrument.liquidity = asked.units ?? Number.POSITIVE_INFINITY;
  instrument.unitsLeft = instrument.liquidity;
}

export function setCircuit(
  simulation: Simulation,
  limits: { instrument: string; lowest: number; highest: number },
): void {
  const asked = checked(circuitSchema, limits);
  const instrument = instrumentOf(simulation, asked.instrument);
  instrument.lowestE4 = Math.round(asked.lowest * 10_000);
  instrument.highestE4 = Math.round(asked.highest * 10_000);
}

export function listPrices(simulation: Simulation) {
  return [...simulation.venue.instruments.values()].map((instrument) => ({
    instrument: instrument.key,
    tradingSymbol: instrument.tradingSymbol,
    price: rupees(instrument.lastE4),
    lowest: rupees(instrument.lowestE4),
    highest: rupees(instrument.highestE4),
    lotSize: instrument.lotSize,
    freezeQuantity: instrument.freezeQuantity,
    liquidity: Number.isFinite(instrument.liquidity) ? instrument.liquidity : null,
  }));
}

export function setWalking(
  simulation: Simulation,
  mode: "moving" | "still",
  everyMs?: number,
): void {
  const asked = checked(walkSchema, { mode, ...(everyMs !== undefined && { everyMs }) });
  simulation.stopWalking?.();
  simulation.stopWalking =
    asked.mode === "moving" ? startWalking(simulation.venue, asked.everyMs) : undefined;
}

export function orderOf(simulation: Simulation, orderId: string): SimOrder {
  for (const account of simulation.venue.accounts.values()) {
    const order = account.orders.get(orderId);
    if (order !== undefined) return order;
  }
  throw new ControlFault(`no order ${orderId}`);
}

/** Fills a working order whatever the price; the rest of it stays as it is. */
export function fill(simulation: Simulation, input: FillRequest) {
  const asked = checked(fillSchema, input);
  const order = orderOf(simulation, asked.orderId);
  if (!isWorking(order)) throw new ControlFault(`order ${asked.orderId} is ${order.status}`);
  const quantity = asked.quantity ?? leaves(order);
  if (quantity > leaves(order)) throw new ControlFault(`quantity: only ${leaves(order)} left`);
  const ownE4 = order.terms.priceE4 || order.instrument.lastE4;
  const priceE4 = asked.price === undefined ? ownE4 : Math.round(asked.price * 10_000);
  fillOrder(simulation.venue, order, quantity, priceE4);
  return orderRow(order);
}

/** A given instant is taken first, then the session is looked at or set. */
export function setClock(simulation: Simulation, input: ClockChange) {
  const asked = checked(clockSchema, input);
  const { venue } = simulation;
  const { agenda } = venue;
  if (asked.now !== undefined) {
    const present = agenda.nowMs() - agenda.offsetMs;
    agenda.setOffset(Date.parse(asked.now) - present);
  }
  setSession(venue, asked.session ?? venue.session);
  return clockNow(simulation);
}

export function clockNow({ venue }: Simulation) {
  const { agenda, session, wasOpen } = venue;
  return { nowMs: agenda.nowMs(), offsetMs: agenda.offsetMs, session, isOpen: wasOpen };
}

export function rollTheDay(simulation: Simulation, input: Rollover = {}) {
  rollDay(simulation.venue, checked(rolloverSchema, input));
  return clockNow(simulation);
}

/** The risk desk, some minutes before the close. False when there was nothing to close. */
export function squareOff(simulation: Simulation, clientId: string): { isDone: boolean } {
  const { status } = squareOffIntraday(simulation.venue, accountOf(simulation, clientId));
  return { isDone: status < 300 };
}

export function changeSwitches(simulation: Simulation, input: Partial<Switches>): Switches {
  const asked = checked(changeSwitchesSchema, input);
  // Absent keys stay absent: a partial schema must not bring the defaults back.
  for (const key of Object.keys(asked)) if (!(key in input)) delete asked[key as keyof Switches];
  return Object.assign(simulation.venue.switches, asked);
}

/** Socket faults of one moment (cut, stray-frame) act at once and do not stay. */
export function addFault(simulation: Simulation, input: FaultInput): ActiveFault | undefined {
  const fault = checked(faultSchema, input);
  if (fault.kind === "cut") simulation.orderSocket.cut(fault);
  else if (fault.kind === "stray-frame") simulation.orderSocket.sendStray(fault);
  else return simulation.faults.add(fault);
  return undefined;
}
