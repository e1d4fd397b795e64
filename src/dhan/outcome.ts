/**
 * The evidence table: what came back from an order command, to what may be concluded from it.
 *
 * Keeps: "rejected" only on a parsed error body whose status and text are both on the list below;
 * everything that proves nothing is "unknown". A wrong "unknown" costs a lookup, a wrong "rejected"
 * costs a second order in somebody's account, so the list holds what the broker was seen to say or
 * what can mean nothing else.
 * Does not: look anything up, send again, or remember.
 */
import type { CommandOutcome, OrderCommand, RejectionClass } from "../core/model/command.ts";
import { type BrokerOrderId, toBrokerOrderId } from "../core/model/ids.ts";
import { type HttpReply, TransportFault } from "../ports/transport.ts";
import { decodeJson, isAddressError, isAuthError, isThrottle } from "./errors.ts";
import type { Redact } from "./redact.ts";
import { replyStatus } from "./translate/status.ts";
import { type ErrorBody, parseErrorBody } from "./wire/error.ts";
import { orderReply } from "./wire/order.ts";

export type CommandKind = OrderCommand["kind"];
/** Every conclusion but success. */
export type Unaccepted = Exclude<CommandOutcome, { readonly kind: "accepted" }>;

/** The sent command, as far as its answer must fit it. */
export interface SentCommand {
  readonly kind: CommandKind;
  /** The order that a modify or cancel names. */
  readonly brokerOrderId?: BrokerOrderId;
  /** Its number on the wire, when it is another; a reply must name the same one. */
  readonly orderNo?: string;
  /** A leg goes by its own number and its entry's, and a reply may name either. */
  readonly isLeg?: boolean;
}

/** Concludes from a complete reply. `redact` cleans every text that goes into the outcome. */
export function outcomeOfReply(
  command: SentCommand,
  reply: HttpReply,
  redact: Redact,
): CommandOutcome {
  const body = decodeJson(reply.body);
  return (
    outcomeOfRefusal(command.kind, reply, body, redact) ?? outcomeOfSuccess(command, reply, body)
  );
}

/** Concludes from any status but 2xx, which is undefined: a success has to be read by its own shape. */
export function outcomeOfRefusal(
  kind: CommandKind,
  reply: HttpReply,
  body: unknown,
  redact: Redact,
): Unaccepted | undefined {
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const error = parseErrorBody(body);
  const words =
    error === undefined ? "an unreadable body" : `${error.code} ${error.message}`.trim();
  const text = redact(`HTTP ${reply.status}: ${words}`);
  if (isThrottle(reply.status, error)) {
    // Whether a throttled order was looked at before it was turned away was never measured.
    return { kind: "unknown", text: `throttled: ${text}`, throttled: true };
  }
  const reason = error && rejectionClass(kind, reply.status, error);
  if (error === undefined || reason === undefined) return { kind: "unknown", text };
  return { kind: "rejected", reason, code: error.code, text: redact(error.message) };
}

/** Concludes from the absence of a reply. */
export function outcomeOfFault(error: unknown, redact: Redact): Unaccepted {
  const text = redact(error instanceof Error ? error.message : String(error));
  const isProved = error instanceof TransportFault && error.kind === "notSent";
  return isProved ? { kind: "notSent", text } : { kind: "unknown", text };
}

function outcomeOfSuccess(command: SentCommand, reply: HttpReply, body: unknown): CommandOutcome {
  const parsed = orderReply.safeParse(body);
  if (!parsed.success) {
    return { kind: "unknown", text: `HTTP ${reply.status} without an order id` };
  }
  const { orderId, orderStatus } = parsed.data;
  const asked = command.isLeg ? undefined : (command.orderNo ?? command.brokerOrderId);
  if (asked !== undefined && asked !== orderId) {
    return { kind: "unknown", text: `HTTP ${reply.status} names another order, ${orderId}` };
  }
  if (orderStatus.toUpperCase() === "REJECTED") {
    return { kind: "rejected", reason: "other", code: "REJECTED", text: "rejected in the reply" };
  }
  const brokerOrderId = command.brokerOrderId ?? toBrokerOrderId(orderId);
  return { kind: "accepted", brokerOrderId, status: replyStatus(orderStatus) };
}

interface Rule {
  readonly commands: readonly CommandKind[];
  readonly text: RegExp;
  readonly reason: RejectionClass;
}

const ALL: readonly CommandKind[] = ["place", "modify", "cancel"];
const CHANGES: readonly CommandKind[] = ["modify", "cancel"];
const TERMS: readonly CommandKind[] = ["place", "modify"];
const PLACE: readonly CommandKind[] = ["place"];

/**
 * Texts that never prove anything, whatever else they contain: a "duplicate" means that an earlier
 * attempt may live, and an order that is "already" something or "not found" may be filled.
 */
const PROVES_NOTHING = /\bduplicate|\balready\b|\bnot found\b|\bdoes not exist\b/i;

/**
 * Texts that prove a rejection when they come with HTTP 400. First match decides. Those marked
 * (captured) were seen in production; the others are wordings of the broker's risk check, which
 * usually come later through the book, and can only be said about an order that was not taken.
 */
const REJECTIONS: readonly Rule[] = [
  // Captured on cancel; the same command may be right a moment later.
  { commands: CHANGES, text: /order is in transit state/i, reason: "transit" },
  // Captured.
  { commands: PLACE, text: /market is closed! want to place/i, reason: "market-closed" },
  // Captured.
  { commands: CHANGES, text: /market is closed! you cannot modify/i, reason: "market-closed" },
  // Captured: nothing to exit, or no alert or exit to end.
  { commands: ["cancel"], text: /no open positions or orders found/i, reason: "other" },
  { commands: ["cancel"], text: /no active p&l based exit/i, reason: "other" },
  // Captured in the sandbox.
  { commands: TERMS, text: /markets are offline or blocked/i, reason: "market-closed" },
  // Captured.
  { commands: ALL, text: /missing required fields|bad values for param/i, reason: "input" },
  // Captured as "quantity is required" and "dhanClientId is required".
  { commands: ALL, text: /^\s*\w+ is required\b/i, reason: "input" },
  // Captured.
  { commands: PLACE, text: /invalid security ?id/i, reason: "input" },
  {
    commands: TERMS,
    text: /invalid (quantity|price|trigger ?price|disclosed ?quantity|order ?type|product ?type|validity|exchange ?segment|transaction ?type|correlation ?id)\b/i,
    reason: "input",
  },
  // Captured: a selling stop whose limit is not below its trigger; buying ones read alike.
  { commands: TERMS, text: /trigger price should be (greater|less|lower)/i, reason: "input" },
  { commands: TERMS, text: /\blot size\b|multiples? of (the )?lot/i, reason: "input" },
  { commands: TERMS, text: /\btick size\b|multiples? of (the )?tick/i, reason: "input" },
  { commands: TERMS, text: /\bfreeze (quantity|qty|limit)\b/i, reason: "input" },
  // The risk check's words, captured in the book.
  { commands: TERMS, text: /insufficient funds|fund limit insufficient/i, reason: "funds" },
  { commands: TERMS, text: /sell more than the quantity you currently hold/i, reason: "holdings" },
  { commands: PLACE, text: /\b(ddpi|e-?dis|tpin)\b/i, reason: "holdings" },
  { commands: TERMS, text: /circuit limits?\b|circuit breach/i, reason: "price-band" },
  { commands: TERMS, text: /kill ?switch/i, reason: "other" },
  {
    commands: PLACE,
    text: /segments? (is|are) (not active|not activated|inactive)/i,
    reason: "other",
  },
  // Captured: the generic refusal of a placement. On a modify or cancel it may mean "already done".
  {
    commands: PLACE,
    text: /incorrect request for order and cannot be processed/i,
    reason: "other",
  },
];

function rejectionClass(
  kind: CommandKind,
  status: number,
  error: ErrorBody,
): RejectionClass | undefined {
  if (isAuthError(status, error)) return "auth";
  if (status !== 400) return undefined;
  if (isAddressError(error)) return "address";
  if (PROVES_NOTHING.test(error.message)) return undefined;
  return REJECTIONS.find((rule) => rule.commands.includes(kind) && rule.text.test(error.message))
    ?.reason;
}
