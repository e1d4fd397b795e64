/**
 * A gate in front of a transport: reads pass, and nothing else leaves.
 *
 * Keeps: whatever stands above it, a request that could change anything at the broker is rejected as
 * notSent before a byte of it leaves. What passes is listed; what is not known is turned away.
 * Does not: know any account, or look into bodies.
 */
import { type HttpRequest, type HttpTransport, TransportFault } from "../../ports/transport.ts";

/** The wire's reads that are asked with a body. Exact: a longer path, or a query, is another one. */
const READS_BY_POST: readonly string[] = ["/margincalculator", "/margincalculator/multi"];

export interface ReadOnlyTransport extends HttpTransport {
  /** Requests that were turned away so far. Above zero, something above the gate is wrong. */
  readonly turnedAway: number;
}

/** The same transport, for reads alone. Closing it closes what is behind it. */
export function readOnlyTransport(behind: HttpTransport): ReadOnlyTransport {
  let turnedAway = 0;
  return {
    get turnedAway() {
      return turnedAway;
    },
    request(request, limits) {
      if (isRead(request)) return behind.request(request, limits);
      turnedAway += 1;
      const text = `${request.method} ${request.path}: turned away, this account is read only`;
      return Promise.reject(new TransportFault("notSent", text));
    },
    close: () => behind.close(),
  };
}

function isRead({ method, path }: HttpRequest): boolean {
  return method === "GET" || (method === "POST" && READS_BY_POST.includes(path));
}
