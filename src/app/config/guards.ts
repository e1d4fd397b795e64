/**
 * The guards of a link in their four forms: in the file, in our own units, in the journal, and in words
 * for the operator.
 */
import { z } from "zod";
import type { AllowDeny, Guards } from "../../core/model/guards.ts";
import { formatE4, toMoneyE4 } from "../../core/model/money.ts";
import { timeOfDay } from "../../core/model/time.ts";
import { ORDER_TYPES, PRODUCT_TYPES } from "../../dhan/wire/enums.ts";
import { moneyFrom, rupees, rupeesOf, units } from "./amounts.ts";
import { contract, SEGMENTS } from "./contract.ts";
import { choice, expected, text, whole } from "./fields.ts";
import { present } from "./present.ts";

const SIDES = ["BUY", "SELL"] as const;
const KINDS = ["equity", "future", "option"] as const;
const LIST_MAX = 1_000;
const MINUTES_OF_HOUR = 60;
const COUNT_MAX = 100_000;

export const distanceBps = whole("whole basis points from 1 to 10000", { min: 1, max: 10_000 });

/** Absent: everything. An empty list would stop the link without saying so. */
function listOf<Item extends z.ZodType>(item: Item, what: string) {
  return z
    .array(item, expected(`a list of ${what}`))
    .min(1, expected(`one or more ${what}; leave it out for all`))
    .max(LIST_MAX, expected(`${LIST_MAX} ${what} at most`));
}

function oneOf<const Value extends string>(values: readonly [Value, ...Value[]]) {
  return listOf(choice(values), "names");
}

function allowDeny<Item extends z.ZodType>(item: Item, what: string) {
  const list = listOf(item, what).optional();
  return z
    .strictObject({ allow: list, deny: list }, expected("a map with allow or deny"))
    .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, {
      error: expected("allow or deny"),
    });
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** A time of the Indian day, as its minute. */
export const minuteOfDay = z
  .string(expected("a time of the Indian day, such as 09:20"))
  .regex(TIME, expected("a time of the Indian day, such as 09:20"))
  .transform((value) => {
    const [hours = 0, minutes = 0] = value.split(":").map(Number);
    return hours * MINUTES_OF_HOUR + minutes;
  });

const window = z
  .strictObject({ from: minuteOfDay, to: minuteOfDay }, expected("a map with from and to"))
  .refine(({ from, to }) => from < to, { error: expected("from before to"), path: ["to"] });

const count = (what: string) =>
  whole(`${what} from 1 to ${COUNT_MAX}`, { min: 1, max: COUNT_MAX }).optional();

export const guardsOfFile = z.strictObject(
  {
    sides: oneOf(SIDES).optional(),
    segments: oneOf(SEGMENTS as [(typeof SEGMENTS)[number], ...typeof SEGMENTS]).optional(),
    products: oneOf(PRODUCT_TYPES).optional(),
    orderTypes: oneOf(ORDER_TYPES).optional(),
    kinds: oneOf(KINDS).optional(),
    instruments: allowDeny(contract, "contracts").optional(),
    underlyings: allowDeny(
      text("an underlying as the instrument file names it, such as NIFTY", /^[A-Z0-9&_-]{1,30}$/),
      "underlyings",
    ).optional(),
    window: window.optional(),
    maxOrderValue: rupees.optional(),
    maxPriceDistanceBps: distanceBps.optional(),
    maxQuantity: units.optional(),
    maxOpenPositions: count("contracts"),
    maxExposure: rupees.optional(),
    maxOrdersPerDay: count("orders"),
  },
  expected("a map of guards"),
);

/** From the file's units to ours; only what is set is there. */
export function guardsFrom(file: z.output<typeof guardsOfFile>): Guards {
  const { maxOrderValue, maxExposure, window: hours, ...rest } = file;
  return present({
    ...rest,
    instruments: file.instruments && present(file.instruments),
    underlyings: file.underlyings && present(file.underlyings),
    window: hours && { fromMinute: hours.from, toMinute: hours.to },
    maxOrderValue: maxOrderValue === undefined ? undefined : moneyFrom(maxOrderValue),
    maxExposure: maxExposure === undefined ? undefined : moneyFrom(maxExposure),
  });
}

/** Back to what the file says. */
export function guardsYaml(guards: Guards): Readonly<Record<string, unknown>> {
  const { window: hours, maxOrderValue, maxExposure, ...rest } = guards;
  return present({
    ...rest,
    window: hours && { from: timeOfDay(hours.fromMinute), to: timeOfDay(hours.toMinute) },
    maxOrderValue: maxOrderValue && rupeesOf(maxOrderValue),
    maxExposure: maxExposure && rupeesOf(maxExposure),
  });
}

/** Each guard that is set, by its name. */
export function guardsText(guards: Guards): Readonly<Record<string, string>> {
  const { window: hours, instruments, underlyings, maxOrderValue, maxExposure, ...rest } = guards;
  const texts = present({
    instruments: instruments && listsText(instruments),
    underlyings: underlyings && listsText(underlyings),
    window: hours && `${timeOfDay(hours.fromMinute)} to ${timeOfDay(hours.toMinute)}`,
    maxOrderValue: maxOrderValue && formatE4(maxOrderValue),
    maxExposure: maxExposure && formatE4(maxExposure),
  });
  const others = Object.entries(rest).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.join(", ") : String(value),
  ]);
  return { ...Object.fromEntries(others), ...texts } as Readonly<Record<string, string>>;
}

function listsText({ allow, deny }: AllowDeny<string>): string {
  return [
    ...(allow === undefined ? [] : [`only ${allow.join(", ")}`]),
    ...(deny === undefined ? [] : [`not ${deny.join(", ")}`]),
  ].join("; ");
}

const positive = z.int().positive();
const minute = z.int().min(0).max(1_440);
const lists = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ allow: z.array(item).exactOptional(), deny: z.array(item).exactOptional() });

/** As they stand in the journal. */
export const guardsInJournal = z.strictObject({
  sides: z.array(z.enum(SIDES)).exactOptional(),
  segments: z.array(z.string()).exactOptional(),
  products: z.array(z.enum(PRODUCT_TYPES)).exactOptional(),
  orderTypes: z.array(z.enum(ORDER_TYPES)).exactOptional(),
  kinds: z.array(z.enum(KINDS)).exactOptional(),
  instruments: lists(contract).exactOptional(),
  underlyings: lists(z.string()).exactOptional(),
  window: z.strictObject({ fromMinute: minute, toMinute: minute }).exactOptional(),
  maxOrderValue: positive.transform(toMoneyE4).exactOptional(),
  maxPriceDistanceBps: positive.exactOptional(),
  maxQuantity: positive.exactOptional(),
  maxOpenPositions: positive.exactOptional(),
  maxExposure: positive.transform(toMoneyE4).exactOptional(),
  maxOrdersPerDay: positive.exactOptional(),
});
