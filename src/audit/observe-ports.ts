/**
 * The ports as they were, with an ear at each: what passes is told to the auditor after it has
 * happened. No call waits for it, and none is changed by it.
 */
import type { CommandOutcome, OrderCommand } from "../core/model/command.ts";
import type { OrderObservation } from "../core/model/order.ts";
import { isTerminal } from "../core/model/order.ts";
import { streamAccount } from "../core/model/stream.ts";
import type { Broker, DropCopy } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import type { Entry, Journal } from "../ports/journal.ts";
import type { Auditor } from "./auditor.ts";
import type { AuditCall, SeenOrder } from "./check.ts";

type Ear = Pick<Auditor, "heard" | "replayed">;

const ignored = () => {};

/** The account's broker: what its books show before anybody has judged it, and each command. */
export function observedBroker(broker: Broker, account: string, clock: Clock, ear: Ear): Broker {
  /** The listener comes before the caller, so that it hears of an answer before what follows from it. */
  function whole(read: Promise<readonly OrderObservation[]>) {
    const seenAtMs = clock.monotonicMs();
    read.then((orders) => {
      const rows = () => orders.map((order) => seenOf(account, order, seenAtMs, true));
      ear.heard({ kind: "book", account, rows });
    }, ignored);
    return read;
  }

  function one(read: Promise<OrderObservation | undefined>) {
    const seenAtMs = clock.monotonicMs();
    read.then((order) => {
      if (order === undefined) return;
      ear.heard({ kind: "order", seen: seenOf(account, order, seenAtMs) });
    }, ignored);
    return read;
  }

  function sent<Command extends OrderCommand>(
    command: Command,
    send: (command: Command) => Promise<CommandOutcome>,
  ): Promise<CommandOutcome> {
    const leftAtMs = clock.monotonicMs();
    const reply = send(command);
    ear.heard({ kind: "call", call: callOf(account, command, leftAtMs) });
    return reply;
  }

  return {
    place: (command, mayLeave) => sent(command, (asked) => broker.place(asked, mayLeave)),
    modify: (command, mayLeave) => sent(command, (asked) => broker.modify(asked, mayLeave)),
    cancel: (command) => sent(command, (asked) => broker.cancel(asked)),
    orders: () => whole(broker.orders()),
    order: (id) => one(broker.order(id)),
    orderByCorrelationId: (id) => one(broker.orderByCorrelationId(id)),
    superOrders: () => broker.superOrders(),
    foreverOrders: () => broker.foreverOrders(),
    positions: () => broker.positions(),
    holdings: () => broker.holdings(),
    funds: () => broker.funds(),
    close: () => broker.close(),
  };
}

/** The account's drop copy: each order that a frame tells of. */
export function observedDropCopy(
  dropCopy: DropCopy,
  account: string,
  clock: Clock,
  ear: Ear,
): DropCopy {
  return {
    start(listener) {
      dropCopy.start((event) => {
        const seenAtMs = clock.monotonicMs();
        listener(event);
        if (event.kind !== "order") return;
        ear.heard({ kind: "order", seen: seenOf(account, event.observation, seenAtMs) });
      });
    },
    stop: () => dropCopy.stop(),
  };
}

/** The journal: what it has taken, and what a start reads of the accounts' streams. */
export function observedJournal(journal: Journal, clock: Clock, ear: Ear): Journal {
  async function* overheard(entries: AsyncIterable<Entry>): AsyncIterable<Entry> {
    for await (const entry of entries) {
      ear.replayed(entry);
      yield entry;
    }
  }

  return {
    append(appends) {
      const taken = journal.append(appends);
      taken.then(() => {
        const durableAtMs = clock.monotonicMs();
        for (const { stream, expectedSeq, entries } of appends) {
          const told = { stream, firstSeq: expectedSeq + 1, entries };
          ear.heard({ kind: "entries", taken: told, durableAtMs });
        }
      }, ignored);
      return taken;
    },
    read(stream, fromSeq) {
      const entries = journal.read(stream, fromSeq);
      return streamAccount(stream) === undefined ? entries : overheard(entries);
    },
    lastSeq: (stream) => journal.lastSeq(stream),
    streams: () => journal.streams(),
    close: () => journal.close(),
  };
}

function seenOf(
  account: string,
  order: OrderObservation,
  seenAtMs: number,
  isOfBook?: true,
): SeenOrder {
  const { brokerOrderId, correlationId, instrument, family, leg, parentId, terms } = order;
  const isLeg = leg !== undefined || parentId !== undefined || family.endsWith("-leg");
  return {
    account,
    orderId: brokerOrderId,
    ...(correlationId !== undefined && { correlationId }),
    instrument,
    filled: order.filledQuantity,
    isAlive: !isTerminal(order.status),
    isPart: isLeg || family === "trigger-child",
    pricesE4: pricesOf(terms),
    seenAtMs,
    ...(isOfBook && { isOfBook }),
  };
}

function callOf(account: string, command: OrderCommand, leftAtMs: number): AuditCall {
  const { kind, correlationId } = command;
  const about = { account, kind, correlationId, leftAtMs };
  if (command.kind === "place") {
    const { instrument, terms } = command;
    return { ...about, instrument, quantity: terms.quantity, pricesE4: pricesOf(terms) };
  }
  const part = command.leg === undefined ? "" : `/${command.leg}`;
  const orderId = `${command.brokerOrderId}${part}`;
  if (command.kind === "cancel") return { ...about, orderId };
  // A leg's own terms say nothing of how much the entry is for.
  const quantity = command.leg === undefined ? { quantity: command.terms.quantity } : {};
  return { ...about, orderId, ...quantity, pricesE4: pricesOf(command.terms) };
}

function pricesOf(terms: OrderObservation["terms"]): readonly number[] {
  return [terms.price, terms.triggerPrice].filter((price) => price !== undefined);
}
