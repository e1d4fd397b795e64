/**
 * What a frame or a row is: one table for both witnesses, as far as each carries the fields.
 *
 * Keeps: a part of a group never passes for an order of its own (to copy it as one would exit twice),
 * and a Forever order's child never passes for a part of a group.
 * Does not: read the wire (the translators do), nor look anything up.
 */
import type { ExitLeg, OrderFamily, Product } from "../../core/model/order.ts";
import { WireFault } from "../errors.ts";

/** What a witness says about the nature of one order. What it does not carry stands at its absence. */
export interface Evidence {
  readonly product: Product;
  /** legNo 2 or 3 of a frame; the leg name of a row. */
  readonly leg: ExitLeg | undefined;
  /** Names a parent other than itself. Frames alone do. */
  readonly hasParent: boolean;
  /** In capitals; "" on rows. */
  readonly platform: string;
  /** The correlation id says that the broker squares off. */
  readonly isSquareOff: boolean;
  /** Remarks "Super Order" of a frame; leg name ENTRY_LEG of a row. */
  readonly isGroupEntry: boolean;
  readonly isAfterMarket: boolean;
}

interface Rule {
  readonly applies: (evidence: Evidence) => boolean;
  readonly family: (product: Product) => OrderFamily;
}

const isGroupProduct = (product: Product) => product === "BO" || product === "CO";

/** A leg of the group that its product makes. */
function legOf(product: Product): OrderFamily {
  if (product === "BO") return "bracket-leg";
  return product === "CO" ? "cover-leg" : "super-leg";
}

/** First match decides. The order of the questions matters: legNo is 1 on plain orders too. */
const RULES: readonly Rule[] = [
  // A leg by its number or name, whether or not its parent is told (official docs).
  { applies: ({ leg }) => leg !== undefined, family: legOf },
  // An exit that the broker made, by the name it gave it (captured) or the platform (reported).
  {
    applies: ({ isSquareOff, platform }) => isSquareOff || platform.startsWith("VTT"),
    family: legOf,
  },
  // Part of a bracket or cover group that does not say which.
  { applies: ({ product, hasParent }) => hasParent && isGroupProduct(product), family: legOf },
  // What a Forever order has fired (captured).
  {
    applies: ({ platform, hasParent }) => platform === "FOVR" || hasParent,
    family: () => "trigger-child",
  },
  { applies: ({ product }) => product === "BO", family: () => "bracket" },
  { applies: ({ product }) => product === "CO", family: () => "cover" },
  { applies: ({ isGroupEntry }) => isGroupEntry, family: () => "super-entry" },
  { applies: ({ isAfterMarket }) => isAfterMarket, family: () => "after-market" },
];

export interface Classification {
  readonly family: OrderFamily;
  readonly leg: ExitLeg | undefined;
}

export function classify(evidence: Evidence): Classification {
  const rule = RULES.find((candidate) => candidate.applies(evidence));
  const family = rule?.family(evidence.product) ?? "plain";
  const leg = evidence.leg ?? (isLegFamily(family) ? legOfPlatform(evidence.platform) : undefined);
  return { family, leg };
}

export function isLegFamily(family: OrderFamily): boolean {
  return family === "super-leg" || family === "bracket-leg" || family === "cover-leg";
}

/** "VTT SL" was reported on stops; "VTT TGT" is its likeness for targets. */
function legOfPlatform(platform: string): ExitLeg | undefined {
  if (platform === "VTT SL") return "stop";
  return platform === "VTT TGT" ? "target" : undefined;
}

/** 2 is the stop, 3 the target, 1 the entry and every plain order (official docs); 0 says nothing. */
export function legOfNumber(legNo: number): ExitLeg | undefined {
  if (legNo === 0 || legNo === 1) return undefined;
  if (legNo === 2) return "stop";
  if (legNo === 3) return "target";
  throw new WireFault(`unknown leg number "${legNo}"`);
}

/** A row's leg name. Throws WireFault on one of no list. */
export function legOfName(legName: string): ExitLeg | "entry" | undefined {
  switch (legName.trim().toUpperCase()) {
    case "TARGET_LEG":
      return "target";
    case "STOP_LOSS_LEG":
      return "stop";
    case "ENTRY_LEG":
      return "entry";
    case "":
    case "NA":
      return undefined;
    default:
      throw new WireFault(`unknown leg name "${legName}"`);
  }
}
