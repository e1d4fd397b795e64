/**
 * What is compared: two leaders at one simulated broker, one followed by Tandem, one by the bare
 * relay, each with as many followers. Their orders take turns, so that a machine that speeds up or
 * slows down does so for both.
 */
export type Side = "tandem" | "relay";
export const SIDES: readonly Side[] = ["tandem", "relay"];

export interface StageAccount {
  readonly clientId: string;
  readonly accessToken: string;
}

export interface Troupe {
  readonly leader: StageAccount;
  readonly followers: readonly StageAccount[];
}

/** What the broker's process tells when it is up. */
export interface Stage {
  readonly restUrl: string;
  readonly orderUpdateUrl: string;
  readonly instrumentsUrl: string;
  readonly tandem: Troupe;
  readonly relay: Troupe;
}

/** Client id, order id, price in rupees, quantity, arrived whole, first working frame written. */
export type Stamp = readonly [string, string, number, number, number | null, number | null];

/** What the broker's process is asked. */
export type BrokerQuestion =
  | { readonly kind: "lead"; readonly side: Side; readonly price: number }
  | { readonly kind: "stamps" }
  | { readonly kind: "stop" };

export const SECURITY_ID = "1333";
export const QUANTITY = 10;
