/**
 * The order-update socket: a login message, then every order change of the account as a frame, to
 * every socket of that account. No acknowledgement, no replay, a ping every ten seconds.
 */
import { loginRequest } from "../../dhan/wire/login.ts";
import { alertFrame, inPascalCase } from "../exchange/alert.ts";
import type { SimOrder } from "../exchange/order-records.ts";
import { isReply } from "../exchange/replies.ts";
import { authenticate } from "../exchange/tokens.ts";
import type { Venue } from "../exchange/venue.ts";
import type { FaultList } from "../faults/fault-list.ts";
import type { FaultOf } from "../faults/rule.ts";
import { Outbox, type OutgoingFrame } from "./outbox.ts";
import type { WireSocket, WireSocketListener } from "./wire-socket.ts";

const PING_EVERY_MS = 10_000;
const POLICY_VIOLATION = 1008;
/** What the broker has been seen to send before it drops a refused login. */
const STRAY_BYTES = Buffer.from([5, 0, 0, 0, 1]);

interface Connection {
  readonly socket: WireSocket;
  readonly outbox: Outbox;
}

export class OrderSocket {
  readonly #venue: Venue;
  readonly #faults: FaultList;
  readonly #nowEpochMs: () => number;
  readonly #open = new Set<WireSocket>();
  readonly #byClient = new Map<string, Set<Connection>>();
  readonly #clientOf = new WeakMap<WireSocket, string>();
  /** Monotonic time until which a cut refuses; "" stands for everybody. */
  readonly #refusedUntilMs = new Map<string, number>();
  #pinging = false;

  /** `nowEpochMs` gives epoch milliseconds with fraction, for the stamps. */
  constructor(venue: Venue, faults: FaultList, nowEpochMs: () => number) {
    this.#venue = venue;
    this.#faults = faults;
    this.#nowEpochMs = nowEpochMs;
  }

  /** Whether a cut for everybody is in force: nothing new is let in then. */
  get refusesAll(): boolean {
    return this.#isRefused("");
  }

  /** A connection that has just opened; its first message is the login. */
  connect(socket: WireSocket): WireSocketListener {
    this.#open.add(socket);
    this.#pingForever();
    let isFirst = true;
    return {
      message: (text) => {
        const isLogin = isFirst;
        isFirst = false;
        if (isLogin) this.#login(socket, text);
      },
      answersPing: () => !this.#isSilent(socket),
      closed: () => this.#forget(socket),
    };
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
    for (const socket of [...this.#open]) socket.terminate();
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

  #isSilent(socket: WireSocket): boolean {
    return this.#faults.isInForce("silent", this.#clientOf.get(socket) ?? "");
  }

  #forget(socket: WireSocket): void {
    this.#open.delete(socket);
    const connections = this.#byClient.get(this.#clientOf.get(socket) ?? "");
    for (const connection of connections ?? []) {
      if (connection.socket === socket) connections?.delete(connection);
    }
  }

  #login(socket: WireSocket, message: string): void {
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

  #admit(socket: WireSocket, clientId: string): void {
    const connections = this.#byClient.get(clientId) ?? new Set();
    this.#byClient.set(clientId, connections);
    if (this.#venue.switches.secondSocket === "evict") {
      for (const { socket: older } of connections) older.terminate();
    }
    const { agenda, random } = this.#venue;
    const write = (frame: OutgoingFrame, text: string) => this.#write(socket, frame, text);
    const outbox = new Outbox({ clientId, faults: this.#faults, agenda, random, write });
    connections.add({ socket, outbox });
    this.#clientOf.set(socket, clientId);
  }

  #write(socket: WireSocket, { order, isTransit }: OutgoingFrame, text: string): void {
    if (!socket.isOpen) return;
    if (!isTransit) order.firstWorkingFrameAtMs ??= this.#nowEpochMs();
    socket.send(text);
  }

  /** Three ways have been seen: a close frame, five bytes and a drop, or a bare drop. */
  #refuse(socket: WireSocket): void {
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
      for (const socket of this.#open) {
        if (socket.isOpen && !this.#isSilent(socket)) socket.ping();
      }
      this.#venue.agenda.after(PING_EVERY_MS, ping);
    };
    this.#venue.agenda.after(PING_EVERY_MS, ping);
  }
}

function readJson(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
