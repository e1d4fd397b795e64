import type { CorrelationId } from "../../core/model/ids.ts";
import type { Copy } from "../../core/order/copy.ts";
import { LEGS } from "../../core/order/correlation-id.ts";

/** All orders of a copy, whatever part of it they stand for. */
export function childIdsOf({ children }: Pick<Copy, "children">): readonly CorrelationId[] {
  return LEGS.flatMap((leg) => children[leg]);
}
