/** The families of orders by name. */
import { AfterMarketOrders } from "./amo.ts";
import { BracketOrders } from "./bracket.ts";
import { CoverOrders } from "./cover.ts";
import type { MakeFamily } from "./family.ts";
import { ForeverOrders } from "./forever.ts";
import { PlainOrders } from "./plain.ts";
import { SuperOrders } from "./super.ts";

export const FAMILIES = {
  plain: (stage) => new PlainOrders(stage),
  super: (stage) => new SuperOrders(stage),
  bracket: (stage) => new BracketOrders(stage),
  forever: (stage) => new ForeverOrders(stage),
  amo: (stage) => new AfterMarketOrders(stage),
  cover: (stage) => new CoverOrders(stage),
} satisfies Record<string, MakeFamily>;

export type FamilyName = keyof typeof FAMILIES;
export const FAMILY_NAMES = Object.keys(FAMILIES) as readonly FamilyName[];
