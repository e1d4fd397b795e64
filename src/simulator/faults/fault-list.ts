/** The faults in force. Each is used up after `count` uses; without a count it stays until removed. */
import type { Fault, FaultKind, FaultOf, RequestKind } from "./rule.ts";

export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  /** Uses left; Infinity without a count. */
  left: number;
  used: number;
}

export interface RequestFacts {
  readonly clientId: string | undefined;
  readonly method: string;
  readonly kind: RequestKind;
}

export class FaultList {
  #next = 1;
  #active: readonly ActiveFault[] = [];
  /** Every request and frame asks for several kinds, most of which are not in force. */
  #byKind: ReadonlyMap<FaultKind, ActiveFault[]> = new Map();

  add(fault: Fault): ActiveFault {
    const active = {
      id: this.#next++,
      fault,
      left: fault.count ?? Number.POSITIVE_INFINITY,
      used: 0,
    };
    this.#replace([...this.#active, active]);
    return active;
  }

  list(): readonly ActiveFault[] {
    return this.#active;
  }

  /** Removes one, or all; says how many went. */
  remove(id?: number): number {
    const before = this.#active.length;
    this.#replace(id === undefined ? [] : this.#active.filter((active) => active.id !== id));
    return before - this.#active.length;
  }

  /** True costs nothing to check on the hot path. */
  get isEmpty(): boolean {
    return this.#active.length === 0;
  }

  /**
   * The oldest fault of the kind that fits this request; one use of it is spent. `phase` tells
   * apart what answers instead of the broker and what answers after it has acted.
   */
  takeForRequest<K extends FaultKind>(
    kind: K,
    request: RequestFacts,
    phase?: "before" | "after",
  ): FaultOf<K> | undefined {
    return this.#take(kind, (fault) => {
      const { match } = fault;
      const isAfter = "afterAccept" in fault && fault.afterAccept;
      if (phase !== undefined && isAfter !== (phase === "after")) return false;
      if (match.clientId !== undefined && match.clientId !== request.clientId) return false;
      if ("method" in match && match.method !== undefined && match.method !== request.method) {
        return false;
      }
      return !("path" in match) || match.path === undefined || match.path === request.kind;
    });
  }

  /** The oldest fault of the kind that fits sockets of this account; one use of it is spent. */
  takeForSocket<K extends FaultKind>(kind: K, clientId: string): FaultOf<K> | undefined {
    return this.#take(kind, ({ match }) => (match.clientId ?? clientId) === clientId);
  }

  /** Looks without spending a use. */
  isInForce(kind: FaultKind, clientId: string): boolean {
    return (this.#byKind.get(kind) ?? []).some(
      ({ fault }) => (fault.match.clientId ?? clientId) === clientId,
    );
  }

  #take<K extends FaultKind>(kind: K, fits: (fault: Fault) => boolean): FaultOf<K> | undefined {
    const found = this.#byKind.get(kind)?.find(({ fault }) => fits(fault));
    if (found === undefined) return undefined;
    found.used += 1;
    found.left -= 1;
    if (found.left <= 0) this.#replace(this.#active.filter((active) => active !== found));
    return found.fault as FaultOf<K>;
  }

  #replace(active: readonly ActiveFault[]): void {
    this.#active = active;
    this.#byKind = Map.groupBy(active, ({ fault }) => fault.kind);
  }
}
