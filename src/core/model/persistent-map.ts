/**
 * An immutable string-keyed map with cheap copies: `set` shares all but three small arrays.
 *
 * The core's state holds thousands of orders and changes a few of them a step; copying a `Map` each
 * time would cost more than the decision. Iteration follows the keys' hashes, so it depends on the
 * content alone and never on the order of insertion.
 */
const WIDTH = 32;
const MASK = WIDTH - 1;
const SHIFT = 5;

type Bucket<K, V> = readonly (readonly [K, V])[];
type Level<T> = readonly (T | undefined)[];

function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

function withItem<T>(level: Level<T> | undefined, index: number, item: T): Level<T> {
  const copy = level === undefined ? new Array<T | undefined>(WIDTH) : level.slice();
  copy[index] = item;
  return copy;
}

export class PersistentMap<K extends string, V> {
  readonly size: number;
  readonly #root: Level<Level<Bucket<K, V>>>;
  #entries: readonly (readonly [K, V])[] | undefined;

  private constructor(root: Level<Level<Bucket<K, V>>>, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<K extends string, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>([], 0);
  }

  static of<K extends string, V>(entries: Iterable<readonly [K, V]>): PersistentMap<K, V> {
    let map = PersistentMap.empty<K, V>();
    for (const [key, value] of entries) map = map.set(key, value);
    return map;
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    const bucket = this.#root[hash & MASK]?.[(hash >>> SHIFT) & MASK];
    if (bucket === undefined) return undefined;
    for (const entry of bucket) if (entry[0] === key) return entry[1];
    return undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): PersistentMap<K, V> {
    const hash = hashOf(key);
    const outer = hash & MASK;
    const inner = (hash >>> SHIFT) & MASK;
    const bucket = this.#root[outer]?.[inner] ?? [];
    const at = bucket.findIndex((entry) => entry[0] === key);
    const entry = [key, value] as const;
    const next = at < 0 ? [...bucket, entry] : bucket.with(at, entry);
    const level = withItem(this.#root[outer], inner, next);
    return new PersistentMap(withItem(this.#root, outer, level), this.size + (at < 0 ? 1 : 0));
  }

  delete(key: K): PersistentMap<K, V> {
    const hash = hashOf(key);
    const outer = hash & MASK;
    const inner = (hash >>> SHIFT) & MASK;
    const bucket = this.#root[outer]?.[inner];
    if (!bucket?.some((entry) => entry[0] === key)) return this;
    const rest = bucket.filter((entry) => entry[0] !== key);
    const level = withItem(this.#root[outer], inner, rest);
    return new PersistentMap(withItem(this.#root, outer, level), this.size - 1);
  }

  /** All pairs. The list is made once for each map: small maps are walked at every step. */
  entries(): readonly (readonly [K, V])[] {
    if (this.#entries !== undefined) return this.#entries;
    const entries: (readonly [K, V])[] = [];
    for (const level of this.#root) {
      if (level === undefined) continue;
      for (const bucket of level) if (bucket !== undefined) entries.push(...bucket);
    }
    this.#entries = entries;
    return entries;
  }

  *values(): Generator<V> {
    for (const [, value] of this.entries()) yield value;
  }
}
