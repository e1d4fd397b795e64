export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Cycle<E extends Edge> {
  /** The first again at the end: a, b, a. */
  readonly nodes: readonly string[];
  /** The edge without which there would be no cycle, among those read so far. */
  readonly closedBy: E;
}

/**
 * At least one cycle of each knot of edges; none when there is no cycle. Walks without recursion,
 * because a chain may be as long as the list of accounts.
 */
export function findCycles<E extends Edge>(edges: readonly E[]): readonly Cycle<E>[] {
  const outgoing = Map.groupBy(edges, (edge) => edge.from);
  const finished = new Set<string>();
  const cycles: Cycle<E>[] = [];
  for (const start of outgoing.keys()) {
    const trail = [{ node: start, next: 0 }];
    while (trail.length > 0) {
      const top = trail[trail.length - 1] as { node: string; next: number };
      const edge = finished.has(top.node) ? undefined : outgoing.get(top.node)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        finished.add(top.node);
        trail.pop();
        continue;
      }
      const at = trail.findIndex(({ node }) => node === edge.to);
      if (at < 0) trail.push({ node: edge.to, next: 0 });
      else
        cycles.push({
          nodes: [...trail.slice(at).map(({ node }) => node), edge.to],
          closedBy: edge,
        });
    }
  }
  return cycles;
}
