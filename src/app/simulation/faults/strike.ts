/** Disasters of a simulated day, as plain data: what, when, whom, and for how long. */

/** Each kind is off in about half of the days. The comment says what is done to Tandem. */
export const STRIKE_KINDS = [
  // The order socket.
  "frames-lost",
  "frames-late",
  "frames-repeated",
  "frames-reordered",
  /** The first half of a frame, as bytes that cannot be read. */
  "frame-torn",
  "socket-silent",
  "socket-reset",
  "socket-refused",
  /** Refused for minutes. */
  "socket-gone",
  // Requests and replies.
  "reply-lost",
  "reply-late",
  "request-lost",
  "error-before",
  "error-after",
  "throttled",
  "html",
  /** A 2xx whose body ends in the middle. */
  "reply-cut",
  // What the broker does with an order.
  "lookup-blind",
  "rejected-later",
  "transit-stuck",
  "fill-against-cancel",
  /** New orders are missing from the books for a while. */
  "books-stale",
  // Access.
  "token-dead",
  "token-superseded",
  "address-wrong",
  // The machine.
  "clock-stepped",
  "journal-slow",
  "journal-failing",
  "dies-before-append",
  "dies-after-append",
  "dies-before-send",
  "dies-after-send",
  "dies-settling",
  "dies",
  "second-instance",
  // The broker's risk desk closes an account's positions.
  "square-off",
] as const;
export type StrikeKind = (typeof STRIKE_KINDS)[number];

/** They hit a placement, whatever its reply. */
export const ON_PLACE: ReadonlySet<StrikeKind> = new Set([
  "lookup-blind",
  "rejected-later",
  "transit-stuck",
]);
/** They hit a request of a kind, or its reply. */
export const ON_REPLY: ReadonlySet<StrikeKind> = new Set([
  "reply-lost",
  "reply-late",
  "request-lost",
  "error-before",
  "error-after",
  "throttled",
  "html",
  "reply-cut",
]);

/** The requests that carry an order command. */
export const COMMAND_PATHS = [
  "place",
  "modify",
  "cancel",
  "super-place",
  "super-modify",
  "super-cancel",
  "forever-place",
  "forever-modify",
  "forever-cancel",
] as const;
export type CommandPath = (typeof COMMAND_PATHS)[number];

export interface Strike {
  /** Names it when a day is reduced. */
  readonly id: number;
  /** Since the day began, milliseconds. */
  readonly atMs: number;
  readonly kind: StrikeKind;
  /** Whose; absent: everybody's. */
  readonly account?: string;
  /** It waits for the next order command of that account (of any follower) to leave. */
  readonly isAimed?: true;
  /** How long it lasts, how far a clock steps (signed), how late a reply is. */
  readonly ms: number;
  /** Frames that it takes. */
  readonly count: number;
  /** Of replies: the kind of request that it hits; absent: any. */
  readonly path?: CommandPath;
}

/** How often a kind happened, and how often an order of the account was in flight then. */
export interface StrikeCount {
  readonly happened: number;
  readonly metOrder: number;
}
export type StrikeCounts = Readonly<Partial<Record<StrikeKind, StrikeCount>>>;

/** The sums over several days, kind by kind. */
export function addCounts(a: StrikeCounts, b: StrikeCounts): StrikeCounts {
  const sums: Partial<Record<StrikeKind, StrikeCount>> = {};
  for (const kind of STRIKE_KINDS) {
    const happened = (a[kind]?.happened ?? 0) + (b[kind]?.happened ?? 0);
    const metOrder = (a[kind]?.metOrder ?? 0) + (b[kind]?.metOrder ?? 0);
    if (happened > 0) sums[kind] = { happened, metOrder };
  }
  return sums;
}
