import { Written } from "../../../audit/written.ts";
import type { OrderChange } from "../../../simulator/index.ts";
import { instrumentOf, isAlive, type Row } from "../books.ts";
import type { MakeCheck } from "./check.ts";
import { LeaderTerms } from "./leader-terms.ts";
import { mostUnits, sizingOf } from "./rule.ts";

/**
 * S3, exposure stays within the rule: what a follower's entries for one leader order have filled, and
 * what of them may still fill, is never more than the rule gives for the largest quantity that the
 * order ever had, at the prices and stops that it ever showed; units that reduce what the account holds do not count, for they expose to nothing.
 * Orders whose outcome Tandem does not know count in full, for the broker knows them.
 */
export const withinRule: MakeCheck = (world, tell) => {
  const written = new Written(world);
  const leader = world.clientOf("leader");
  const terms = new LeaderTerms(world);
  /** Entries by follower and leader order: their rows by order id. */
  const entries = new Map<string, Map<string, Row>>();
  /** Copies whose order stands for an exit by now, whatever it was placed as. */
  const turned = new Set<string>();
  /** Units of them that have reduced what the account held when they filled. */
  const closed = new Map<string, number>();

  function followerMoved({ clientId, orderId, row, group }: OrderChange): void {
    if (group !== undefined && group.role !== "entry") return;
    const place = written.places.get(row.correlationId ?? "");
    if (place === undefined || place.part.leg !== "entry" || turned.has(place.copyId)) return;
    const { leaderOrderId } = place.part;
    const key = `${clientId} ${leaderOrderId}`;
    const rows = entries.get(key) ?? new Map<string, Row>();
    // What began as an entry has become an exit where the position was turned meanwhile.
    const side = row.transactionType === "BUY" ? 1 : -1;
    const net = world.books.net(clientId, instrumentOf(row), row.productType);
    const fresh = row.filledQty - (rows.get(orderId)?.filledQty ?? 0);
    const outOfIt = Math.min(fresh, Math.max(0, fresh - side * net));
    closed.set(key, (closed.get(key) ?? 0) + outOfIt);
    entries.set(key, rows.set(orderId, row));
    const name = world.nameOf(clientId);
    const basis = terms.basisOf(leaderOrderId, clientId);
    if (basis === undefined) return;
    // Each copy keeps the rule by which it was sized: one of those that the link has had.
    const caps = world.rulesOf(name).map((follower) => mostUnits(sizingOf(follower), basis));
    const cap = Math.max(...caps);
    const units = [...rows.values()].reduce((sum, entry) => sum + unitsOf(entry), 0);
    const closing = (closed.get(key) ?? 0) + Math.max(0, -side * net);
    if (units > cap + closing) {
      tell(`${name}: entries for ${units} of the leader's ${leaderOrderId}, the rule gives ${cap}`);
    }
  }

  return {
    name: "within-rule",
    onEntries(stream, appended) {
      written.take(stream, appended);
      for (const { kind, body } of appended) {
        const { copyId = "", isTurned } = body as { copyId?: string; isTurned?: boolean };
        if (kind === "copyResized" && isTurned === true) turned.add(copyId);
      }
    },
    onOrder(change) {
      if (change.clientId === leader) terms.take(change);
      else followerMoved(change);
    },
  };
};

/** Filled, and what may still fill. */
function unitsOf(row: Row): number {
  return isAlive(row) ? row.quantity : row.filledQty;
}
