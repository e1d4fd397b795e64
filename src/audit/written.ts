/** What the journal says was decided for the followers, and when it became durable. */
import { streamAccount } from "../core/model/stream.ts";
import type { Clock } from "../ports/clock.ts";
import type { NewEntry, StreamName } from "../ports/journal.ts";

/** The part of a leader's order that an order stands for. */
export interface Part {
  readonly leaderOrderId: string;
  readonly leg: string;
  readonly slice: number;
}

export interface WrittenPlace {
  readonly name: string;
  readonly correlationId: string;
  readonly copyId: string;
  readonly part: Part;
  readonly instrument: string;
  readonly product: string;
  readonly quantity: number;
  /** Wall time of the entry. */
  readonly atMs: number;
  /** Monotonic: since when its intent is durable. */
  readonly durableMs: number;
  /** Since when its bytes may leave: the same, or the release of one that was prepared; Infinity before. */
  wantedMs: number;
}

export interface WrittenChange {
  readonly name: string;
  readonly kind: "modify" | "cancel";
  readonly brokerOrderId: string;
  readonly atMs: number;
  /** The halves of an OCO trigger are changed one after the other. */
  readonly requests: number;
  readonly durableMs: number;
}

interface PlaceBody {
  readonly copyId: string;
  readonly identity: Part;
  readonly command: {
    readonly correlationId: string;
    readonly instrument: string;
    readonly product: string;
    readonly terms: { readonly quantity: number };
  };
  readonly isPrepared?: true;
}

interface ChangeBody {
  readonly command: {
    readonly kind: "modify" | "cancel";
    readonly brokerOrderId: string;
    readonly second?: unknown;
  };
}

export class Written {
  readonly places = new Map<string, WrittenPlace>();
  changes: WrittenChange[] = [];
  /** Names of orders that were found at the broker and taken for ours. */
  readonly adopted = new Map<string, number>();
  readonly #clock: Pick<Clock, "monotonicMs">;

  constructor({ clock }: { readonly clock: Pick<Clock, "monotonicMs"> }) {
    this.#clock = clock;
  }

  /** The follower whose stream it is; undefined for others. */
  nameOf(stream: StreamName): string | undefined {
    const found = streamAccount(stream);
    return found?.role === "follower" ? found.account : undefined;
  }

  /** `durableMs`: monotonic; absent: now. */
  take(
    stream: StreamName,
    entries: readonly NewEntry[],
    durableMs = this.#clock.monotonicMs(),
  ): void {
    const name = this.nameOf(stream);
    if (name === undefined) return;
    for (const { kind, atMs, body } of entries) {
      if (kind === "placeIntended") this.#takePlace(name, body as PlaceBody, atMs, durableMs);
      else if (kind === "released") {
        const place = this.places.get((body as { correlationId: string }).correlationId);
        if (place !== undefined) place.wantedMs = durableMs;
      } else if (kind === "childAdopted") {
        const { correlationId = "" } = (body as { order: { correlationId?: string } }).order;
        this.adopted.set(correlationId, atMs);
      } else if (kind === "modifyIntended" || kind === "cancelIntended") {
        const { command } = body as ChangeBody;
        const { kind: change, brokerOrderId, second } = command;
        const requests = second === undefined ? 1 : 2;
        this.changes.push({ name, kind: change, brokerOrderId, requests, atMs, durableMs });
      }
    }
  }

  /** What was decided before (wall time) will not be asked about again. */
  forget(beforeMs: number): void {
    for (const [id, { atMs }] of this.places) if (atMs < beforeMs) this.places.delete(id);
    for (const [id, atMs] of this.adopted) if (atMs < beforeMs) this.adopted.delete(id);
    this.changes = this.changes.filter(({ atMs }) => atMs >= beforeMs);
  }

  #takePlace(name: string, body: PlaceBody, atMs: number, durableMs: number): void {
    const { copyId, identity, command, isPrepared } = body;
    const { leaderOrderId, leg, slice } = identity;
    this.places.set(command.correlationId, {
      name,
      correlationId: command.correlationId,
      copyId,
      part: { leaderOrderId, leg, slice },
      instrument: command.instrument,
      product: command.product,
      quantity: command.terms.quantity,
      atMs,
      durableMs,
      wantedMs: isPrepared === true ? Number.POSITIVE_INFINITY : durableMs,
    });
  }
}
