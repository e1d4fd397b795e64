/**
 * What happened to one leader order under one link, from the follower's stream, oldest first.
 *
 * The state is folded along, so that every sentence can say what was known at that moment. It decides
 * nothing again: what is told is what was recorded.
 */

import type { CopyId, FollowerFact } from "../../core/model/fact.ts";
import type { CorrelationId } from "../../core/model/ids.ts";
import type { EpochMs } from "../../core/model/time.ts";
import { childOf, parentChildOf } from "../../core/order/follower.ts";
import type { FollowerState } from "../../core/order/follower-state.ts";
import { must } from "../../platform/assert.ts";
import { childIdsOf } from "./child-ids.ts";
import { factSentence } from "./fact-sentence.ts";
import type { Recorded } from "./recorded.ts";
import { settledWords } from "./unknown-words.ts";

export interface Told {
  readonly atMs: EpochMs;
  readonly text: string;
}

export interface CopyStory {
  readonly told: readonly Told[];
  readonly facts: readonly Recorded<FollowerFact>[];
}

/** Takes the facts of a follower one after the other and keeps what belongs to one copy. */
export class CopyTeller implements CopyStory {
  readonly told: Told[] = [];
  readonly facts: Recorded<FollowerFact>[] = [];
  readonly #copyId: CopyId;
  readonly #symbol: string;
  readonly #sentAtMs = new Map<CorrelationId, EpochMs>();
  #settled: string | undefined;
  #looks = { lookup: 0, book: 0 };
  #lookedAtMs: EpochMs | undefined;

  constructor(copyId: CopyId, symbol: string) {
    this.#copyId = copyId;
    this.#symbol = symbol;
  }

  take(entry: Recorded<FollowerFact>, before: FollowerState, after: FollowerState): void {
    const { fact, atMs } = entry;
    if (!this.#concerns(fact, before, after)) return;
    this.facts.push(entry);
    this.#noteSettled(entry, before, after);
    if (fact.kind === "absenceSeen") {
      this.#looks = { ...this.#looks, [fact.by]: this.#looks[fact.by] + 1 };
      this.#lookedAtMs = atMs;
      return;
    }
    this.#noteSent(entry);
    const context = {
      before,
      after,
      copyId: this.#copyId,
      symbol: this.#symbol,
      atMs,
      sentAtMs: this.#sentAtMs,
    };
    const text = factSentence(fact, context);
    if (text === undefined) return;
    this.flush();
    // How much it would have been is nothing to tell of an order that is not copied at all.
    if (fact.kind === "skipped" && fact.leg === "all" && this.#sentOrPrepared() === 0) {
      this.told.length = 0;
    }
    this.told.push({ atMs, text });
  }

  /** For how long the last of its orders of unknown outcome was that, and what ended it. */
  get settled(): string | undefined {
    return this.#settled;
  }

  /** Looks for an unknown order come by the dozen; they are told together. Call it at the end, too. */
  flush(): void {
    const { lookup, book } = this.#looks;
    const atMs = this.#lookedAtMs;
    if (lookup + book === 0 || atMs === undefined) return;
    this.#looks = { lookup: 0, book: 0 };
    const ways = [
      ...(lookup > 0 ? [`${times(lookup)} by its id`] : []),
      ...(book > 0 ? [`${times(book)} in the whole order book`] : []),
    ];
    this.told.push({ atMs, text: `looked for it ${ways.join(" and ")}: not there` });
  }

  #sentOrPrepared(): number {
    return this.facts.filter(({ fact }) => fact.kind === "placeIntended").length;
  }

  #noteSent({ fact, atMs }: Recorded<FollowerFact>): void {
    if (fact.kind === "released") this.#sentAtMs.set(fact.correlationId, atMs);
    if (fact.kind === "placeIntended" && fact.isPrepared !== true) {
      this.#sentAtMs.set(fact.command.correlationId, atMs);
    }
  }

  #noteSettled(
    { fact, atMs }: Recorded<FollowerFact>,
    before: FollowerState,
    after: FollowerState,
  ): void {
    const id =
      fact.kind === "orderObserved"
        ? childOf(after, fact.order)?.correlationId
        : childNamedBy(fact);
    const child = id === undefined ? undefined : before.children.get(id);
    if (id === undefined || child?.state !== "unknown") return;
    if (after.children.get(id)?.state === "unknown") return;
    this.#settled = settledWords(child, fact, atMs) ?? this.#settled;
  }

  #concerns(fact: FollowerFact, before: FollowerState, after: FollowerState): boolean {
    if ("copyId" in fact && fact.copyId !== undefined) return fact.copyId === this.#copyId;
    if (fact.kind === "orderObserved") {
      const child = childOf(after, fact.order) ?? parentChildOf(after, fact.order);
      return child?.copyId === this.#copyId;
    }
    const child = childNamedBy(fact);
    if (child !== undefined) return after.children.get(child)?.copyId === this.#copyId;
    const copy = before.copies.get(this.#copyId);
    if (copy === undefined || copy.isClosed) return false;
    switch (fact.kind) {
      case "restarted":
      case "clockPutForward":
        return isSomethingUnderWay(before, this.#copyId);
      case "dayBegan":
        return before.day !== undefined && before.day !== fact.day;
      case "suspended":
      case "resumed":
        return true;
      default:
        return false;
    }
  }
}

/** The child order that the fact speaks of, by its correlation id. */
function childNamedBy(fact: FollowerFact): CorrelationId | undefined {
  switch (fact.kind) {
    case "modifyIntended":
    case "cancelIntended":
      return fact.command.correlationId;
    case "commandAnswered":
    case "absenceSeen":
    case "absenceProved":
    case "changeSettled":
    case "released":
    case "childFound":
      return fact.correlationId;
    default:
      return undefined;
  }
}

/** A restart makes these unknown; an order at rest in the broker's book is not touched by it. */
function isSomethingUnderWay(state: FollowerState, copyId: CopyId): boolean {
  const copy = must(state.copies.get(copyId), `copy ${copyId}`);
  return childIdsOf(copy).some((id) => {
    const child = state.children.get(id);
    if (child === undefined) return false;
    return child.state === "intended" || child.state === "unknown" || child.pending !== undefined;
  });
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
