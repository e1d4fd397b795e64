/** The one way in which requests are made: headers, bodies, deadlines, and faults of reads. */
import { z } from "zod";
import { BrokerFault } from "../../ports/broker.ts";
import {
  type HttpLimits,
  type HttpMethod,
  type HttpReply,
  type HttpTransport,
  TransportFault,
} from "../../ports/transport.ts";
import { decodeJson, faultOfReply, WireFault } from "../errors.ts";
import { type AccountRedaction, createAccountRedaction, type Redact } from "../redact.ts";

export interface CallsOptions {
  readonly transport: HttpTransport;
  readonly clientId: string;
  readonly accessToken: string;
  /** Default 10000, for commands and reads alike. */
  readonly requestTimeoutMs?: number;
}

const CALLED_OFF = "called off before it left";

export interface ReadRequest {
  /** What is asked for, in words, for the fault's text. */
  readonly what: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly body?: unknown;
}

/** One account's credentials over one transport. */
export class Calls {
  readonly clientId: string;
  readonly #transport: HttpTransport;
  readonly #limits: HttpLimits;
  readonly #redaction: AccountRedaction;
  #headers: Readonly<Record<string, string>>;
  #bodyHeaders: Readonly<Record<string, string>>;

  /** `redaction`: of the account, where it is known already. */
  constructor(options: CallsOptions, redaction?: AccountRedaction) {
    this.clientId = options.clientId;
    this.#transport = options.transport;
    this.#limits = { timeoutMs: options.requestTimeoutMs ?? 10_000 };
    this.#redaction = redaction ?? createAccountRedaction(options.clientId, options.accessToken);
    this.#headers = headersOf(options.clientId, options.accessToken);
    this.#bodyHeaders = { ...this.#headers, "content-type": "application/json" };
  }

  get redact(): Redact {
    return this.#redaction.redact;
  }

  /** The token for every later request. The older one stays out of texts all the same. */
  useToken(accessToken: string): void {
    this.#redaction.registerToken(accessToken);
    this.#headers = headersOf(this.clientId, accessToken);
    this.#bodyHeaders = { ...this.#headers, "content-type": "application/json" };
  }

  /**
   * The same account for one command that may be called off: what has not begun to leave when
   * `mayLeave` says no never does.
   */
  onlyWhile(mayLeave: (() => boolean) | undefined): Calls {
    if (mayLeave === undefined) return this;
    const transport: HttpTransport = {
      request: (request, limits) =>
        mayLeave()
          ? this.#transport.request(request, { ...limits, mayLeave })
          : Promise.reject(new TransportFault("notSent", CALLED_OFF)),
      close: () => this.#transport.close(),
    };
    const { timeoutMs } = this.#limits;
    const accessToken = this.#headers["access-token"] ?? "";
    const options = { transport, clientId: this.clientId, accessToken };
    return new Calls({ ...options, requestTimeoutMs: timeoutMs }, this.#redaction);
  }

  /** Any complete reply, whatever its status; rejects with a TransportFault. Never sends twice. */
  send(method: HttpMethod, path: string, body?: unknown): Promise<HttpReply> {
    const request =
      body === undefined
        ? { method, path, headers: this.#headers }
        : { method, path, headers: this.#bodyHeaders, body: JSON.stringify(body) };
    return this.#transport.request(request, this.#limits);
  }

  /** Like `send`, for reads: what keeps the reply from coming is a BrokerFault. */
  async ask(request: ReadRequest): Promise<HttpReply> {
    try {
      return await this.send(request.method, request.path, request.body);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const reason = error instanceof TransportFault ? "unreachable" : "other";
      throw new BrokerFault(reason, this.redact(`${request.what}: ${text}`), 0, error);
    }
  }

  /** A reply of 2xx, decoded by `schema`; everything else is a BrokerFault. */
  async read<T>(request: ReadRequest, schema: z.ZodType<T>): Promise<T> {
    const reply = await this.ask(request);
    return this.decode(request, reply, schema);
  }

  decode<T>(request: ReadRequest, reply: HttpReply, schema: z.ZodType<T>): T {
    const isSuccess = reply.status >= 200 && reply.status < 300;
    if (!isSuccess) throw faultOfReply(request.what, reply, this.redact);
    const parsed = schema.safeParse(decodeJson(reply.body));
    if (parsed.success) return parsed.data;
    const text = this.redact(`${request.what}: unexpected reply, ${z.prettifyError(parsed.error)}`);
    throw new BrokerFault("other", text, reply.status);
  }

  /** Runs a translation; a reply that cannot be trusted is a BrokerFault with the WireFault inside. */
  translate<T>(what: string, translation: () => T): T {
    try {
      return translation();
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      throw new BrokerFault("other", this.redact(`${what}: ${error.message}`), 200, error);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

/** The raw token, without "Bearer". client-id is needed by some endpoints and harmless elsewhere. */
function headersOf(clientId: string, accessToken: string): Readonly<Record<string, string>> {
  return { "access-token": accessToken, "client-id": clientId, accept: "application/json" };
}
