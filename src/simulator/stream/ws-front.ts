/** The order socket behind real WebSockets. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { OrderSocket } from "./order-socket.ts";
import type { WireSocket } from "./wire-socket.ts";

const LOGIN_BYTES_MAX = 16_384;

export type Upgrade = (request: IncomingMessage, duplex: Duplex, head: Buffer) => void;

/** Turns connections that ask for a WebSocket into sockets of `orderSocket`. */
export function createWsFront(orderSocket: OrderSocket): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: LOGIN_BYTES_MAX,
  });
  return (request, duplex, head) => {
    if (orderSocket.refusesAll) duplex.destroy();
    else server.handleUpgrade(request, duplex, head, (socket) => attach(orderSocket, socket));
  };
}

function attach(orderSocket: OrderSocket, socket: WebSocket): void {
  const listener = orderSocket.connect(wireSocketOf(socket));
  socket.on("error", () => socket.terminate());
  socket.on("message", (message) => listener.message(message.toString()));
  socket.on("ping", (payload) => {
    if (listener.answersPing()) socket.pong(payload);
  });
  socket.on("close", () => listener.closed());
}

function wireSocketOf(socket: WebSocket): WireSocket {
  return {
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send: (data, onSent) => socket.send(data, () => onSent?.()),
    ping: () => socket.ping(),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  };
}
