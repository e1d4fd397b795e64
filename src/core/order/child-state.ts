/**
 * Life of one child order, as a table.
 *
 * Keeps: a pair that is missing from the table never changes the state; "unknown" ends only on
 * evidence, never on age; a row marked `alarm` is possible in the world, yet a person must hear of
 * it. Does not: count fills (they are levels in the account's book) or decide anything.
 */
export type ChildState =
  | "intended" // durable in the journal; its bytes may or may not have left
  | "unknown" // sent, and nothing proves either way
  | "acked" // the broker has it; its risk check and the exchange may still refuse it
  | "working"
  | "filled"
  | "cancelled"
  | "rejected"
  | "expired"
  | "notSent" // proved that no byte left
  | "absent"; // proved that the broker never took it

export type ChildFact =
  | "accepted" // the reply to the placement
  | "rejected"
  | "unsent"
  | "lost"
  | "absenceProved" // repeated lookups and the book, after the settling delay
  | "seenTransit" // what drop copy or book show
  | "seenWorking"
  | "seenFilled"
  | "seenCancelled"
  | "seenRejected"
  | "seenExpired";

export interface Transition {
  readonly to: ChildState;
  readonly alarm?: string;
}

type Row = Readonly<Partial<Record<ChildFact, Transition>>>;

const to = (state: ChildState, alarm?: string): Transition =>
  alarm === undefined ? { to: state } : { to: state, alarm };

/** What the witnesses show wins from every open state: the first news of an order may be its end. */
const SEEN = {
  seenTransit: to("acked"),
  seenWorking: to("working"),
  seenFilled: to("filled"),
  seenCancelled: to("cancelled"),
  seenRejected: to("rejected"),
  seenExpired: to("expired"),
} as const;

/** An order that we believed dead is alive at the broker. */
const RISEN = {
  seenTransit: to("acked", "order-rose-again"),
  seenWorking: to("working", "order-rose-again"),
  seenFilled: to("filled", "order-rose-again"),
  seenCancelled: to("cancelled"),
  seenRejected: to("rejected"),
  seenExpired: to("expired"),
} as const;

const TRANSITIONS: Readonly<Record<ChildState, Row>> = {
  intended: {
    accepted: to("acked"),
    rejected: to("rejected"),
    unsent: to("notSent"),
    lost: to("unknown"),
    ...SEEN,
  },
  unknown: { accepted: to("acked"), absenceProved: to("absent"), ...SEEN },
  // The drop copy often tells before the reply does, so a late reply of any kind changes nothing.
  acked: { accepted: to("acked"), lost: to("acked"), ...SEEN },
  working: { accepted: to("working"), lost: to("working"), ...SEEN, seenTransit: to("working") },
  filled: { accepted: to("filled"), lost: to("filled"), seenFilled: to("filled") },
  cancelled: {
    accepted: to("cancelled"),
    lost: to("cancelled"),
    seenCancelled: to("cancelled"),
    seenFilled: to("filled", "filled-after-cancel"),
  },
  rejected: { accepted: to("rejected"), lost: to("rejected"), ...RISEN },
  expired: { accepted: to("expired"), lost: to("expired"), seenExpired: to("expired") },
  notSent: { ...RISEN },
  absent: { lost: to("absent"), ...RISEN },
};

/** Where `fact` leads from `state`; undefined where the table has no row: nothing changes. */
export function nextChildState(state: ChildState, fact: ChildFact): Transition | undefined {
  return TRANSITIONS[state][fact];
}

/** Something may still fill: counted in full wherever exposure or exits are concerned. */
export function isOpen(state: ChildState): boolean {
  return state === "intended" || state === "unknown" || state === "acked" || state === "working";
}
