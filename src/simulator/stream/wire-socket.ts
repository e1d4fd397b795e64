/** One client's connection to the order-update socket, whatever carries it: a WebSocket or memory. */
export interface WireSocket {
  /** False from the moment it begins to end. */
  readonly isOpen: boolean;
  /** `onSent` is called once it has left this side, unless the connection ends before. */
  send(data: string | Uint8Array, onSent?: () => void): void;
  ping(): void;
  /** Ends in order, with a close code: what was sent before still arrives. */
  close(code: number): void;
  /** Drops the connection at once. */
  terminate(): void;
}

/** What the order socket wants to hear of a connection. */
export interface WireSocketListener {
  message(text: string): void;
  /** Asked when the other side pings: whether it is answered. */
  answersPing(): boolean;
  /** Once, when the connection has ended, by whomever. */
  closed(): void;
}
