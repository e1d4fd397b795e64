/** When an after-market order goes out, from the open on in minutes. */
export const AMO_TIMES = ["PRE_OPEN", "OPEN", "OPEN_30", "OPEN_60"] as const;
export type AmoTime = (typeof AMO_TIMES)[number];
