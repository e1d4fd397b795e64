/** What we ask the broker to do, and what is known of it afterwards. */
import type { BrokerOrderId, CorrelationId, InstrumentKey } from "./ids.ts";
import type { PriceE4 } from "./money.ts";
import type { ExitLeg, OrderStatus, OrderTerms, Product, Side, TriggerTerms } from "./order.ts";

/**
 * Through which of the broker's doors an order goes; absent stands for the plain one.
 * super: a Super Order. bracket, cover: a BO or CO by its product. forever: a trigger.
 */
export type Vehicle = "super" | "bracket" | "cover" | "forever";

/** Absolute exit levels that go with an entry. A CO has a stop and no target. */
export interface Protection {
  readonly target?: PriceE4;
  readonly stop?: PriceE4;
  /** The step in which the broker trails the stop. */
  readonly trail?: PriceE4;
}

export interface PlaceCommand {
  readonly kind: "place";
  readonly correlationId: CorrelationId;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly product: Product;
  readonly terms: OrderTerms;
  readonly vehicle?: Vehicle;
  /** On super, bracket and cover. */
  readonly protection?: Protection;
  /** On an OCO Forever order: its target. `terms` are its stop, or all of a single one. */
  readonly second?: TriggerTerms;
  /** Queued by the broker for the open. */
  readonly isAfterMarket?: true;
}

export interface ModifyCommand {
  readonly kind: "modify";
  readonly correlationId: CorrelationId;
  readonly brokerOrderId: BrokerOrderId;
  /** All of them: the broker replaces, it does not patch. Quantity is the order's total. */
  readonly terms: OrderTerms;
  readonly vehicle?: Vehicle;
  /** Which part of a group; absent: its entry, which carries the levels of both exits along. */
  readonly leg?: ExitLeg;
  /** The levels as they should be, restated with the entry; of a leg, its own. */
  readonly protection?: Protection;
  readonly second?: TriggerTerms;
}

export interface CancelCommand {
  readonly kind: "cancel";
  readonly correlationId: CorrelationId;
  readonly brokerOrderId: BrokerOrderId;
  readonly vehicle?: Vehicle;
  /** Which part of a group; absent: its entry, and with it all of the group. */
  readonly leg?: ExitLeg;
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

/** Order calls that the broker counts for it: the halves of an OCO trigger are changed one by one. */
export function callsOf(command: OrderCommand): number {
  return command.kind === "modify" && command.second !== undefined ? 2 : 1;
}
