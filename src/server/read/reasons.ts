/**
 * Codes and their inputs as sentences. What is not put together here from the inputs is said by the
 * code's own sentence with the inputs behind it, so that a new code is never silent.
 */
import { formatE4 } from "../../core/model/money.ts";
import {
  ALARM_CODES,
  type AlarmCode,
  HOLD_CODES,
  type HoldCode,
  type Inputs,
  SKIP_CODES,
  type SkipCode,
} from "../../core/model/reason.ts";
import { duration, factor, percent, quoted, share } from "./words.ts";

type Teller = (inputs: Inputs) => string | undefined;

/** Undefined where an input that the sentence needs is missing. */
const SKIP_TELLERS: Readonly<Partial<Record<SkipCode, Teller>>> = {
  "family-not-supported": (inputs) => {
    const family = text(inputs, "family");
    return family && `a ${family} order is not copied by this version`;
  },
  "leader-rejected": (inputs) => {
    const reason = text(inputs, "reason");
    return reason && `the leader's order was rejected before any fill: ${quoted(reason)}`;
  },
  "too-old": (inputs) => {
    const age = number(inputs, "ageMs");
    const limit = number(inputs, "maxAgeMs");
    if (age === undefined || limit === undefined) return undefined;
    const limits = `the link enters nothing older than ${duration(limit)}`;
    return `the leader's order was ${duration(age)} old when it could first be acted on; ${limits}`;
  },
  "below-one-lot": (inputs) => entryBelowLot(inputs) ?? exitBelowLot(inputs),
  "nothing-to-exit": (inputs) => {
    const reduces = number(inputs, "leaderReduces");
    const had = number(inputs, "leaderHad");
    if (reduces === undefined || had === undefined) return undefined;
    const leader = `the leader reduced ${reduces} of ${had}`;
    return `${leader}, but nothing of that was copied, so there is nothing to exit`;
  },
  "order-value-above-limit": (inputs) => {
    const value = number(inputs, "valueE4");
    const limit = number(inputs, "limitE4");
    if (value === undefined || limit === undefined) return undefined;
    return `the order would be worth ${formatE4(value)} rupees; the link's limit is ${formatE4(limit)}`;
  },
  "price-too-far": (inputs) => {
    const average = number(inputs, "leaderAverageE4");
    const last = number(inputs, "lastPriceE4");
    const limit = number(inputs, "limitBps");
    if (average === undefined || last === undefined || limit === undefined) return undefined;
    const moved = `the price is ${formatE4(last)} and the leader filled at ${formatE4(average)}`;
    return `${moved}; that is further than the link's ${percent(limit)}`;
  },
  "unknown-instrument": (inputs) => {
    const instrument = text(inputs, "instrument");
    return instrument && `the instrument ${instrument} is not in the instrument file`;
  },
  "child-rejected": (inputs) => {
    const words = text(inputs, "text");
    return words === undefined
      ? undefined
      : `the broker or the exchange rejected it: ${quoted(words)}`;
  },
  "cancelled-elsewhere": (inputs) => {
    const filled = number(inputs, "filled");
    const missing = number(inputs, "missing");
    if (filled === undefined || missing === undefined) return undefined;
    return `somebody else cancelled it at the broker, with ${filled} filled and ${missing} missing`;
  },
  "ended-short": (inputs) => {
    const filled = number(inputs, "filled");
    const missing = number(inputs, "missing");
    if (filled === undefined || missing === undefined) return undefined;
    return `it ended with ${filled} filled and ${missing} missing, and its moment is over`;
  },
  "account-holds-less": (inputs) => {
    const copied = number(inputs, "copied");
    const exited = number(inputs, "exited");
    if (copied === undefined || exited === undefined) return undefined;
    return `${copied} were copied, but the account held less: ${exited} were exited`;
  },
  "gave-up": (inputs) => {
    const attempts = number(inputs, "attempts");
    return attempts === undefined ? undefined : `it was not accepted in ${attempts} attempts`;
  },
};

const HOLD_TELLERS: Readonly<Partial<Record<HoldCode, Teller>>> = {
  "account-holds-less": (inputs) => {
    const exit = number(inputs, "exit");
    const basis = number(inputs, "basis");
    if (exit === undefined || basis === undefined) return undefined;
    return `${basis} were copied, but the account holds less by now: the exit is ${exit}`;
  },
  "exit-rejected": (inputs) => {
    const words = text(inputs, "text");
    const next = "it is asked again when the leader changes it";
    return words === undefined
      ? undefined
      : `the broker rejected the exit: ${quoted(words)}; ${next}`;
  },
};

function entryBelowLot(inputs: Inputs): string | undefined {
  const units = number(inputs, "leaderUnits");
  const bps = number(inputs, "bps");
  const lot = number(inputs, "lot");
  if (units === undefined || bps === undefined || lot === undefined) return undefined;
  const product = `${units} x ${factor(bps)} = ${(units * bps) / 10_000}`;
  return `${product} is less than one lot of ${lot}`;
}

function exitBelowLot(inputs: Inputs): string | undefined {
  const copied = number(inputs, "copied");
  const reduces = number(inputs, "leaderReduces");
  const had = number(inputs, "leaderHad");
  if (copied === undefined || reduces === undefined || had === undefined) return undefined;
  const lot = number(inputs, "lot");
  const least = lot === undefined ? "one lot" : `one lot of ${lot}`;
  return `the leader reduced ${reduces} of ${had}; ${share(reduces, had)} of ${copied} copied is less than ${least}`;
}

export function skipSentence(code: SkipCode, inputs: Inputs): string {
  return SKIP_TELLERS[code]?.(inputs) ?? plain(SKIP_CODES[code], inputs);
}

export function holdSentence(code: HoldCode, inputs: Inputs): string {
  return HOLD_TELLERS[code]?.(inputs) ?? plain(HOLD_CODES[code], inputs);
}

export function alarmSentence(code: AlarmCode, inputs: Inputs): string {
  return plain(ALARM_CODES[code], inputs);
}

function plain(sentence: string, inputs: Inputs): string {
  const named = Object.entries(inputs)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name} ${typeof value === "string" ? quoted(value) : value}`);
  return named.length === 0 ? sentence : `${sentence} (${named.join(", ")})`;
}

function number(inputs: Inputs, name: string): number | undefined {
  const value = inputs[name];
  return typeof value === "number" ? value : undefined;
}

function text(inputs: Inputs, name: string): string | undefined {
  const value = inputs[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
