/**
 * What is known of one broker account: its orders and its net positions.
 *
 * Two witnesses report the same orders: the drop copy (fast, may lose, repeat and reorder) and the
 * books (slow, true). Both are merged here into levels, so that the end does not depend on what
 * arrived when.
 *
 * Keeps: a filled quantity never falls; nothing leaves a terminal status except towards more fills;
 * older terms never replace newer ones. Does not: decide anything.
 */
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "../model/ids.ts";
import {
  type ExitLevel,
  type ExitLevels,
  isTerminal,
  type OrderFamily,
  type OrderObservation,
  type OrderStatus,
  type Product,
  type Side,
  sameTerms,
  signOf,
} from "../model/order.ts";
import { PersistentMap } from "../model/persistent-map.ts";

export type Witness = "stream" | "book";

declare const positionKey: unique symbol;
/** One instrument under one product: the unit in which the broker nets positions. */
export type PositionKey = string & { readonly [positionKey]: true };

export function toPositionKey(instrument: InstrumentKey, product: Product): PositionKey {
  return `${instrument}|${product}` as PositionKey;
}

export interface BookOrder extends OrderObservation {
  /** Seq of the journal entry that first told of it: older orders have smaller ones. */
  readonly firstSeq: number;
}

/**
 * Net units = offset + fills. `fills` is the signed sum over every order ever seen here; `offset` is
 * what a snapshot of the positions showed beyond it (carried over, converted, settled).
 */
export interface Net {
  readonly offset: number;
  readonly fills: number;
  /** What of the offset came after the day's first snapshot: moved, and not by an order. */
  readonly moved?: number;
}

export interface AccountBook {
  readonly orders: PersistentMap<BrokerOrderId, BookOrder>;
  readonly byCorrelation: PersistentMap<CorrelationId, readonly BrokerOrderId[]>;
  readonly nets: PersistentMap<PositionKey, Net>;
  /** Legs and triggers' children by the order that they belong to, oldest first. */
  readonly byParent: PersistentMap<BrokerOrderId, readonly BrokerOrderId[]>;
  /** Triggers that have fired and whose orders nobody has told of yet; as a rule none. */
  readonly firedUnseen: readonly BrokerOrderId[];
  /** Orders that may still fill, with their sides. */
  readonly open: PersistentMap<PositionKey, PersistentMap<BrokerOrderId, Side>>;
  /** False until a snapshot of the positions was taken: without it a net is a guess. */
  readonly hasPositions: boolean;
  /** Orders first seen before this seq are of former days. */
  readonly dayFromSeq: number;
}

const NO_ORDERS: PersistentMap<BrokerOrderId, Side> = PersistentMap.empty();

export const EMPTY_BOOK: AccountBook = {
  orders: PersistentMap.empty(),
  byCorrelation: PersistentMap.empty(),
  nets: PersistentMap.empty(),
  byParent: PersistentMap.empty(),
  firedUnseen: [],
  open: PersistentMap.empty(),
  hasPositions: false,
  dayFromSeq: 0,
};

export function netUnits(book: AccountBook, key: PositionKey): number {
  const net = book.nets.get(key);
  return net === undefined ? 0 : net.offset + net.fills;
}

function mergedStatus(known: OrderObservation, seen: OrderObservation): OrderStatus {
  if (isTerminal(known.status)) {
    return seen.status === "filled" ? "filled" : known.status;
  }
  // A modification may send an order through transit again; for us it keeps working.
  if (known.status === "working" && seen.status === "transit") return "working";
  return seen.status;
}

/**
 * The order as both what was known and what is seen now tell it; undefined when nothing is new.
 * The broker's clock has a resolution of one second, so equal times let the later arrival win; a
 * read of the book settles such an order afterwards.
 */
export function mergeObservation(
  known: OrderObservation | undefined,
  seen: OrderObservation,
): OrderObservation | undefined {
  if (known === undefined) return seen;
  const isStale = seen.filledQuantity < known.filledQuantity && !isTerminal(seen.status);
  if (isStale) return undefined;
  const correlationId = known.correlationId ?? seen.correlationId;
  const parts = mergedParts(known, seen);
  const isNamed = correlationId !== known.correlationId || parts !== undefined;
  if (isTerminal(known.status) && seen.filledQuantity <= known.filledQuantity && !isNamed) {
    if (!(seen.status === "filled" && known.status !== "filled")) return undefined;
  }
  const status = mergedStatus(known, seen);
  const hasOlderTerms =
    seen.updatedAtMs < known.updatedAtMs ||
    (seen.updatedAtMs === known.updatedAtMs &&
      known.status !== "transit" &&
      seen.status === "transit");
  const terms = hasOlderTerms ? known.terms : seen.terms;
  const filledQuantity = Math.max(known.filledQuantity, seen.filledQuantity);
  const family = known.family === "plain" ? seen.family : known.family;
  const reason = seen.reason === "" || hasOlderTerms ? known.reason : seen.reason;
  const averagePrice =
    seen.filledQuantity > known.filledQuantity
      ? (seen.averagePrice ?? known.averagePrice)
      : (known.averagePrice ?? seen.averagePrice);
  const isNew =
    isNamed ||
    // Without its time, news that changes nothing would let older news win afterwards.
    seen.updatedAtMs > known.updatedAtMs ||
    status !== known.status ||
    filledQuantity !== known.filledQuantity ||
    family !== known.family ||
    reason !== known.reason ||
    averagePrice !== known.averagePrice ||
    !sameTerms(terms, known.terms);
  if (!isNew) return undefined;
  const lastPrice = seen.lastPrice ?? known.lastPrice;
  const isByHand = known.isByHand ?? seen.isByHand;
  return {
    ...known,
    family,
    terms,
    status,
    filledQuantity,
    reason,
    updatedAtMs: hasOlderTerms ? known.updatedAtMs : seen.updatedAtMs,
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(averagePrice === undefined ? {} : { averagePrice }),
    ...(lastPrice === undefined ? {} : { lastPrice }),
    ...(isByHand && { isByHand }),
    ...parts,
  };
}

type Parts = Pick<OrderObservation, "parentId" | "leg" | "levels" | "distances" | "second">;

/**
 * What the order has to do with others, where that is news. Each witness tells a part of it and none
 * takes back what another has told; levels change for as long as the group lives.
 */
function mergedParts(known: Parts, seen: Parts): Partial<Parts> | undefined {
  const parts: { -readonly [Key in keyof Parts]: Parts[Key] } = {};
  if (known.parentId === undefined && seen.parentId) parts.parentId = seen.parentId;
  if (known.leg === undefined && seen.leg) parts.leg = seen.leg;
  const levels = seen.levels && mergedLevels(known.levels, seen.levels);
  if (levels && !sameValue(known.levels, levels)) parts.levels = levels;
  if (seen.distances && !sameValue(known.distances, seen.distances)) {
    parts.distances = seen.distances;
  }
  if (seen.second && !sameValue(known.second, seen.second)) parts.second = seen.second;
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/**
 * A list that was read before another may come after it: a leg never un-fills, and what was cancelled
 * never revives. (A leg that has filled grows when more of its entry fills.)
 */
function mergedLevels(known: ExitLevels | undefined, seen: ExitLevels): ExitLevels {
  const target = mergedLevel(known?.target, seen.target);
  const stop = mergedLevel(known?.stop, seen.stop);
  return { ...(target && { target }), ...(stop && { stop }) };
}

function mergedLevel(
  known: ExitLevel | undefined,
  seen: ExitLevel | undefined,
): ExitLevel | undefined {
  if (known === undefined || seen === undefined) return seen ?? known;
  const isOlder = seen.filledQuantity < known.filledQuantity;
  const isOver = known.status === "cancelled" && seen.status !== "filled";
  return {
    ...seen,
    status: isOlder || isOver ? known.status : seen.status,
    filledQuantity: Math.max(known.filledQuantity, seen.filledQuantity),
  };
}

/** Whether two small records of plain values are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => sameValue(left[key], right[key]));
}

/** The book with this order as it is now; fills move the net by what is new in them. */
export function withOrder(book: AccountBook, order: OrderObservation, seq: number): AccountBook {
  const known = book.orders.get(order.brokerOrderId);
  const filled = order.filledQuantity - (known?.filledQuantity ?? 0);
  const next: BookOrder = { ...order, firstSeq: known?.firstSeq ?? seq };
  const byParent = withParent(book, order);
  return {
    ...book,
    orders: book.orders.set(order.brokerOrderId, next),
    byCorrelation: withCorrelation(book, order),
    byParent,
    firedUnseen: withFired(book, order).filter((id) => !byParent.has(id)),
    nets: filled === 0 ? book.nets : withFill(book, order, filled),
    open: withOpenOrder(book.open, order),
  };
}

/** Orders that may still fill, with this one as it is now. */
export function withOpenOrder(all: AccountBook["open"], order: OrderObservation) {
  // A trigger fills nothing itself.
  if (order.family === "forever") return all;
  const key = toPositionKey(order.instrument, order.product);
  const open = all.get(key) ?? NO_ORDERS;
  const isListed = open.has(order.brokerOrderId);
  if (isTerminal(order.status) !== isListed) return all;
  if (!isListed) return all.set(key, open.set(order.brokerOrderId, order.side));
  const rest = open.delete(order.brokerOrderId);
  return rest.size === 0 ? all.delete(key) : all.set(key, rest);
}

function withCorrelation(book: AccountBook, order: OrderObservation): AccountBook["byCorrelation"] {
  const id = order.correlationId;
  if (id === undefined) return book.byCorrelation;
  const known = book.byCorrelation.get(id) ?? [];
  if (known.includes(order.brokerOrderId)) return book.byCorrelation;
  return book.byCorrelation.set(id, [...known, order.brokerOrderId]);
}

/**
 * A leg that only a book has told of names no parent: it belongs to the one group of its contract that
 * it could close. Where there are several it stays unclaimed until the drop copy names its parent.
 */
function withParent(book: AccountBook, order: OrderObservation): AccountBook["byParent"] {
  if (order.family === "forever") return withFiredOrder(book, order);
  const parentId =
    order.parentId ?? (order.leg ? onlyGroup(book, order) : onlyTrigger(book, order));
  if (parentId === undefined) return book.byParent;
  const known = book.byParent.get(parentId) ?? [];
  if (known.includes(order.brokerOrderId)) return book.byParent;
  return book.byParent.set(parentId, [...known, order.brokerOrderId]);
}

/** The order that this one belongs to: as a witness has named it, or as the book has claimed it. */
export function parentIdOf(
  book: AccountBook,
  { parentId, brokerOrderId }: Pick<OrderObservation, "parentId" | "brokerOrderId">,
): BrokerOrderId | undefined {
  return parentId ?? book.byParent.entries().find(([, ids]) => ids.includes(brokerOrderId))?.[0];
}

/**
 * Nor does a book say which trigger has fired an order. When one has fired and nobody has told of its
 * order, the only one with its very terms that is nobody's own is it.
 */
function withFiredOrder(book: AccountBook, trigger: OrderObservation): AccountBook["byParent"] {
  if (trigger.status !== "filled" || book.byParent.has(trigger.brokerOrderId)) return book.byParent;
  const claimed = new Set([...book.byParent.values()].flat());
  const fired = [...book.orders.values()].filter(
    (order) => isFiredBy(trigger, order) && !claimed.has(order.brokerOrderId),
  );
  const [only] = fired;
  if (only === undefined || fired.length > 1) return book.byParent;
  return book.byParent.set(trigger.brokerOrderId, [only.brokerOrderId]);
}

/** The same, told in the other order: the trigger was seen to have fired before what it fired was. */
function onlyTrigger(book: AccountBook, order: OrderObservation): BrokerOrderId | undefined {
  if (order.correlationId !== undefined || book.orders.has(order.brokerOrderId)) return undefined;
  const triggers = book.firedUnseen.filter((id) => {
    const trigger = book.orders.get(id);
    return trigger !== undefined && isFiredBy(trigger, order);
  });
  return triggers.length === 1 ? triggers[0] : undefined;
}

function withFired(book: AccountBook, { family, status, brokerOrderId }: OrderObservation) {
  const isNews = family === "forever" && status === "filled";
  if (!isNews || book.firedUnseen.includes(brokerOrderId)) return book.firedUnseen;
  return [...book.firedUnseen, brokerOrderId];
}

function isFiredBy(trigger: OrderObservation, order: OrderObservation): boolean {
  if (order.parentId !== undefined || order.placedAtMs < trigger.placedAtMs) return false;
  return couldHaveFired(trigger, order);
}

/** The order has no name of ours, and the very terms of one of the trigger's halves. */
export function couldHaveFired(
  trigger: Pick<OrderObservation, "instrument" | "product" | "side" | "terms" | "second">,
  order: OrderObservation,
): boolean {
  if (order.family !== "plain" && order.family !== "trigger-child") return false;
  if (order.correlationId !== undefined) return false;
  if (trigger.instrument !== order.instrument || trigger.product !== order.product) return false;
  if (trigger.side !== order.side) return false;
  return [trigger.terms, trigger.second].some(
    (half) => half?.quantity === order.terms.quantity && half.price === order.terms.price,
  );
}

const GROUP_ENTRIES: ReadonlySet<OrderFamily> = new Set(["super-entry", "bracket", "cover"]);

/** The order is the entry of a group: its exits go with it. */
export function isGroupEntry(family: OrderFamily): boolean {
  return GROUP_ENTRIES.has(family);
}

function onlyGroup(book: AccountBook, leg: OrderObservation): BrokerOrderId | undefined {
  if (parentIdOf(book, leg) !== undefined) return undefined;
  const groups: BrokerOrderId[] = [];
  for (const order of book.orders.values()) {
    if (order.instrument !== leg.instrument || order.product !== leg.product) continue;
    if (order.side === leg.side || order.filledQuantity === 0) continue;
    if (isGroupEntry(order.family)) groups.push(order.brokerOrderId);
  }
  return groups.length === 1 ? groups[0] : undefined;
}

function withFill(book: AccountBook, order: OrderObservation, filled: number): AccountBook["nets"] {
  const key = toPositionKey(order.instrument, order.product);
  const net = book.nets.get(key) ?? { offset: 0, fills: 0 };
  return book.nets.set(key, { ...net, fills: net.fills + signOf(order.side) * filled });
}

export interface NetUnits {
  readonly key: PositionKey;
  /** Units, long positive. */
  readonly net: number;
}

/** The book after a snapshot of all positions: whatever is not listed is flat. */
export function withPositions(book: AccountBook, listed: readonly NetUnits[]): AccountBook {
  const actual = new Map(listed.map((row) => [row.key, row.net]));
  let nets = book.nets;
  for (const [key, net] of book.nets.entries()) {
    nets = nets.set(key, withOffset(book, net, (actual.get(key) ?? 0) - net.fills));
    actual.delete(key);
  }
  const none: Net = { offset: 0, fills: 0 };
  for (const [key, net] of actual) nets = nets.set(key, withOffset(book, none, net));
  return { ...book, nets, hasPositions: true };
}

/** The day's first snapshot tells what the account began with; a later one, what has moved since. */
function withOffset({ hasPositions }: AccountBook, net: Net, offset: number): Net {
  const moved = hasPositions ? (net.moved ?? 0) + offset - net.offset : 0;
  return { offset, fills: net.fills, ...(moved !== 0 && { moved }) };
}

/** Whether a snapshot of the positions would change any net. */
export function differsFromPositions(book: AccountBook, listed: readonly NetUnits[]): boolean {
  const after = withPositions(book, listed);
  if (!book.hasPositions) return true;
  for (const [key] of after.nets.entries()) {
    if (netUnits(book, key) !== netUnits(after, key)) return true;
  }
  return false;
}
