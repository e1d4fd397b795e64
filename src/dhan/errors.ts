/**
 * What the broker's "no" means, for reads, and the faults of this folder.
 *
 * Codes do not diagnose (DH-905 and DH-906 each cover many causes), so status and text decide. Text
 * is matched here and in outcome.ts, and nowhere else.
 */
import { AppError } from "../platform/fault.ts";
import { BrokerFault, type BrokerFaultClass } from "../ports/broker.ts";
import type { HttpReply } from "../ports/transport.ts";
import type { Redact } from "./redact.ts";
import { type ErrorBody, parseErrorBody } from "./wire/error.ts";

/** What came back does not have the shape or the words that we know; the offending value is named. */
export class WireFault extends AppError {
  override readonly name: string = "WireFault";
  constructor(message: string, code = "DHAN_WIRE_UNREADABLE") {
    super({
      code,
      message,
      remedy: "The broker's answers have changed: check the release notes for a newer Tandem.",
    });
  }
}

/**
 * An order status that we do not know. Loud, because guessing "working" or "done" wrongly costs
 * money; the published list has changed before.
 */
export class UnknownOrderStatus extends WireFault {
  override readonly name = "UnknownOrderStatus";
  readonly status: string;
  constructor(status: string, brokerOrderId: string) {
    const message = `unknown order status "${status}" on order ${brokerOrderId}`;
    super(message, "DHAN_UNKNOWN_ORDER_STATUS");
    this.status = status;
  }
}

const AUTH_CODES: ReadonlySet<string> = new Set(["DH-901", "DH-902", "807", "808", "809", "810"]);

/** 401 and 403; with 400 also DH-901, DH-902 and DH-906 "Invalid Token" (seen on reads too). */
export function isAuthError(status: number, error: ErrorBody): boolean {
  if (status !== 400 && status !== 401 && status !== 403) return false;
  return (
    status === 401 ||
    status === 403 ||
    AUTH_CODES.has(error.code) ||
    /\binvalid token\b/i.test(error.message)
  );
}

/** "Invalid IP" as DH-905 (captured) or DH-911 (reported). */
export function isAddressError(error: ErrorBody): boolean {
  return error.code === "DH-911" || /\binvalid ip\b/i.test(error.message);
}

/** 429 however it is worded, DH-904 and the data endpoints' 805. */
export function isThrottle(status: number, error: ErrorBody | undefined): boolean {
  return status === 429 || error?.code === "DH-904" || error?.code === "805";
}

/** Live answers an empty portfolio with HTTP 500: not an outage (captured, in two shapes). */
export function isEmptyHoldings(reply: HttpReply): boolean {
  const error = errorBodyOf(reply);
  return error?.code === "DH-1111" || error?.type === "DHOLDING_ERROR";
}

/** 400 DH-907 where no exit on profit or loss is set (captured). */
export function isNoPnlExit(reply: HttpReply): boolean {
  const error = errorBodyOf(reply);
  return error?.code === "DH-907" && /no active p&l based exit/i.test(error.message);
}

/** 404 DH-906 on the lookup by correlation id: no such order, or one still in transit. */
export function isAbsentOrder(reply: HttpReply): boolean {
  return reply.status === 404 && errorBodyOf(reply)?.code === "DH-906";
}

/**
 * 404 of the gateway: the broker does not have the route at all (captured). A trading error with 404
 * is something else, and so is no body: an empty list must not come of it.
 */
export function isAbsentRoute(reply: HttpReply): boolean {
  return reply.status === 404 && errorBodyOf(reply)?.type === "gateway";
}

/** The decoded error of a reply; undefined when the body is none that we know. */
export function errorBodyOf(reply: HttpReply): ErrorBody | undefined {
  return parseErrorBody(decodeJson(reply.body));
}

/** The JSON value, or undefined (which JSON cannot express) when the text is no JSON. */
export function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fault for a read that was answered with anything but what it asked for. */
export function faultOfReply(what: string, reply: HttpReply, redact: Redact): BrokerFault {
  const error = errorBodyOf(reply);
  const words =
    error === undefined ? "an unreadable body" : `${error.code} ${error.message}`.trim();
  const message = redact(`${what}: HTTP ${reply.status}, ${words}`);
  return new BrokerFault(faultClassOf(reply.status, error), message, reply.status);
}

function faultClassOf(status: number, error: ErrorBody | undefined): BrokerFaultClass {
  if (isThrottle(status, error)) return "throttle";
  if (error !== undefined && isAddressError(error)) return "address";
  if (error !== undefined && isAuthError(status, error)) return "auth";
  if (error === undefined && (status === 401 || status === 403)) return "auth";
  return status === 502 || status === 503 || status === 504 ? "unreachable" : "other";
}
