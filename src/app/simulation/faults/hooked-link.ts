/** A client's transports with somebody who sees each order command leave and come back. */
import type { HttpReply, HttpRequest } from "../../../ports/transport.ts";
import type { MemoryLink } from "../../../simulator/index.ts";

export interface WireHooks {
  /** Just before the bytes go; a process that dies here has not sent them. */
  leaving(request: HttpRequest): void;
  /** They are on their way and arrive whatever happens. */
  sent(request: HttpRequest): void;
  /** The reply has come back. */
  answered(request: HttpRequest, reply: HttpReply): void;
  /** Answered, lost or timed out; never called once the process is dead. */
  settled(request: HttpRequest): void;
}

export function hookedLink(link: MemoryLink, hooks: WireHooks): MemoryLink {
  return {
    ...link,
    http: {
      request(request, limits) {
        hooks.leaving(request);
        const exchange = link.http.request(request, limits);
        hooks.sent(request);
        const settle = () => hooks.settled(request);
        exchange.then((reply) => {
          settle();
          hooks.answered(request, reply);
        }, settle);
        return exchange;
      },
      close: () => link.http.close(),
    },
  };
}

const COMMAND = /^\/(super\/|forever\/)?orders(\/|$)/;

export function isCommand({ method, path }: HttpRequest): boolean {
  return method !== "GET" && COMMAND.test(path);
}

/** A search for an order whose outcome is unknown. */
export function isLookup({ method, path }: HttpRequest): boolean {
  return method === "GET" && path.startsWith("/orders/external/");
}
