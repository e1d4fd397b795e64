/** Callbacks by the time at which they are due; those due together keep the order of adding. */
interface Item {
  readonly dueMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

export interface Due {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A binary heap: the first item is the earliest. Cancelled ones stay until they come to the top. */
export class DueQueue {
  readonly #heap: Item[] = [];
  #added = 0;
  #size = 0;

  /** Those that have neither been taken nor cancelled. */
  get size(): number {
    return this.#size;
  }

  /** When the earliest is due; Infinity when there is none. */
  get dueMs(): number {
    return this.#first()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** The returned function cancels it; later than that it does nothing. */
  add(dueMs: number, callback: () => void): () => void {
    const item: Item = { dueMs, order: this.#added++, callback };
    this.#push(item);
    this.#size += 1;
    return () => {
      if (item.callback === undefined) return;
      item.callback = undefined;
      this.#size -= 1;
    };
  }

  /** The earliest, if it is due by `untilMs`; it is no longer in the queue then. */
  take(untilMs: number): Due | undefined {
    const first = this.#first();
    if (first?.callback === undefined || first.dueMs > untilMs) return undefined;
    const { dueMs, callback } = first;
    this.#pop();
    first.callback = undefined;
    this.#size -= 1;
    return { dueMs, callback };
  }

  clear(): void {
    for (const item of this.#heap) item.callback = undefined;
    this.#heap.length = 0;
    this.#size = 0;
  }

  #first(): Item | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].callback === undefined) this.#pop();
    return this.#heap[0];
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up] as Item;
      if (!isBefore(item, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = item;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Item)) child += 1;
      const candidate = heap[child] as Item;
      if (!isBefore(candidate, last)) break;
      heap[at] = candidate;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Item, b: Item): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
