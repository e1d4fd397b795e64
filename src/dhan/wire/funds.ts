/** `GET /fundlimit`, in rupees. The misspelt names are the wire's (captured in production). */
import { z } from "zod";
import { decimal, decimalOrZero, text } from "./scalars.ts";

export const fundLimit = z.object({
  dhanClientId: text,
  availabelBalance: decimal,
  sodLimit: decimalOrZero,
  collateralAmount: decimalOrZero,
  receiveableAmount: decimalOrZero,
  utilizedAmount: decimalOrZero,
  blockedPayoutAmount: decimalOrZero,
  withdrawableBalance: decimalOrZero,
});
export type FundLimit = z.infer<typeof fundLimit>;
