/** A bare client for the cards: raw HTTP and raw frames, nothing of ours in between. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import { type ClientOptions, WebSocket } from "ws";
import {
  createSimulator,
  type Listening,
  type NewAccount,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/index.ts";
import { eventually } from "../../eventually.ts";

export const ASHA = "1100000001";
export const ASHA_TOKEN = "token-of-asha";
const ASHA_ACCOUNT: NewAccount = { clientId: ASHA, name: "Asha", accessToken: ASHA_TOKEN };

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Decoded JSON; undefined when the text is none. */
  readonly body: unknown;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly rawBody?: string;
}

export interface OpenSocket {
  readonly socket: WebSocket;
  /** The inner objects of the order alerts, in the order of arrival. */
  readonly frames: Json[];
  /** Everything that came, undecoded. */
  readonly texts: string[];
  readonly pings: () => number;
  statuses(orderId: string): string[];
}

export class Box {
  readonly simulator: Simulator;
  readonly front: Listening;

  constructor(simulator: Simulator, front: Listening) {
    this.simulator = simulator;
    this.front = front;
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token = ASHA_TOKEN, body, rawBody } = options;
    const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.front.restUrl}${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token !== null && { "access-token": token }),
      },
      ...(text !== undefined && { body: text }),
    });
    return answerOf(response);
  }

  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.front.controlUrl}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  /** Places and says the order id; the reply must be a 200. */
  async place(change: Json = {}): Promise<string> {
    const answer = await this.call("POST", "/orders", { body: order(change) });
    if (answer.status !== 200) throw new Error(`not placed: ${answer.text}`);
    return String((answer.body as Json).orderId);
  }

  async row(orderId: string): Promise<Json> {
    const { body } = await this.call("GET", `/orders/${orderId}`);
    const [row] = body as Json[];
    if (row === undefined) throw new Error(`no row of ${orderId}`);
    return row;
  }

  /** Waits in process, without spending requests, until the order has the status. */
  async reaches(orderId: string, status: string): Promise<void> {
    const statusNow = () =>
      this.simulator
        .truth()
        .flatMap((account) => account.orders)
        .find((one) => one.orderId === orderId)?.status;
    await eventually(() => statusNow() === status, { what: `${orderId} ${status}` });
  }

  async placeWorking(change: Json = {}): Promise<string> {
    const orderId = await this.place(change);
    await this.reaches(orderId, "PENDING");
    return orderId;
  }

  async openSocket(context: TestContext, login: Json = loginOf(), options: ClientOptions = {}) {
    const socket = new WebSocket(this.front.orderUpdateUrl, options);
    const texts: string[] = [];
    const frames: Json[] = [];
    let pingCount = 0;
    socket.on("message", (message, isBinary) => {
      texts.push(isBinary ? "<binary>" : String(message));
      const alert = isBinary ? undefined : tryJson(String(message));
      if (isAlert(alert)) frames.push(alert.Data);
    });
    socket.on("ping", () => {
      pingCount += 1;
    });
    socket.on("error", () => {});
    context.after(() => socket.terminate());
    await once(socket, "open");
    socket.send(JSON.stringify(login));
    const statuses = (orderId: string) =>
      frames.filter((frame) => frame.orderNo === orderId).map((frame) => String(frame.status));
    return { socket, frames, texts, statuses, pings: () => pingCount } satisfies OpenSocket;
  }

  /** A socket that is surely logged in: the server does not say, so the box is asked. */
  async openLoggedIn(context: TestContext): Promise<OpenSocket> {
    const before = this.#sockets();
    const opened = await this.openSocket(context);
    await eventually(() => this.#sockets() === before + 1, { what: "the login" });
    return opened;
  }

  #sockets(): number {
    return this.simulator.accounts().find(({ clientId }) => clientId === ASHA)?.sockets ?? 0;
  }
}

/** A box with one account, closed at the end of the test. */
export async function openBox(
  context: TestContext,
  options: SimulatorOptions = {},
  account: Partial<NewAccount> = {},
): Promise<Box> {
  const accounts = [{ ...ASHA_ACCOUNT, ...account }, ...(options.accounts ?? [])];
  const simulator = createSimulator({ ...options, accounts });
  const front = await simulator.listen({ port: 0 });
  context.after(() => front.close());
  return new Box(simulator, front);
}

/** A good limit order, far enough below the market to rest. */
export function order(change: Json = {}): Json {
  return {
    dhanClientId: ASHA,
    correlationId: "cp-7f3a-0001",
    transactionType: "BUY",
    exchangeSegment: "NSE_EQ",
    productType: "INTRADAY",
    orderType: "LIMIT",
    validity: "DAY",
    securityId: "1333",
    quantity: 10,
    disclosedQuantity: 0,
    price: 1600.5,
    triggerPrice: 0,
    afterMarketOrder: false,
    ...change,
  };
}

export function loginOf(token = ASHA_TOKEN, clientId = ASHA): Json {
  return { LoginReq: { MsgCode: 42, ClientId: clientId, Token: token }, UserType: "SELF" };
}

/** A recorded payload. */
export function fixture(name: string): unknown {
  const path = new URL(`../../fixtures/dhan/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8"));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: tryJson(text) };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlert(frame: unknown): frame is { Data: Json } {
  return typeof frame === "object" && frame !== null && "Type" in frame && "Data" in frame;
}
