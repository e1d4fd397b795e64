/** What the bodies of place and modify ask for, once they are read. Prices are in 1/10,000 rupee. */
import type { OrderType, Product, Side, Validity } from "../../core/model/order.ts";
import type { AmoTime } from "./amo-time.ts";
import type { GroupTerms } from "./group/group.ts";
import type { GroupRole } from "./group/role.ts";

export interface PlaceFields {
  readonly dhanClientId?: string;
  readonly correlationId?: string;
  readonly side: Side;
  readonly segment: string;
  readonly product: Product;
  readonly type: OrderType;
  readonly validity: Validity;
  readonly securityId: string;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
  readonly afterMarket: boolean;
  /** Of an after-market order. */
  readonly amoTime?: AmoTime;
  /** It is the entry of a group with these exits. */
  readonly group?: GroupTerms;
}

export interface ModifyFields {
  readonly dhanClientId?: string;
  /** Which part of a BO or CO is meant, where the body says so. */
  readonly role?: GroupRole;
  readonly type: OrderType;
  readonly validity: Validity;
  readonly quantity: number;
  readonly disclosedQuantity: number;
  readonly priceE4: number;
  readonly triggerE4: number;
}
