/**
 * What must be planned because of an input.
 *
 * Copies of one instrument and product share a position: a fill, an end or an unknown may matter to
 * all of them. News that changes nothing shared matters to its own copy alone, and on a day with
 * thousands of resting orders only that one is looked at.
 */
import type { CopyId } from "../model/fact.ts";
import type { PositionKey } from "../order/account-book.ts";

export class Scope {
  readonly #positions = new Map<PositionKey, "all" | Set<CopyId>>();

  /** Everything that is open under these positions. */
  static of(keys: Iterable<PositionKey>): Scope {
    const scope = new Scope();
    for (const key of keys) scope.addPosition(key);
    return scope;
  }

  addPosition(key: PositionKey): void {
    this.#positions.set(key, "all");
  }

  addCopy(key: PositionKey, copyId: CopyId): void {
    const wanted = this.#positions.get(key);
    if (wanted === undefined) this.#positions.set(key, new Set([copyId]));
    else if (wanted !== "all") wanted.add(copyId);
  }

  positions(): Iterable<readonly [PositionKey, "all" | ReadonlySet<CopyId>]> {
    return this.#positions;
  }
}
