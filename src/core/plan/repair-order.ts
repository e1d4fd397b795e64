/** A repair before it is begun: what would be sent, and the copy that would stand for it. */
import type { Drift } from "../model/drift.ts";
import type { CopyOpened } from "../model/fact.ts";
import type { RepairAim, RepairOrder, RepairRefused } from "../model/repair.ts";

/** What can be done about a difference: an order, a reason, or an order for a part and why no more. */
export type RepairMeans =
  | { readonly order: RepairOrder; readonly refused?: RepairRefused }
  | Refusal;

export interface Refusal {
  readonly order?: undefined;
  readonly refused: RepairRefused;
}

export interface Differing {
  readonly drift: Drift;
  /** Copied and really held; signed. */
  readonly actual: number;
}

export type RepairOffer = Differing & RepairMeans;

export function refusedBy(
  code: RepairRefused["code"],
  inputs: RepairRefused["inputs"] = {},
): Refusal {
  return { refused: { code, inputs } };
}

/** Like an order of the leader's in every copy, and none of his: the broker's ids are digits. */
export function repairCopy(
  { drift, actual, order }: Differing & { readonly order: RepairOrder },
  named: Pick<CopyOpened, "copyId" | "leaderOrderId" | "leader">,
  asked: Pick<RepairAim, "requestId" | "by">,
): CopyOpened {
  const { linkId, instrument, product, of, target } = drift;
  const { leg, side, quantity, price } = order;
  const isExit = leg === "exit";
  return {
    kind: "copyOpened",
    ...named,
    linkId,
    instrument,
    product,
    ...(of && { of }),
    side,
    repair: { ...asked, target, actual, ...(price && { price }) },
    split: {
      leaderQuantity: quantity,
      leaderNet: isExit ? actual : 0,
      reduce: isExit ? quantity : 0,
      open: isExit ? 0 : quantity,
    },
    ...(isExit && { exit: { units: quantity, openEntries: [] } }),
    sizing: { kind: "fixed-quantity", quantity },
    entryQuantity: isExit ? 0 : quantity,
  };
}
