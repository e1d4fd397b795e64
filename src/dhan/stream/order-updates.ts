/**
 * The drop copy: one account's order-update socket, logged in and kept alive for ever.
 *
 * Keeps: at most one connection; every connection that ends is told as "down", whether it had been
 * "up" or not; events in the order of arrival; after `stop` nothing is told any more.
 * Does not: replay (the socket cannot), or tell why the socket was silent. The broker acknowledges no
 * login, so "up" means: logged in, and since then a ping, a readable alert, or no end for a while. It
 * refuses a login by merely ending the connection, so an early end is held against a REST read.
 *
 *   idle -> connecting -> loggingIn -> up -> waiting -> connecting …
 *                \------------\--------------^   \
 *                                                 refused (until new credentials)
 */
import { assert } from "../../platform/assert.ts";
import type { DropCopy, DropCopyEvent } from "../../ports/broker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { SocketConnection, SocketEvent, SocketTransport } from "../../ports/transport.ts";
import type { Redact } from "../redact.ts";
import type { LoginRequest } from "../wire/login.ts";
import { type Liveness, watchLiveness } from "./liveness.ts";
import { type FrameEvent, readFrame } from "./read-frame.ts";
import { type ReconnectTiming, retryDelayMs } from "./reconnect.ts";

export interface OrderUpdatesTiming extends ReconnectTiming {
  /** Connect, upgrade and "open" together. */
  readonly connectTimeoutMs: number;
  /** Quiet time after the login that counts as accepted. */
  readonly loginGraceMs: number;
  /** An end within this time of the login, without a sign of life, may be a refusal. */
  readonly earlyEndMs: number;
  readonly pingEveryMs: number;
  readonly staleAfterMs: number;
}

/** The server pings every 10 s by itself; two and a half missed rounds are silence. */
export const ORDER_UPDATES_TIMING: OrderUpdatesTiming = {
  connectTimeoutMs: 10_000,
  loginGraceMs: 300,
  earlyEndMs: 2_000,
  pingEveryMs: 10_000,
  staleAfterMs: 25_000,
  firstRetryMs: 250,
  maxRetryMs: 30_000,
};

export interface OrderUpdatesOptions {
  readonly sockets: SocketTransport;
  readonly clientId: string;
  readonly accessToken: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Asks the broker by another way whether the token in use is dead; may reject when it cannot. */
  readonly isTokenRefused: () => Promise<boolean>;
  readonly redact: Redact;
  readonly timing?: Partial<OrderUpdatesTiming>;
}

const EMPTY_ALERT = '{"Type":"order_alert","Data":{}}';

type Listener = (event: DropCopyEvent) => void;

interface Attempt {
  readonly connection: SocketConnection;
  readonly closed: Promise<void>;
  readonly cancelTimers: Set<() => void>;
  liveness?: Liveness;
  loggedInAtMs?: number;
  hasLived: boolean;
  isUp: boolean;
  /** Why we ended it ourselves, which tells more than the close that follows. */
  ownReason?: string;
}

export class OrderUpdates implements DropCopy {
  readonly #options: OrderUpdatesOptions;
  readonly #timing: OrderUpdatesTiming;
  #accessToken: string;
  #listener: Listener | undefined;
  #attempt: Attempt | undefined;
  #cancelRetry: (() => void) | undefined;
  #isRefused = false;
  /** Connections in a row that came to nothing. */
  #failures = 0;
  /** Rises with every token and every stop, so that an answer about an older one is ignored. */
  #era = 0;

  constructor(options: OrderUpdatesOptions) {
    this.#options = options;
    this.#timing = { ...ORDER_UPDATES_TIMING, ...options.timing };
    this.#accessToken = options.accessToken;
  }

  start(listener: Listener): void {
    assert(this.#listener === undefined, "the drop copy is already started");
    this.#listener = listener;
    // The first frame ever read builds its parser, which takes some milliseconds: not while an order
    // waits for them.
    this.#read(EMPTY_ALERT);
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#era++;
    this.#listener = undefined;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#isRefused = false;
    this.#failures = 0;
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    this.#attempt = undefined;
    letGo(attempt);
    attempt.connection.terminate();
    await attempt.closed;
  }

  /**
   * The token for this and every later login. A stream that was refused or waits connects at once; a
   * living one stays, because the broker looks at tokens only when logging in.
   */
  useToken(accessToken: string): void {
    if (accessToken === this.#accessToken) return;
    this.#accessToken = accessToken;
    this.#era++;
    this.#isRefused = false;
    this.#failures = 0;
    if (this.#listener === undefined || this.#attempt !== undefined) return;
    this.#cancelRetry?.();
    this.#connect();
  }

  #connect(): void {
    this.#cancelRetry = undefined;
    const { clock, sockets } = this.#options;
    let markClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      markClosed = resolve;
    });
    const connection = sockets.connect((event) => {
      if (event.kind === "closed") markClosed();
      if (this.#attempt === attempt) this.#onSocketEvent(attempt, event);
    });
    const cancelTimers = new Set<() => void>();
    const attempt: Attempt = { connection, closed, cancelTimers, hasLived: false, isUp: false };
    this.#attempt = attempt;
    const { connectTimeoutMs } = this.#timing;
    cancelTimers.add(
      clock.schedule(connectTimeoutMs, () => {
        if (attempt.loggedInAtMs === undefined)
          end(attempt, `not open within ${connectTimeoutMs} ms`);
      }),
    );
  }

  #onSocketEvent(attempt: Attempt, event: SocketEvent): void {
    switch (event.kind) {
      case "open":
        return this.#logIn(attempt);
      case "ping":
        return this.#signOfLife(attempt);
      case "pong":
        return attempt.liveness?.signOfLife();
      case "message":
        return this.#onMessage(attempt, event.data);
      case "closed":
        return this.#onClosed(attempt, event);
    }
  }

  #logIn(attempt: Attempt): void {
    const { clock, clientId } = this.#options;
    const { pingEveryMs, staleAfterMs, loginGraceMs, earlyEndMs } = this.#timing;
    const login: LoginRequest = {
      LoginReq: { MsgCode: 42, ClientId: clientId, Token: this.#accessToken },
      UserType: "SELF",
    };
    attempt.connection.send(JSON.stringify(login));
    attempt.loggedInAtMs = clock.monotonicMs();
    attempt.liveness = watchLiveness({
      clock,
      pingEveryMs,
      staleAfterMs,
      ping: () => attempt.connection.ping(),
      giveUp: (silentMs) => end(attempt, `no sign of life for ${Math.round(silentMs)} ms`),
    });
    attempt.cancelTimers.add(clock.schedule(loginGraceMs, () => this.#markUp(attempt)));
    attempt.cancelTimers.add(
      clock.schedule(earlyEndMs, () => {
        this.#failures = 0;
      }),
    );
  }

  #onMessage(attempt: Attempt, data: string | Uint8Array): void {
    const event = this.#read(data);
    if (event.kind === "order") this.#signOfLife(attempt);
    this.#tell(event);
  }

  #read(data: string | Uint8Array): FrameEvent {
    const { clock, clientId, redact } = this.#options;
    return readFrame(data, { clientId, redact, nowMs: clock.nowMs() });
  }

  /** A ping of the server or a readable alert: the login was accepted, and the other side lives. */
  #signOfLife(attempt: Attempt): void {
    if (attempt.loggedInAtMs === undefined) return;
    attempt.hasLived = true;
    attempt.liveness?.signOfLife();
    this.#failures = 0;
    this.#markUp(attempt);
  }

  #markUp(attempt: Attempt): void {
    if (attempt.isUp) return;
    attempt.isUp = true;
    this.#tell({ kind: "up" });
  }

  #onClosed(attempt: Attempt, event: Extract<SocketEvent, { kind: "closed" }>): void {
    const { clock, random, redact } = this.#options;
    this.#attempt = undefined;
    letGo(attempt);
    const mayBeRefusal = this.#endedEarly(attempt) || event.status === 401 || event.status === 403;
    // A handshake turned away with 429 counts against the account: no quick attempts then.
    const failures = event.status === 429 ? Number.MAX_SAFE_INTEGER : this.#failures;
    const retryInMs = retryDelayMs(failures, this.#timing, random);
    this.#failures++;
    this.#cancelRetry = clock.schedule(retryInMs, () => this.#connect());
    this.#tell({ kind: "down", text: redact(attempt.ownReason ?? event.text), retryInMs });
    if (mayBeRefusal) this.#checkToken();
  }

  #endedEarly(attempt: Attempt): boolean {
    if (attempt.loggedInAtMs === undefined || attempt.hasLived) return false;
    return this.#options.clock.monotonicMs() - attempt.loggedInAtMs <= this.#timing.earlyEndMs;
  }

  /** Runs beside the reconnecting: a slow answer must not keep a healthy account blind. */
  #checkToken(): void {
    const era = this.#era;
    this.#options.isTokenRefused().then(
      (isRefused) => {
        if (isRefused && era === this.#era && this.#attempt?.hasLived !== true) this.#standDown();
      },
      // Not known: the reconnecting goes on and the next early end asks again.
      () => undefined,
    );
  }

  #standDown(): void {
    if (this.#listener === undefined || this.#isRefused) return;
    this.#isRefused = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (attempt !== undefined) {
      letGo(attempt);
      attempt.connection.terminate();
    }
    this.#tell({ kind: "refused", text: "the broker refused the login: the token is not valid" });
  }

  #tell(event: DropCopyEvent): void {
    this.#listener?.(event);
  }
}

function end(attempt: Attempt, reason: string): void {
  attempt.ownReason = reason;
  attempt.connection.terminate();
}

function letGo(attempt: Attempt): void {
  attempt.liveness?.stop();
  for (const cancel of attempt.cancelTimers) cancel();
  attempt.cancelTimers.clear();
}
