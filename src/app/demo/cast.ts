/** Who plays in the demo: one leader, and followers who differ in their rules and in what can go wrong. */

/** How a follower's entries are sized, as his link is configured. */
export type Rule =
  | {
      readonly kind: "multiplier";
      /** 0.5 copies half. */
      readonly value: number;
      readonly rounding?: "nearest";
      readonly minLots?: number;
      readonly maxQuantity?: number;
    }
  | { readonly kind: "fixed-lots"; readonly lots: number }
  | { readonly kind: "fixed-quantity"; readonly quantity: number }
  /** His funds over the leader's. */
  | { readonly kind: "capital-proportional" };

export interface Follower {
  readonly name: string;
  readonly clientId: string;
  readonly rule: Rule;
  readonly funds: number;
  /** How long the broker takes to answer each call of this account. */
  readonly replyMs: number;
  /** What is special about it; "" when nothing is. */
  readonly about: string;
}

export const LEADER = { name: "leader", clientId: "1100000001", funds: 10_000_000 } as const;

const ORDINARY = { funds: 100_000_000, replyMs: 0, about: "" };
const times = (value: number): Rule => ({ kind: "multiplier", value });

export const FOLLOWERS: readonly Follower[] = [
  { ...ORDINARY, name: "asha", clientId: "1100000002", rule: times(1) },
  { ...ORDINARY, name: "ravi", clientId: "1100000003", rule: times(0.5) },
  { ...ORDINARY, name: "meera", clientId: "1100000004", rule: times(2) },
  {
    ...ORDINARY,
    name: "tara",
    clientId: "1100000005",
    rule: times(0.1),
    about: "too little for a lot of options",
  },
  {
    ...ORDINARY,
    name: "dev",
    clientId: "1100000006",
    rule: times(1.5),
    funds: 500,
    about: "has 500 rupees: the broker rejects what he buys",
  },
  {
    ...ORDINARY,
    name: "leela",
    clientId: "1100000007",
    rule: times(0.25),
    replyMs: 1_200,
    about: "her broker takes 1.2 seconds for every answer",
  },
  {
    ...ORDINARY,
    name: "kiran",
    clientId: "1100000008",
    rule: { kind: "fixed-lots", lots: 2 },
    about: "two lots, whatever the leader's quantity",
  },
  {
    ...ORDINARY,
    name: "noor",
    clientId: "1100000009",
    rule: { kind: "fixed-quantity", quantity: 100 },
    about: "a hundred units, whatever the leader's quantity",
  },
  {
    ...ORDINARY,
    name: "veda",
    clientId: "1100000010",
    rule: { kind: "capital-proportional" },
    funds: 4_000_000,
    about: "his capital over the leader's",
  },
  {
    ...ORDINARY,
    name: "jai",
    clientId: "1100000011",
    rule: { kind: "multiplier", value: 0.3, rounding: "nearest" },
    about: "to the nearer lot",
  },
  {
    ...ORDINARY,
    name: "omar",
    clientId: "1100000012",
    rule: { kind: "multiplier", value: 0.1, minLots: 1, maxQuantity: 500 },
    about: "one lot at least",
  },
  {
    ...ORDINARY,
    name: "zoya",
    clientId: "1100000013",
    rule: { kind: "multiplier", value: 3, maxQuantity: 130 },
    about: "130 units at most",
  },
];

/** "x0.5", "2 lots", "100 units", "capital". */
export function ruleText({ rule }: Follower): string {
  switch (rule.kind) {
    case "multiplier":
      return `x${rule.value}`;
    case "fixed-lots":
      return `${rule.lots} lots`;
    case "fixed-quantity":
      return `${rule.quantity} units`;
    case "capital-proportional":
      return "capital";
  }
}
