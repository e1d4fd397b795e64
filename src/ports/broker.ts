/** One broker account, as the rest of Tandem sees it. An adapter holds one for each account. */
import type {
  CancelCommand,
  CommandOutcome,
  ModifyCommand,
  PlaceCommand,
} from "../core/model/command.ts";
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "../core/model/ids.ts";
import type { MoneyE4 } from "../core/model/money.ts";
import type { OrderObservation, Product } from "../core/model/order.ts";

/** Net units of one instrument and product: today's book for positions, settled units for holdings. */
export interface NetPosition {
  readonly instrument: InstrumentKey;
  readonly product: Product;
  readonly symbol: string;
  /** Units, long positive. */
  readonly net: number;
}

export interface Funds {
  readonly available: MoneyE4;
  readonly startOfDay: MoneyE4;
  readonly collateral: MoneyE4;
  readonly utilized: MoneyE4;
}

export type BrokerFaultClass = "auth" | "address" | "throttle" | "unreachable" | "other";

/** A read that did not succeed. Order commands never throw for an answer: they return an outcome. */
export class BrokerFault extends Error {
  override readonly name = "BrokerFault";
  readonly reason: BrokerFaultClass;
  readonly status: number;
  constructor(reason: BrokerFaultClass, message: string, status = 0, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.status = status;
  }
}

/**
 * Commands resolve to an outcome and never reject; reads reject with a BrokerFault. `mayLeave` is asked
 * until the first byte of the command leaves, and no later: once it says no, the outcome is notSent.
 */
export interface Broker {
  place(command: PlaceCommand, mayLeave?: () => boolean): Promise<CommandOutcome>;
  modify(command: ModifyCommand, mayLeave?: () => boolean): Promise<CommandOutcome>;
  cancel(command: CancelCommand): Promise<CommandOutcome>;
  /** Today's whole order book. */
  orders(): Promise<readonly OrderObservation[]>;
  order(id: BrokerOrderId): Promise<OrderObservation | undefined>;
  /** Undefined says little: an order still in transit is invisible to this lookup. */
  orderByCorrelationId(id: CorrelationId): Promise<OrderObservation | undefined>;
  /**
   * Today's Super Orders: each entry once, with its levels. The order book does not say which of its
   * rows are their entries, and an entry taken for a plain order would be copied without its stop.
   * None where the broker has no such list (its sandbox).
   */
  superOrders(): Promise<readonly OrderObservation[]>;
  /** Forever orders that are alive or have lately ended: each once, an OCO with both halves. */
  foreverOrders(): Promise<readonly OrderObservation[]>;
  positions(): Promise<readonly NetPosition[]>;
  /** Delivered units, those still in settlement included, as CNC. */
  holdings(): Promise<readonly NetPosition[]>;
  funds(): Promise<Funds>;
  close(): Promise<void>;
}

/**
 * What the drop copy tells. It never replays and numbers nothing, so every `down` opens a gap that
 * only a snapshot of the books closes.
 * up: logged in as far as can be known (the broker sends no acknowledgement).
 * refused: the login itself was refused; the stream stands down until credentials change.
 * unreadable: something came that is not an order of this account; counted, never fatal.
 */
export type DropCopyEvent =
  | { readonly kind: "up" }
  | { readonly kind: "down"; readonly text: string; readonly retryInMs: number }
  | { readonly kind: "refused"; readonly text: string }
  | {
      readonly kind: "order";
      readonly observation: OrderObservation;
      readonly receivedAtMs: number;
    }
  | {
      readonly kind: "unreadable";
      readonly text: string;
      /** It claims to be an order, and says something that is not known: it is not copied. */
      readonly isOrder?: true;
    };

export interface DropCopy {
  /** Connects and stays connected, for ever, until `stop`. Events come in the order of arrival. */
  start(listener: (event: DropCopyEvent) => void): void;
  stop(): Promise<void>;
}
