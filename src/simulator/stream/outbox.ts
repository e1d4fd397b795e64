/** What goes to one socket, after the faults have had their way with it. */
import type { Random } from "../../ports/random.ts";
import type { Agenda } from "../agenda.ts";
import type { SimOrder } from "../exchange/order-records.ts";
import type { FaultList } from "../faults/fault-list.ts";

export interface OutgoingFrame {
  readonly order: SimOrder;
  /** The order's status when the frame was made. */
  readonly isTransit: boolean;
  readonly text: string;
  /** The same with the names of the docs; made only when a fault asks for it. */
  readonly pascalText: () => string;
}

export interface OutboxParts {
  readonly clientId: string;
  readonly faults: FaultList;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly write: (frame: OutgoingFrame, text: string) => void;
}

interface Held {
  readonly frame: OutgoingFrame;
  readonly text: string;
}

export class Outbox {
  readonly #parts: OutboxParts;
  #held: Held[] = [];
  #cancelRelease: (() => void) | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  offer(frame: OutgoingFrame): void {
    const { clientId, faults, write } = this.#parts;
    if (faults.isEmpty) {
      write(frame, frame.text);
      return;
    }
    if (faults.isInForce("silent", clientId)) return;
    if (faults.takeForSocket("drop-frames", clientId) !== undefined) return;
    const pascal = faults.takeForSocket("pascal", clientId) !== undefined;
    const text = pascal ? frame.pascalText() : frame.text;
    const times = faults.takeForSocket("repeat-frames", clientId)?.times ?? 1;
    for (let copy = 0; copy < times; copy++) this.#pass({ frame, text });
  }

  #pass(item: Held): void {
    const { clientId, faults, agenda, write } = this.#parts;
    const shuffle = faults.takeForSocket("shuffle-frames", clientId);
    if (shuffle !== undefined) {
      this.#held.push(item);
      if (this.#held.length >= shuffle.hold) this.#release();
      else this.#cancelRelease ??= agenda.after(shuffle.windowMs, () => this.#release());
      return;
    }
    const delay = faults.takeForSocket("delay-frames", clientId);
    if (delay === undefined) write(item.frame, item.text);
    else agenda.after(delay.ms, () => write(item.frame, item.text));
  }

  /** Sends what is held in an order drawn from the seed. */
  #release(): void {
    this.#cancelRelease?.();
    this.#cancelRelease = undefined;
    const held = this.#held;
    this.#held = [];
    for (let at = held.length - 1; at > 0; at--) {
      const other = Math.floor(this.#parts.random.next() * (at + 1));
      [held[at], held[other]] = [held[other] as Held, held[at] as Held];
    }
    for (const { frame, text } of held) this.#parts.write(frame, text);
  }
}
