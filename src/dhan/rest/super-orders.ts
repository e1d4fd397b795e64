/** The Super Order list, as far as it tells which orders are parts of one. */
import { z } from "zod";
import { id } from "../wire/scalars.ts";
import type { Calls } from "./calls.ts";

/** An entry with its legs. In the documents' sample the legs carry the entry's own id. */
const superOrderRow = z.object({
  orderId: id,
  legDetails: z.array(z.object({ orderId: id })).nullish(),
});
const rows = z.array(superOrderRow);

/**
 * `GET /super/orders`: the ids of today's Super Orders and of their legs. A broker without the route
 * (its sandbox answers 404, measured) has no Super Orders.
 */
export async function listSuperOrderIds(calls: Calls): Promise<readonly string[]> {
  const request = { what: "super orders", method: "GET", path: "/super/orders" } as const;
  const reply = await calls.ask(request);
  if (reply.status === 404) return [];
  const found = calls.decode(request, reply, rows);
  return found.flatMap((row) => [row.orderId, ...(row.legDetails ?? []).map((leg) => leg.orderId)]);
}
