/** One broker in a box: its venue, its faults and its order socket, on one clock and one seed. */
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { Agenda } from "./agenda.ts";
import { followGroup } from "./exchange/group/follow.ts";
import { BUILT_IN, type InstrumentSpec } from "./exchange/instrument.ts";
import { toInstrument } from "./exchange/listing.ts";
import type { SimOrder } from "./exchange/order-records.ts";
import { defaultSwitches, type Switches } from "./exchange/switches.ts";
import type { Venue } from "./exchange/venue.ts";
import { FaultList } from "./faults/fault-list.ts";
import { OrderSocket } from "./stream/order-socket.ts";

export interface SimulationParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches?: Partial<Switches> | undefined;
  /** In addition to the built-in ones; the same segment and security id replaces. */
  readonly instruments?: readonly InstrumentSpec[] | undefined;
  /** False: the box begins with none of them. */
  readonly hasBuiltIns?: boolean | undefined;
  readonly orderRoute?: string | undefined;
}

const ORDER_ROUTE = "342";

export class Simulation {
  readonly clock: Clock;
  readonly venue: Venue;
  readonly faults = new FaultList();
  readonly orderSocket: OrderSocket;
  /** Epoch milliseconds with fraction, on the monotonic clock: what the stamps are made of. */
  readonly nowEpochMs: () => number;
  /** Told of every change of an order, after the sockets. */
  readonly watchers = new Set<(order: SimOrder) => void>();
  stopWalking: (() => void) | undefined;
  isClosed = false;

  constructor(parts: SimulationParts) {
    const { clock } = parts;
    this.clock = clock;
    const startedAtMs = clock.nowMs() - clock.monotonicMs();
    this.nowEpochMs = () => startedAtMs + clock.monotonicMs();
    this.venue = newVenue(parts);
    this.orderSocket = new OrderSocket(this.venue, this.faults, this.nowEpochMs);
    this.venue.onOrder = (order) => {
      this.orderSocket.announce(order);
      for (const watch of this.watchers) watch(order);
      followGroup(this.venue, order);
    };
  }

  close(): void {
    this.isClosed = true;
    this.stopWalking?.();
    this.orderSocket.close();
    this.venue.agenda.close();
  }
}

function newVenue({ clock, random, switches, ...parts }: SimulationParts): Venue {
  const { instruments = [], hasBuiltIns = true, orderRoute = ORDER_ROUTE } = parts;
  const specs = [...(hasBuiltIns ? BUILT_IN : []), ...instruments].map(toInstrument);
  return {
    agenda: new Agenda(clock),
    random,
    switches: { ...defaultSwitches(), ...switches },
    accounts: new Map(),
    tokens: new Map(),
    instruments: new Map(specs.map((instrument) => [instrument.key, instrument])),
    session: "open",
    wasOpen: true,
    orderRoute,
    orderCount: 0,
    exchangeOrderCount: 0,
    tradeCount: 0,
    tokenCount: 0,
    onOrder: () => {},
  };
}
