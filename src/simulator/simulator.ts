/** The simulator as a thing to hold: in process, or listening on loopback. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { systemClock } from "../platform/clock.ts";
import { seededRandom } from "../platform/random.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import {
  type AccountCredentials,
  accountOf,
  addFault,
  changeAccount,
  changeSwitches,
  changeToken,
  clockNow,
  createAccount,
  fill,
  listAccounts,
  listInstrument,
  rollTheDay,
  setCircuit,
  setClock,
  setLiquidity,
  setPrice,
  setWalking,
  squareOff,
} from "./control/acts.ts";
import { cancelByHand, type HandChange, modifyByHand, placeByHand } from "./control/by-hand.ts";
import {
  cancelForeverByHand,
  modifyForeverByHand,
  placeForeverByHand,
} from "./control/forever-by-hand.ts";
import { exitGroupByHand, type LegName } from "./control/group-by-hand.ts";
import type {
  AccountChange,
  ClockChange,
  FillRequest,
  NewAccount,
  Rollover,
  TokenChange,
} from "./control/requests.ts";
import { truthOf } from "./control/routes.ts";
import type { WireFields } from "./control/wire-fields.ts";
import { setSession } from "./exchange/day.ts";
import type { InstrumentSpec } from "./exchange/instrument.ts";
import { changeOf, type OrderChange } from "./exchange/order-change.ts";
import type { SimOrder } from "./exchange/order-records.ts";
import { goOnFrom, type Overnight, overnightOf } from "./exchange/overnight.ts";
import type { Reply } from "./exchange/replies.ts";
import type { Switches } from "./exchange/switches.ts";
import { type AccountTruth, type OrderStamp, orderStamps } from "./exchange/truth.ts";
import type { SessionMode } from "./exchange/venue.ts";
import type { FaultInput } from "./faults/rule.ts";
import { createListener } from "./http/listener.ts";
import { connectInMemory, type MemoryLink, type MemoryLinkOptions } from "./memory/connect.ts";
import { Simulation } from "./simulation.ts";

export interface SimulatorOptions {
  /** Default: the machine's clock. A virtual clock drives everything but the sockets. */
  readonly clock?: Clock;
  /** Draws price moves and shuffled frames; default 1. Ignored when `random` is given. */
  readonly seed?: number;
  readonly random?: Random;
  readonly switches?: Partial<Switches>;
  /** "open" (default), "closed", or "market-hours". */
  readonly session?: SessionMode;
  /** Default "still": prices move by command alone. */
  readonly prices?: "moving" | "still";
  /** Between two steps of moving prices; default 1000. */
  readonly priceStepMs?: number;
  readonly accounts?: readonly NewAccount[];
  /** In addition to the built-in ones. */
  readonly instruments?: readonly InstrumentSpec[];
  /** Default true; false leaves the built-in ones out. */
  readonly hasBuiltIns?: boolean;
  /** Digits that every order number begins with; default "342". */
  readonly orderRoute?: string;
}

export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface Listening {
  readonly port: number;
  readonly restUrl: string;
  readonly authUrl: string;
  readonly orderUpdateUrl: string;
  readonly instrumentsUrl: string;
  readonly controlUrl: string;
  /** Stops everything, timers included; resolves when no handle is left. */
  close(): Promise<void>;
}

/** Every act is synchronous; what cannot be done throws a ControlFault. Money in rupees. */
export interface Simulator {
  createAccount(account: NewAccount): AccountCredentials;
  changeAccount(change: AccountChange): AccountCredentials;
  accounts(): ReturnType<typeof listAccounts>;
  changeToken(change: TokenChange): AccountCredentials;
  /** One more contract with its first price, or other terms (lot, tick, freeze) of one that is there. */
  listInstrument(spec: InstrumentSpec): void;
  /** By key ("NSE_EQ:1333") or trading symbol ("HDFCBANK"). */
  setPrice(instrument: string, price: number): void;
  /** Units that trade at each price event; null is unlimited. */
  setLiquidity(instrument: string, units: number | null): void;
  setCircuit(limits: { instrument: string; lowest: number; highest: number }): void;
  setWalking(mode: "moving" | "still", everyMs?: number): void;
  fill(request: FillRequest): ReturnType<typeof fill>;
  setClock(change: ClockChange): ReturnType<typeof clockNow>;
  clock(): ReturnType<typeof clockNow>;
  rollDay(options?: Rollover): ReturnType<typeof clockNow>;
  /** What is left when a night is over; undefined where anything waits, or the day has begun. */
  overnight(): Overnight | undefined;
  /** A box with the same accounts and instruments, in which nothing has happened, goes on from there. */
  goOnFrom(overnight: Overnight): void;
  /**
   * The broker's risk desk closes what the account may not hold overnight (INTRADAY, BO, CO) at the
   * market and cancels its orders. False when there was nothing.
   */
  squareOff(clientId: string): boolean;
  switches(): Readonly<Switches>;
  changeSwitches(change: Partial<Switches>): Readonly<Switches>;
  /** The fault's id; undefined for those that act once and are gone (cut, stray-frame). */
  addFault(fault: FaultInput): number | undefined;
  /** Removes one, or all; says how many went. */
  removeFault(id?: number): number;
  /** As in the broker's own app; fields of the wire's place body. The wire's reply. */
  placeByHand(clientId: string, order: WireFields): Reply;
  modifyByHand(clientId: string, change: HandChange): Reply;
  cancelByHand(clientId: string, orderId: string, leg?: LegName): Reply;
  /** Closes a group as from the app: under its stop's id, else its target's, at the market. */
  exitGroupByHand(clientId: string, orderId: string): Reply;
  /** A Forever order as from the broker's own app; fields of the wire's body. The wire's reply. */
  placeForeverByHand(clientId: string, order: WireFields): Reply;
  /** What is left out of `changes` stays; without `legName` the first leg is changed. */
  modifyForeverByHand(clientId: string, change: { orderId: string; changes: WireFields }): Reply;
  cancelForeverByHand(clientId: string, orderId: string): Reply;
  truth(clientId?: string): AccountTruth[];
  stamps(): OrderStamp[];
  /** Calls back after every change of an order, with what is true then; returns how to stop it. */
  watch(listener: (change: OrderChange) => void): () => void;
  /** A client's transports without sockets, on the simulator's clock: for virtual time. */
  connect(options: MemoryLinkOptions): MemoryLink;
  listen(options: ListenOptions): Promise<Listening>;
  /** Lets go of timers and sockets; a listening simulator closes through its `close` too. */
  close(): Promise<void>;
}

/** A broker in a box. Nothing listens and nothing is timed until it is asked to. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const simulation = new Simulation({
    clock: options.clock ?? systemClock(),
    random: options.random ?? seededRandom(options.seed ?? 1),
    switches: options.switches,
    instruments: options.instruments,
    hasBuiltIns: options.hasBuiltIns,
    orderRoute: options.orderRoute,
  });
  for (const account of options.accounts ?? []) createAccount(simulation, account);
  if (options.session !== undefined) setSession(simulation.venue, options.session);
  if (options.prices === "moving") setWalking(simulation, "moving", options.priceStepMs);
  const listening = new Set<Listening>();

  async function close(): Promise<void> {
    simulation.close();
    await Promise.all([...listening].map((front) => front.close()));
  }

  async function listen(where: ListenOptions): Promise<Listening> {
    const front = await startListening(simulation, where);
    listening.add(front);
    return front;
  }

  return { ...actsOf(simulation), listen, close };
}

function actsOf(simulation: Simulation): Omit<Simulator, "listen" | "close"> {
  return {
    createAccount: (account) => createAccount(simulation, account),
    changeAccount: (change) => changeAccount(simulation, change),
    accounts: () => listAccounts(simulation),
    changeToken: (change) => changeToken(simulation, change),
    listInstrument: (spec) => listInstrument(simulation, spec),
    setPrice: (instrument, price) => setPrice(simulation, instrument, price),
    setLiquidity: (instrument, units) => setLiquidity(simulation, instrument, units),
    setCircuit: (limits) => setCircuit(simulation, limits),
    setWalking: (mode, everyMs) => setWalking(simulation, mode, everyMs),
    fill: (request) => fill(simulation, request),
    setClock: (change) => setClock(simulation, change),
    clock: () => clockNow(simulation),
    rollDay: (rollover) => rollTheDay(simulation, rollover),
    overnight: () => overnightOf(simulation.venue),
    goOnFrom: (overnight) => goOnFrom(simulation.venue, overnight),
    squareOff: (clientId) => squareOff(simulation, clientId).isDone,
    switches: () => simulation.venue.switches,
    changeSwitches: (change) => changeSwitches(simulation, change),
    addFault: (fault) => addFault(simulation, fault)?.id,
    removeFault: (id) => simulation.faults.remove(id),
    placeByHand: (clientId, order) => placeByHand(simulation, clientId, order),
    modifyByHand: (clientId, change) => modifyByHand(simulation, clientId, change),
    cancelByHand: (clientId, orderId, leg) => cancelByHand(simulation, clientId, orderId, leg),
    exitGroupByHand: (clientId, orderId) =>
      exitGroupByHand(simulation, accountOf(simulation, clientId), orderId),
    placeForeverByHand: (clientId, order) => placeForeverByHand(simulation, clientId, order),
    modifyForeverByHand: (clientId, change) => modifyForeverByHand(simulation, clientId, change),
    cancelForeverByHand: (clientId, orderId) => cancelForeverByHand(simulation, clientId, orderId),
    truth: (clientId) => truthOf(simulation, clientId ?? null),
    stamps: () => orderStamps(simulation.venue),
    watch: (listener) => watchOrders(simulation, listener),
    connect: (options) => connectInMemory(simulation, options),
  };
}

function watchOrders(simulation: Simulation, listener: (change: OrderChange) => void): () => void {
  const watcher = (order: SimOrder) => listener(changeOf(order));
  simulation.watchers.add(watcher);
  return () => simulation.watchers.delete(watcher);
}

async function startListening(simulation: Simulation, where: ListenOptions): Promise<Listening> {
  const { host = "127.0.0.1" } = where;
  const server = createListener(simulation);
  server.listen(where.port, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const base = `http://${host}:${port}`;
  return {
    port,
    restUrl: `${base}/v2`,
    authUrl: `${base}/auth`,
    orderUpdateUrl: `ws://${host}:${port}/order-updates`,
    instrumentsUrl: `${base}/instruments/api-scrip-master-detailed.csv`,
    controlUrl: `${base}/sim`,
    close: async () => {
      simulation.close();
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
