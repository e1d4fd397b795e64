/**
 * The order-update socket without sockets. Each way keeps its order, as TCP does; what is still under
 * way when the broker drops the connection is lost with it, which is the unkinder of the two things
 * that a network may do.
 */
import type { SocketConnection, SocketEvent, SocketTransport } from "../../ports/transport.ts";
import type { Simulation } from "../simulation.ts";
import type { WireSocket, WireSocketListener } from "../stream/wire-socket.ts";
import type { Link } from "./link.ts";

const ABNORMAL_CLOSURE = 1006;

export function memorySockets(simulation: Simulation, link: Link): SocketTransport {
  return {
    connect: (listener) => new MemorySocket(simulation, link, listener).connection,
  };
}

class MemorySocket {
  readonly #simulation: Simulation;
  readonly #link: Link;
  readonly #listener: (event: SocketEvent) => void;
  readonly #up: (arrive: () => void) => void;
  readonly #down: (arrive: () => void) => void;
  readonly #forgetCut: () => void;
  /** The broker's side; absent until it has let the connection in. */
  #broker: WireSocketListener | undefined;
  #isOpenAtBroker = false;
  #isOverAtClient = false;
  /** Frames under way are lost from here on. */
  #isDropped = false;

  constructor(simulation: Simulation, link: Link, listener: (event: SocketEvent) => void) {
    this.#simulation = simulation;
    this.#link = link;
    this.#listener = listener;
    this.#up = link.lane("up");
    this.#down = link.lane("down");
    this.#forgetCut = link.onCut(() => this.#up(() => this.#closeAtBroker()));
    link.clock.schedule(link.draw("connect"), () => this.#reachBroker());
  }

  get connection(): SocketConnection {
    return {
      send: (text) => this.#up(() => this.#broker?.message(text)),
      ping: () => this.#up(() => this.#pinged()),
      terminate: () => this.#terminatedByClient(),
    };
  }

  #reachBroker(): void {
    const { orderSocket, isClosed } = this.#simulation;
    if (this.#isOverAtClient || this.#link.isCut) return;
    if (isClosed || orderSocket.refusesAll) {
      this.#down(() => this.#end("the other side refused the connection"));
      return;
    }
    this.#isOpenAtBroker = true;
    this.#down(() => this.#tell({ kind: "open" }));
    this.#broker = orderSocket.connect(this.#brokerSide());
  }

  #brokerSide(): WireSocket {
    const isOpen = () => this.#isOpenAtBroker;
    return {
      get isOpen() {
        return isOpen();
      },
      send: (data, onSent) => {
        this.#deliver({ kind: "message", data });
        if (onSent !== undefined) this.#down(onSent);
      },
      ping: () => this.#deliver({ kind: "ping" }),
      close: (code) => {
        this.#closeAtBroker();
        this.#down(() => this.#end(`closed with code ${code}`));
      },
      terminate: () => {
        if (!this.#isOpenAtBroker) return;
        this.#closeAtBroker();
        this.#isDropped = true;
        this.#down(() => this.#end(`closed with code ${ABNORMAL_CLOSURE}`));
      },
    };
  }

  #deliver(event: SocketEvent): void {
    if (!this.#isOpenAtBroker) return;
    this.#down(() => {
      if (!this.#isDropped) this.#tell(event);
    });
  }

  #pinged(): void {
    if (this.#broker?.answersPing() === true) this.#deliver({ kind: "pong" });
  }

  /** The broker notices an end of either side; the listener may be asked only once. */
  #closeAtBroker(): void {
    if (!this.#isOpenAtBroker) return;
    this.#isOpenAtBroker = false;
    this.#broker?.closed();
    this.#broker = undefined;
  }

  #terminatedByClient(): void {
    if (this.#isOverAtClient) return;
    this.#up(() => this.#closeAtBroker());
    this.#link.clock.schedule(0, () => this.#end(`closed with code ${ABNORMAL_CLOSURE}`));
  }

  #end(text: string): void {
    if (this.#isOverAtClient) return;
    this.#forgetCut();
    this.#tell({ kind: "closed", text });
    this.#isOverAtClient = true;
  }

  #tell(event: SocketEvent): void {
    if (!this.#isOverAtClient && !this.#link.isCut) this.#listener(event);
  }
}
