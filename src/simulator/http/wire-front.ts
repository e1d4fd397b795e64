/** A request of the wire from its arrival to its answer: token, limits, faults, the call, records. */
import { recordRequest, type SimAccount } from "../exchange/account.ts";
import type { Origin } from "../exchange/place.ts";
import { isReply, type Reply, rateRefusal } from "../exchange/replies.ts";
import { authenticate } from "../exchange/tokens.ts";
import type { Venue } from "../exchange/venue.ts";
import type { FaultList, RequestFacts } from "../faults/fault-list.ts";
import { type FaultOf, ORDER_KINDS, type RequestKind } from "../faults/rule.ts";
import type { Route } from "./route.ts";
import { answerCall } from "./wire-call.ts";

export interface WireRequest {
  readonly route: Route;
  readonly method: string;
  readonly token: string | undefined;
  readonly query: string;
  readonly body: unknown;
  readonly remoteIp: string;
  /** When the body had arrived whole, epoch milliseconds with fraction. */
  readonly arrivedAtMs: number;
}

/** What goes back: a reply after a while, a page of a broken gateway, or a cut connection. */
export type WireAnswer =
  | { readonly kind: "reply"; readonly reply: Reply; readonly delayMs: number }
  | { readonly kind: "html"; readonly delayMs: number }
  | { readonly kind: "cut" };

export function answerWire(venue: Venue, faults: FaultList, request: WireRequest): WireAnswer {
  const account = authenticate(venue, request.token);
  if (isReply(account)) return { kind: "reply", reply: account, delayMs: 0 };
  const { route, method } = request;
  const facts = { clientId: account.clientId, method, kind: route.kind };
  const before = faults.isEmpty ? undefined : faultBefore(faults, facts, account);
  if (before !== undefined) return recorded(venue, account, request, { answer: before });
  const { limits } = account;
  const isOrderClass = ORDER_KINDS.has(route.kind);
  if (!limits.take(isOrderClass, venue.agenda.monotonicMs(), venue.switches.limitWindow)) {
    const answer: WireAnswer = { kind: "reply", reply: rateRefusal(), delayMs: account.replyMs };
    return recorded(venue, account, request, { answer });
  }
  const origin = originOf(faults, facts, request.arrivedAtMs);
  const { body, query, remoteIp } = request;
  const reply = answerCall(venue, { account, route, method, query, body, remoteIp, origin });
  const slow = faults.isEmpty ? undefined : faults.takeForRequest("delay-reply", facts);
  const delayMs = account.replyMs + (slow?.ms ?? 0);
  const plain: WireAnswer = { kind: "reply", reply, delayMs };
  const answer = faults.isEmpty ? plain : (faultAfter(faults, facts, account) ?? plain);
  return recorded(venue, account, request, { answer, reply });
}

function faultBefore(
  faults: FaultList,
  facts: RequestFacts,
  account: SimAccount,
): WireAnswer | undefined {
  const delayMs = account.replyMs;
  if (faults.takeForRequest("drop", facts) !== undefined) return { kind: "cut" };
  if (faults.takeForRequest("throttle", facts) !== undefined) {
    return { kind: "reply", reply: rateRefusal(), delayMs };
  }
  const status = faults.takeForRequest("status", facts, "before");
  if (status !== undefined) {
    return { kind: "reply", reply: { status: status.code, body: status.body }, delayMs };
  }
  const page = faults.takeForRequest("html", facts, "before");
  return page === undefined ? undefined : { kind: "html", delayMs };
}

function faultAfter(
  faults: FaultList,
  facts: RequestFacts,
  account: SimAccount,
): WireAnswer | undefined {
  const delayMs = account.replyMs;
  if (faults.takeForRequest("lose-reply", facts) !== undefined) return { kind: "cut" };
  const status = faults.takeForRequest("status", facts, "after");
  if (status !== undefined) {
    return { kind: "reply", reply: { status: status.code, body: status.body }, delayMs };
  }
  const page = faults.takeForRequest("html", facts, "after");
  return page === undefined ? undefined : { kind: "html", delayMs };
}

function originOf(faults: FaultList, facts: RequestFacts, arrivedAtMs: number): Origin {
  const plain: Origin = { source: "P", arrivedAtMs };
  if (faults.isEmpty || !PLACING.has(facts.kind)) return plain;
  const later = faults.takeForRequest("reject-later", facts);
  const blind = faults.takeForRequest("blind-lookup", facts);
  const stuck = faults.takeForRequest("stuck-transit", facts);
  return {
    ...plain,
    ...(later && { rejectLater: rejectionOf(later) }),
    ...(blind && { blindMs: blind.ms }),
    ...(stuck && { stuckMs: stuck.ms }),
  };
}

function rejectionOf({ text, afterMs, slice }: FaultOf<"reject-later">) {
  return { text, afterMs, ...(slice === undefined ? {} : { slice }) };
}

/** What makes orders, and can therefore be told what is to become of them. */
const PLACING: ReadonlySet<RequestKind> = new Set([
  "place",
  "slice",
  "super-place",
  "forever-place",
  "multi",
]);

interface Given {
  readonly answer: WireAnswer;
  /** What the broker did, when a fault gave another answer. */
  readonly reply?: Reply;
}

const STATUS_OF_HTML = 502;

function recorded(
  venue: Venue,
  account: SimAccount,
  request: WireRequest,
  given: Given,
): WireAnswer {
  const { answer } = given;
  const { kind, arg } = request.route;
  const asked = request.body as { correlationId?: unknown } | null | undefined;
  const correlationId = kind === "order-by-correlation" ? arg : asked?.correlationId;
  const orderId = PLACING.has(kind)
    ? orderIdOf(given.reply)
    : BY_ORDER_ID.has(kind)
      ? arg
      : undefined;
  recordRequest(account, {
    atMs: venue.agenda.nowMs(),
    kind,
    ...(typeof correlationId === "string" && { correlationId }),
    ...(orderId !== undefined && { orderId }),
    status:
      answer.kind === "reply" ? answer.reply.status : answer.kind === "html" ? STATUS_OF_HTML : 0,
  });
  return answer;
}

const BY_ORDER_ID: ReadonlySet<RequestKind> = new Set([
  "modify",
  "cancel",
  "order-by-id",
  "super-modify",
  "super-cancel",
  "forever-modify",
  "forever-cancel",
  "alert-modify",
  "alert-cancel",
]);

function orderIdOf(reply: Reply | undefined): string | undefined {
  const body = reply?.body;
  if (typeof body !== "object" || body === null || !("orderId" in body)) return undefined;
  return String(body.orderId);
}
