/** Rupees and units as a file says them, and in our own units. */
import { z } from "zod";
import { E4_PER_RUPEE, type MoneyE4, toMoneyE4 } from "../../core/model/money.ts";
import { decimal, whole } from "./fields.ts";

/** Sums up to 10,000 crore rupees stay safe integers in E4 with room to spare. */
const RUPEES_MAX = 100_000_000_000;
/** Above the largest quantity that any exchange has published, by far. */
export const UNITS_MAX = 100_000_000;

export const rupees = decimal("rupees above 0 with four decimals at most", {
  min: 1 / E4_PER_RUPEE,
  max: RUPEES_MAX,
});

export const units = whole(`whole units from 1 to ${UNITS_MAX}`, { min: 1, max: UNITS_MAX });

/** Exact: the schema has let through four decimals at most. */
export function moneyFrom(value: number): MoneyE4 {
  return toMoneyE4(Math.round(value * E4_PER_RUPEE));
}

/** What the file says of it: moneyFrom() the other way round. */
export function rupeesOf(money: MoneyE4): number {
  return money / E4_PER_RUPEE;
}

/** As it stands in the journal. */
export const journaledMoney = z.int().positive().transform(toMoneyE4);
