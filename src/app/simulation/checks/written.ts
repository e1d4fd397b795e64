/** What the journal says was decided for the followers, and when it became durable. */
import { toAccountId } from "../../../core/model/ids.ts";
import { followerStream } from "../../../core/model/stream.ts";
import type { NewEntry, StreamName } from "../../../ports/journal.ts";
import type { World } from "../world.ts";

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
  /** Monotonic: since when its intent is durable. */
  readonly durableMs: number;
  /** Since when its bytes may leave: the same, or the release of one that was prepared; Infinity before. */
  wantedMs: number;
}

export interface WrittenChange {
  readonly name: string;
  readonly kind: "modify" | "cancel";
  readonly brokerOrderId: string;
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
  readonly command: { readonly kind: "modify" | "cancel"; readonly brokerOrderId: string };
}

export class Written {
  readonly places = new Map<string, WrittenPlace>();
  readonly changes: WrittenChange[] = [];
  readonly #world: World;
  readonly #names: ReadonlyMap<StreamName, string>;

  constructor(world: World) {
    this.#world = world;
    this.#names = new Map(
      world.options.followers.map(({ name }) => [followerStream(toAccountId(name)), name]),
    );
  }

  /** The follower whose stream it is; undefined for others. */
  nameOf(stream: StreamName): string | undefined {
    return this.#names.get(stream);
  }

  take(stream: StreamName, entries: readonly NewEntry[]): void {
    const name = this.#names.get(stream);
    if (name === undefined) return;
    const durableMs = this.#world.clock.monotonicMs();
    for (const { kind, body } of entries) {
      if (kind === "placeIntended") this.#takePlace(name, body as PlaceBody, durableMs);
      else if (kind === "released") {
        const place = this.places.get((body as { correlationId: string }).correlationId);
        if (place !== undefined) place.wantedMs = durableMs;
      } else if (kind === "modifyIntended" || kind === "cancelIntended") {
        const { command } = body as ChangeBody;
        const { kind: change, brokerOrderId } = command;
        this.changes.push({ name, kind: change, brokerOrderId, durableMs });
      }
    }
  }

  #takePlace(name: string, body: PlaceBody, nowMs: number): void {
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
      durableMs: nowMs,
      wantedMs: isPrepared === true ? Number.POSITIVE_INFINITY : nowMs,
    });
  }
}
