/** What the facts say stands as a difference at this moment, by follower and position. */
import type { NewEntry } from "../../../ports/journal.ts";

export interface StandingDrift {
  readonly linkId: string;
  readonly instrument: string;
  readonly product: string;
  readonly of?: { readonly instrument: string; readonly product: string };
  readonly difference: number;
  readonly parts: readonly { readonly cause: string; readonly units: number }[];
}

interface Known extends StandingDrift {
  readonly name: string;
  /** Monotonic: since when nothing explains a part of it; Infinity where everything is explained. */
  readonly unknownMs: number;
  /** A person was told of that part. */
  readonly isTold: boolean;
}

export class StandingDrifts {
  readonly #known = new Map<string, Known>();

  take(name: string, { kind, body }: NewEntry, nowMs: number): void {
    const fact = body as StandingDrift & { code?: string; position?: StandingDrift };
    switch (kind) {
      case "driftBegan":
        this.#begin(name, fact, nowMs);
        return;
      case "driftEnded":
        this.#known.delete(placeOf(name, fact));
        return;
      case "dayBegan":
        this.#forget(name);
        return;
      case "alarmed":
        if (fact.code === "drift" && fact.position !== undefined) this.#told(name, fact.position);
    }
  }

  #begin(name: string, drift: StandingDrift, nowMs: number): void {
    const key = placeOf(name, drift);
    const before = this.#known.get(key);
    const isUnknown = drift.parts.some(({ cause }) => cause === "unknown");
    const sinceMs = Math.min(before?.unknownMs ?? nowMs, nowMs);
    this.#known.set(key, {
      ...drift,
      name,
      unknownMs: isUnknown ? sinceMs : Number.POSITIVE_INFINITY,
      isTold: isUnknown && before?.isTold === true,
    });
  }

  #told(name: string, position: StandingDrift): void {
    const key = placeOf(name, position);
    const known = this.#known.get(key);
    if (known !== undefined) this.#known.set(key, { ...known, isTold: true });
  }

  /** What differed was of positions as they were the day before. */
  #forget(name: string): void {
    for (const [key, known] of this.#known) if (known.name === name) this.#known.delete(key);
  }

  /** Signed units by "INSTRUMENT PRODUCT". */
  unitsOf(name: string): ReadonlyMap<string, number> {
    const units = new Map<string, number>();
    for (const known of this.#known.values()) {
      if (known.name !== name) continue;
      const place = `${known.instrument} ${known.product}`;
      units.set(place, (units.get(place) ?? 0) + known.difference);
    }
    return units;
  }

  /** What nothing has explained since before this moment, and nobody was told of. */
  untold(beforeMs: number): readonly Known[] {
    return [...this.#known.values()].filter(
      ({ unknownMs, isTold }) => unknownMs <= beforeMs && !isTold,
    );
  }
}

function placeOf(name: string, { linkId, instrument, product, of }: StandingDrift): string {
  return `${name} ${linkId} ${instrument} ${product} ${of?.instrument ?? ""} ${of?.product ?? ""}`;
}
