/** Who plays in the demo: one leader, and followers who differ in what can go differently. */

export interface Follower {
  readonly name: string;
  readonly clientId: string;
  /** Percent of the leader's quantity: 50 copies half. */
  readonly percent: number;
  readonly funds: number;
  /** How long the broker takes to answer each call of this account. */
  readonly replyMs: number;
  /** What is special about it; "" when nothing is. */
  readonly about: string;
}

export const LEADER = { name: "leader", clientId: "1100000001", funds: 10_000_000 } as const;

const ORDINARY = { funds: 100_000_000, replyMs: 0, about: "" };

export const FOLLOWERS: readonly Follower[] = [
  { ...ORDINARY, name: "asha", clientId: "1100000002", percent: 100 },
  { ...ORDINARY, name: "ravi", clientId: "1100000003", percent: 50 },
  { ...ORDINARY, name: "meera", clientId: "1100000004", percent: 200 },
  {
    ...ORDINARY,
    name: "tara",
    clientId: "1100000005",
    percent: 10,
    about: "too little for a lot of options",
  },
  {
    ...ORDINARY,
    name: "dev",
    clientId: "1100000006",
    percent: 150,
    funds: 500,
    about: "has 500 rupees: the broker rejects what he buys",
  },
  {
    ...ORDINARY,
    name: "leela",
    clientId: "1100000007",
    percent: 25,
    replyMs: 1_200,
    about: "her broker takes 1.2 seconds for every answer",
  },
];

/** "x0.5" */
export function multiplierText({ percent }: Follower): string {
  return `x${percent / 100}`;
}
