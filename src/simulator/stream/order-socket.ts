/**
 * The order-update socket: a login message, then every order change of the account as a frame, to
 * every socket of that account. No acknowledgement, no replay, a ping every ten seconds.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { loginRequest } from "../../dhan/wire/login.ts";
import { alertFrame, inPascalCase } from "../exchange/alert.ts";
import type { SimOrder } from "../exchange/order.ts";
import { isReply } from "../exchange/replies.ts";
import { authenticate } from "../exchange/tokens.ts";
import type { Venue } from "../exchange/venue.ts";
import type { FaultList } from "../faults/fault-list.ts";
import type { FaultOf } from "../faults/rule.ts";
import { Outbox, type OutgoingFrame } from "./outbox.ts";

const PING_EVERY_MS = 10_000;
const LOGIN_BYTES_MAX = 16_384;
const POLICY_VIOLATION = 1008;
/** What the broker has been seen to send before it drops a refused login. */
const STRAY_BYTES = Buffer.from([5, 0, 0, 0, 1]);

interface Connection {
  readonly socket: WebSocket;
  readonly outbox: Outbox;
}

export class OrderSocket {
  readonly #venue: Venue;
  readonly #faults: FaultList;
  readonly #nowEpochMs: () => number;
  readonly #server: WebSocketServer;
  readonly #byClient = new Map<string, Set<Connection>>();
  readonly #clientOf = new WeakMap<WebSocket, string>();
  /** Monotonic time until which a cut refuses; "" stands for everybody. */
  readonly #refusedUntilMs = new Map<string, number>();
  #pinging = false;

  /** `nowEpochMs` gives epoch milliseconds with fraction, for the stamps. */
  constructor(venue: Venue, faults: FaultList, nowEpochMs: () => number) {
    this.#venue = venue;
    this.#faults = faults;
    this.#nowEpochMs = nowEpochMs;
    this.#server = new WebSocketServer({
      noServer: true,
      autoPong: false,
      perMessageDeflate: false,
      maxPayload: LOGIN_BYTES_MAX,
    });
  }

  upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    if (this.#isRefused("")) {
      duplex.destroy();
      return;
    }
    this.#server.handleUpgrade(request, duplex, head, (socket) => this.#greet(socket));
  }

  /** Tells every socket of the order's account. */
  announce(order: SimOrder): void {
    const { switches } = this.#venue;
    const isTransit = order.status === "TRANSIT";
    if (isTransit && !switches.transitFrames) return;
    const connections = this.#byClient.get(order.clientId);
    if (connections === undefined || connections.size === 0) return;
    const frame = alertFrame(order, switches);
    const pascalText = () => JSON.stringify(inPascalCase(frame));
    const text = switches.frameKeys === "pascal" ? pascalText() : JSON.stringify(frame);
    const outgoing = { order, isTransit, text, pascalText };
    for (const { outbox } of connections) outbox.offer(outgoing);
  }

  /** Closes the account's sockets (all without one) at once and refuses new ones for `ms`. */
  cut(fault: FaultOf<"cut">): void {
    const { clientId } = fault.match;
    this.#refusedUntilMs.set(clientId ?? "", this.#venue.agenda.monotonicMs() + fault.ms);
    for (const { socket } of this.#connectionsOf(clientId)) socket.terminate();
  }

  /** Sends something that is not an order alert. */
  sendStray(fault: FaultOf<"stray-frame">): void {
    for (const { socket } of this.#connectionsOf(fault.match.clientId)) {
      socket.send(fault.text ?? STRAY_BYTES);
    }
  }

  socketCount(clientId: string): number {
    return this.#byClient.get(clientId)?.size ?? 0;
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #connectionsOf(clientId: string | undefined): Connection[] {
    const sets = clientId === undefined ? [...this.#byClient.values()] : [];
    if (clientId !== undefined) sets.push(this.#byClient.get(clientId) ?? new Set());
    return sets.flatMap((set) => [...set]);
  }

  #isRefused(clientId: string): boolean {
    const untilMs = this.#refusedUntilMs.get(clientId);
    return untilMs !== undefined && this.#venue.agenda.monotonicMs() < untilMs;
  }

  #isSilent(socket: WebSocket): boolean {
    return this.#faults.isInForce("silent", this.#clientOf.get(socket) ?? "");
  }

  #greet(socket: WebSocket): void {
    socket.on("error", () => socket.terminate());
    socket.once("message", (message) => this.#login(socket, message));
    socket.on("ping", (payload) => {
      if (!this.#isSilent(socket)) socket.pong(payload);
    });
    this.#pingForever();
  }

  #login(socket: WebSocket, message: RawData): void {
    const login = loginRequest.safeParse(readJson(message));
    const account = login.success
      ? authenticate(this.#venue, login.data.LoginReq.Token)
      : undefined;
    if (!login.success || account === undefined || isReply(account)) {
      this.#refuse(socket);
      return;
    }
    if (account.clientId !== login.data.LoginReq.ClientId) {
      this.#refuse(socket);
      return;
    }
    if (this.#isRefused(account.clientId)) socket.terminate();
    else this.#admit(socket, account.clientId);
  }

  #admit(socket: WebSocket, clientId: string): void {
    const connections = this.#byClient.get(clientId) ?? new Set();
    this.#byClient.set(clientId, connections);
    if (this.#venue.switches.secondSocket === "evict") {
      for (const { socket: older } of connections) older.terminate();
    }
    const { agenda, random } = this.#venue;
    const write = (frame: OutgoingFrame, text: string) => this.#write(socket, frame, text);
    const outbox = new Outbox({ clientId, faults: this.#faults, agenda, random, write });
    const connection = { socket, outbox };
    connections.add(connection);
    this.#clientOf.set(socket, clientId);
    socket.on("close", () => connections.delete(connection));
  }

  #write(socket: WebSocket, { order, isTransit }: OutgoingFrame, text: string): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!isTransit) order.firstWorkingFrameAtMs ??= this.#nowEpochMs();
    socket.send(text);
  }

  /** Three ways have been seen: a close frame, five bytes and a drop, or a bare drop. */
  #refuse(socket: WebSocket): void {
    switch (this.#venue.switches.loginRefusal) {
      case "close":
        socket.close(POLICY_VIOLATION);
        break;
      case "binary":
        socket.send(STRAY_BYTES, () => socket.terminate());
        break;
      case "reset":
        socket.terminate();
        break;
    }
  }

  #pingForever(): void {
    if (this.#pinging) return;
    this.#pinging = true;
    const ping = () => {
      for (const socket of this.#server.clients) {
        if (socket.readyState === WebSocket.OPEN && !this.#isSilent(socket)) socket.ping();
      }
      this.#venue.agenda.after(PING_EVERY_MS, ping);
    };
    this.#venue.agenda.after(PING_EVERY_MS, ping);
  }
}

function readJson(message: RawData): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return undefined;
  }
}
