/**
 * The sizing of a link in its four forms: in the file, in our own units, in the journal, and in words
 * for the operator.
 */
import { z } from "zod";
import { formatE4 } from "../../core/model/money.ts";
import type { Sizing } from "../../core/model/sizing.ts";
import { unreachable } from "../../platform/assert.ts";
import { journaledMoney, moneyFrom, rupees, rupeesOf, units } from "./amounts.ts";
import { choice, decimal, expected, kinds, whole } from "./fields.ts";
import { present } from "./present.ts";

const BPS_ONE = 10_000;
const BPS_PER_PERCENT = 100;

const times = decimal("a number from 0.0001 to 100 with four decimals at most", {
  min: 0.0001,
  max: 100,
});

const lots = whole("whole lots from 1 to 10000", { min: 1, max: 10_000 });

const bounds = {
  rounding: choice(["down", "nearest", "carry"]).default("down"),
  minLots: lots.optional(),
  maxQuantity: units.optional(),
};

const capitals = z.strictObject(
  { leader: rupees, follower: rupees },
  expected("a map with leader and follower, in rupees"),
);

export const sizingOfFile = kinds([
  { kind: z.literal("multiplier"), value: times, ...bounds },
  { kind: z.literal("fixed-lots"), lots, ...bounds },
  { kind: z.literal("fixed-quantity"), quantity: units, ...bounds },
  { kind: z.literal("notional"), value: rupees, ...bounds },
  {
    kind: z.literal("capital-proportional"),
    value: times.default(1),
    capital: capitals.optional(),
    ...bounds,
  },
  {
    kind: z.literal("risk-percent"),
    value: decimal("a percentage from 0.01 to 100 with two decimals at most", {
      min: 0.01,
      max: 100,
    }).refine((value) => Number.isInteger(Math.round(value * 1e4) / BPS_PER_PERCENT), {
      error: expected("a percentage from 0.01 to 100 with two decimals at most"),
    }),
    capital: rupees.optional(),
    ...bounds,
  },
]);

export type SizingOfFile = z.output<typeof sizingOfFile>;

/** From the file's units to ours. */
export function sizingFrom(file: SizingOfFile): Sizing {
  const { rounding, minLots, maxQuantity } = file;
  const isDown = rounding === "down";
  const bounds = present({ rounding: isDown ? undefined : rounding, minLots, maxQuantity });
  switch (file.kind) {
    case "multiplier":
      return { kind: file.kind, bps: Math.round(file.value * BPS_ONE), ...bounds };
    case "fixed-lots":
      return { kind: file.kind, lots: file.lots, ...bounds };
    case "fixed-quantity":
      return { kind: file.kind, quantity: file.quantity, ...bounds };
    case "notional":
      return { kind: file.kind, value: moneyFrom(file.value), ...bounds };
    case "capital-proportional": {
      const { capital } = file;
      const configured = capital && {
        capital: { leader: moneyFrom(capital.leader), follower: moneyFrom(capital.follower) },
      };
      return { kind: file.kind, bps: Math.round(file.value * BPS_ONE), ...configured, ...bounds };
    }
    case "risk-percent": {
      const configured = file.capital === undefined ? {} : { capital: moneyFrom(file.capital) };
      const bps = Math.round(file.value * BPS_PER_PERCENT);
      return { kind: file.kind, bps, ...configured, ...bounds };
    }
    default:
      return unreachable(file);
  }
}

/** Back to what the file says. */
export function sizingYaml(sizing: Sizing): Readonly<Record<string, unknown>> {
  const { rounding, minLots, maxQuantity } = sizing;
  const bounds = present({ rounding, minLots, maxQuantity });
  switch (sizing.kind) {
    case "multiplier":
      return { kind: sizing.kind, value: sizing.bps / BPS_ONE, ...bounds };
    case "fixed-lots":
      return { kind: sizing.kind, lots: sizing.lots, ...bounds };
    case "fixed-quantity":
      return { kind: sizing.kind, quantity: sizing.quantity, ...bounds };
    case "notional":
      return { kind: sizing.kind, value: rupeesOf(sizing.value), ...bounds };
    case "capital-proportional": {
      const { capital } = sizing;
      const configured = capital && {
        capital: {
          leader: rupeesOf(capital.leader),
          follower: rupeesOf(capital.follower),
        },
      };
      return { kind: sizing.kind, value: sizing.bps / BPS_ONE, ...configured, ...bounds };
    }
    case "risk-percent": {
      const { capital } = sizing;
      const configured = capital === undefined ? {} : { capital: rupeesOf(capital) };
      return { kind: sizing.kind, value: sizing.bps / BPS_PER_PERCENT, ...configured, ...bounds };
    }
    default:
      return unreachable(sizing);
  }
}

/** "multiplier 0.5", "risk-percent 1 of 500000.00, rounding nearest". */
export function sizingText(sizing: Sizing): string {
  const { rounding, minLots, maxQuantity } = sizing;
  return [
    `${sizing.kind} ${valueText(sizing)}`,
    ...(rounding === undefined ? [] : [`rounding ${rounding}`]),
    ...(minLots === undefined ? [] : [`minLots ${minLots}`]),
    ...(maxQuantity === undefined ? [] : [`maxQuantity ${maxQuantity}`]),
  ].join(", ");
}

function valueText(sizing: Sizing): string {
  switch (sizing.kind) {
    case "multiplier":
      return String(sizing.bps / BPS_ONE);
    case "fixed-lots":
      return String(sizing.lots);
    case "fixed-quantity":
      return String(sizing.quantity);
    case "notional":
      return formatE4(sizing.value);
    case "capital-proportional": {
      const { bps, capital } = sizing;
      const of = capital
        ? `${formatE4(capital.follower)} over ${formatE4(capital.leader)}`
        : "the start of the day";
      return `${bps / BPS_ONE} by ${of}`;
    }
    case "risk-percent": {
      const { bps, capital } = sizing;
      const of = capital === undefined ? "the start of the day" : formatE4(capital);
      return `${bps / BPS_PER_PERCENT} of ${of}`;
    }
    default:
      return unreachable(sizing);
  }
}

const journaledUnits = z.int().positive();
const journaledBounds = {
  rounding: z.enum(["nearest", "carry"]).exactOptional(),
  minLots: journaledUnits.exactOptional(),
  maxQuantity: journaledUnits.exactOptional(),
};

/** As it stands in the journal. */
export const sizingInJournal = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("multiplier"), bps: journaledUnits, ...journaledBounds }),
  z.strictObject({ kind: z.literal("fixed-lots"), lots: journaledUnits, ...journaledBounds }),
  z.strictObject({
    kind: z.literal("fixed-quantity"),
    quantity: journaledUnits,
    ...journaledBounds,
  }),
  z.strictObject({ kind: z.literal("notional"), value: journaledMoney, ...journaledBounds }),
  z.strictObject({
    kind: z.literal("capital-proportional"),
    bps: journaledUnits,
    capital: z.strictObject({ leader: journaledMoney, follower: journaledMoney }).exactOptional(),
    ...journaledBounds,
  }),
  z.strictObject({
    kind: z.literal("risk-percent"),
    bps: journaledUnits,
    capital: journaledMoney.exactOptional(),
    ...journaledBounds,
  }),
]);
