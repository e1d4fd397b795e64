/**
 * HTTP over one undici pool for each account, bound to that account's egress.
 *
 * Keeps: a request is written at most once. undici would put a request that it has begun to write
 * back into its queue in rare cases; a second start is refused here. "notSent" is claimed only when
 * undici never started to write, which covers name lookup, refused and timed-out connects, and
 * requests still queued at the deadline.
 * Does not: retry, follow redirects, or speak HTTP/2 (order writes over it were answered with a bogus
 * redirect).
 */
import { isIP } from "node:net";
import { type Dispatcher, Pool, ProxyAgent } from "undici";
import type { Clock } from "../../ports/clock.ts";
import {
  type HttpReply,
  type HttpRequest,
  type HttpTransport,
  TransportFault,
} from "../../ports/transport.ts";

export interface UndiciTransportOptions {
  /** Any host and base path: "https://api.dhan.co/v2", "http://127.0.0.1:4610/v2". */
  readonly restUrl: string;
  readonly clock: Clock;
  /** Requests that may be under way at once; further ones queue. Default 16. */
  readonly connections?: number;
  /** Default 3000. */
  readonly connectTimeoutMs?: number;
  /** How long an idle connection is kept for the next order. Default 30000. */
  readonly keepAliveMs?: number;
  /** The address of this machine to connect from: the account's own egress. */
  readonly localAddress?: string;
  /** "http://user:password@host:port"; the account's egress is then the proxy's. */
  readonly proxy?: string;
}

/** The largest order book (7000 orders a day) is about 7 MB. */
const REPLY_BYTES_MAX = 64 * 1024 * 1024;

export function createUndiciTransport(options: UndiciTransportOptions): HttpTransport {
  const url = new URL(options.restUrl);
  const basePath = url.pathname.replace(/\/+$/, "");
  const { origin } = url;
  const dispatcher = dispatcherFor(origin, options);
  return {
    request(request, { timeoutMs, mayLeave }) {
      return new Promise((resolve, reject) => {
        const exchange = new Exchange(resolve, reject, mayLeave);
        exchange.cancelDeadline = options.clock.schedule(timeoutMs, () =>
          exchange.expire(timeoutMs),
        );
        dispatcher.dispatch(dispatchOptions(origin, basePath, request), exchange);
      });
    },
    close: () => dispatcher.close(),
  };
}

function dispatcherFor(origin: string, options: UndiciTransportOptions): Dispatcher {
  const { localAddress } = options;
  const poolOptions: Pool.Options = {
    connections: options.connections ?? 16,
    pipelining: 1,
    allowH2: false,
    connectTimeout: options.connectTimeoutMs ?? 3_000,
    keepAliveTimeout: options.keepAliveMs ?? 30_000,
    // Every request has its own deadline; undici's coarser timers would only get in its way.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: REPLY_BYTES_MAX,
  };
  if (options.proxy !== undefined) return new ProxyAgent({ uri: options.proxy, ...poolOptions });
  if (localAddress === undefined) return new Pool(origin, poolOptions);
  // Without the family a name with both kinds of addresses could be tried from the wrong one.
  const family = isIP(localAddress);
  return new Pool(origin, { ...poolOptions, localAddress, connect: { family } });
}

function dispatchOptions(
  origin: string,
  basePath: string,
  request: HttpRequest,
): Dispatcher.DispatchOptions {
  return {
    origin,
    path: basePath + request.path,
    method: request.method,
    headers: request.headers as Record<string, string>,
    body: request.body ?? null,
  };
}

type Controller = Dispatcher.DispatchController;

/** One request and its reply. Settles its promise once; what comes after that is ignored. */
class Exchange implements Dispatcher.DispatchHandler {
  cancelDeadline: () => void = () => undefined;
  readonly #resolve: (reply: HttpReply) => void;
  readonly #reject: (fault: TransportFault) => void;
  readonly #mayLeave: (() => boolean) | undefined;
  readonly #chunks: Buffer[] = [];
  #controller: Controller | undefined;
  #isSettled = false;
  #status = 0;

  constructor(
    resolve: (reply: HttpReply) => void,
    reject: (fault: TransportFault) => void,
    mayLeave: (() => boolean) | undefined,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#mayLeave = mayLeave;
  }

  /** Called immediately before the first byte is written. */
  onRequestStart(controller: Controller): void {
    if (this.#isSettled || this.#controller !== undefined) {
      controller.abort(new Error("this request must not be written (again)"));
      if (this.#controller !== undefined) this.#fail("the connection closed while sending");
      return;
    }
    if (this.#mayLeave?.() === false) {
      controller.abort(new Error("this request must not be written any more"));
      this.#fail("called off before it left");
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(_controller: Controller, statusCode: number): void {
    this.#status = statusCode;
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#settle();
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, body: whole.toString("utf8") });
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#fail(error.message || error.name, error);
  }

  expire(timeoutMs: number): void {
    if (this.#isSettled) return;
    const isStarted = this.#controller !== undefined;
    this.#fail(`${isStarted ? "no reply" : "not sent"} within ${timeoutMs} ms`);
    this.#controller?.abort(new Error("deadline passed"));
  }

  #fail(message: string, cause?: unknown): void {
    if (this.#isSettled) return;
    this.#settle();
    const kind = this.#controller === undefined ? "notSent" : "lost";
    this.#reject(new TransportFault(kind, message, cause));
  }

  #settle(): void {
    this.#isSettled = true;
    this.cancelDeadline();
  }
}
