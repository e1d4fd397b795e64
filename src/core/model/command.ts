/** What we ask the broker to do, and what is known of it afterwards. */
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "./ids.ts";
import type { OrderStatus, OrderTerms, Product, Side } from "./order.ts";

export interface PlaceCommand {
  readonly kind: "place";
  readonly correlationId: CorrelationId;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly product: Product;
  readonly terms: OrderTerms;
}

export interface ModifyCommand {
  readonly kind: "modify";
  readonly correlationId: CorrelationId;
  readonly brokerOrderId: BrokerOrderId;
  /** All of them: the broker replaces, it does not patch. Quantity is the order's total. */
  readonly terms: OrderTerms;
}

export interface CancelCommand {
  readonly kind: "cancel";
  readonly correlationId: CorrelationId;
  readonly brokerOrderId: BrokerOrderId;
}

export type OrderCommand = PlaceCommand | ModifyCommand | CancelCommand;

/**
 * Why the broker said no, from status and text together (its codes alone decide nothing).
 * transit: refused only because the order is still on its way; the same command may be right later.
 */
export type RejectionClass =
  | "auth"
  | "address"
  | "throttle"
  | "transit"
  | "market-closed"
  | "funds"
  | "holdings"
  | "price-band"
  | "input"
  | "other";

/**
 * What an order command came to. There is no fourth answer, and a timeout is not a rejection.
 * accepted: the broker has taken it (its risk check and the exchange may still refuse it).
 * rejected: the broker's own no, proved by a reply on our list.
 * notSent: proved that no byte of it left this machine.
 * unknown: sent, and nothing proves either way. It is looked up, never sent again.
 */
export type CommandOutcome =
  | {
      readonly kind: "accepted";
      readonly brokerOrderId: BrokerOrderId;
      readonly status: OrderStatus;
    }
  | {
      readonly kind: "rejected";
      readonly reason: RejectionClass;
      readonly code: string;
      readonly text: string;
    }
  | { readonly kind: "notSent"; readonly text: string }
  | {
      readonly kind: "unknown";
      readonly text: string;
      /** The broker answered that it is being asked too often; back off before asking again. */
      readonly throttled?: true;
    };
