/**
 * Codes and their inputs as sentences. What is not put together here from the inputs is said by the
 * code's own sentence with the inputs behind it, so that a new code is never silent.
 */
import type { StopCause } from "../../core/model/fact.ts";
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
import { timeOfDay } from "../../core/model/time.ts";
import { stopWords } from "./stop-words.ts";
import { duration, factor, percent, quoted, share } from "./words.ts";

type Teller = (inputs: Inputs) => string | undefined;

/** Undefined where an input that the sentence needs is missing. */
const SKIP_TELLERS: Readonly<Partial<Record<SkipCode, Teller>>> = {
  "own-legs": (inputs) => {
    const group = text(inputs, "group");
    const own = "the follower's copy of that group has legs of its own";
    return group && `it is an exit leg of the group ${group}, and ${own}`;
  },
  "own-trigger": (inputs) => {
    const trigger = text(inputs, "trigger");
    const own = "the follower holds a trigger of his own, which fires by itself";
    return trigger && `it was fired by the trigger ${trigger}, and ${own}`;
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
  "outside-window": (inputs) => {
    const [minute, from, to] = [
      number(inputs, "minute"),
      number(inputs, "fromMinute"),
      number(inputs, "toMinute"),
    ];
    if (minute === undefined || from === undefined || to === undefined) return undefined;
    const hours = `${timeOfDay(from)} to ${timeOfDay(to)}`;
    return `it is ${timeOfDay(minute)}, and the link copies entries from ${hours}`;
  },
  "market-closed": (inputs) => {
    const segment = text(inputs, "segment");
    const closed = closedWords(inputs);
    return segment && closed && `${segment} ${closed}`;
  },
  "calendar-stale": (inputs) => {
    const segment = text(inputs, "segment");
    const to = text(inputs, "validTo");
    const known = `the market calendar tells of ${text(inputs, "validFrom")} to ${to}`;
    return segment && to && `whether ${segment} is open is not known: ${known}`;
  },
  "orders-above-limit": (inputs) => {
    const orders = number(inputs, "orders");
    const limit = number(inputs, "limit");
    if (orders === undefined || limit === undefined) return undefined;
    return `the link has placed ${orders} entries today; its limit is ${limit}`;
  },
  "quantity-above-limit": (inputs) => {
    const there = number(inputs, "there");
    const adds = number(inputs, "adds");
    const limit = number(inputs, "limit");
    if (there === undefined || adds === undefined || limit === undefined) return undefined;
    const sum = `${there} are there or on the way, and ${adds} more`;
    return `${sum} are above the link's ${limit} of one contract`;
  },
  "positions-above-limit": (inputs) => {
    const positions = number(inputs, "positions");
    const limit = number(inputs, "limit");
    if (positions === undefined || limit === undefined) return undefined;
    return `the link is in ${positions} contracts; its limit is ${limit}`;
  },
  "exposure-above-limit": (inputs) => {
    const there = number(inputs, "thereE4");
    const adds = number(inputs, "addsE4");
    const limit = number(inputs, "limitE4");
    if (there === undefined || adds === undefined || limit === undefined) return undefined;
    const sum = `${formatE4(there)} rupees are in or on the way, and ${formatE4(adds)} more`;
    return `${sum} are above the link's ${formatE4(limit)}`;
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
  "no-capital": (inputs) => {
    const of = text(inputs, "of");
    const capital = number(inputs, "capitalE4");
    const what = capital === undefined ? "is not known" : `is ${formatE4(capital)}`;
    return of && `the rule goes by capital, and that of the ${of} ${what}`;
  },
  "unknown-instrument": (inputs) => {
    const instrument = text(inputs, "instrument");
    return instrument && `the instrument ${instrument} is not in the instrument file`;
  },
  "entries-stopped": (inputs) => {
    const by = text(inputs, "by");
    const cause = text(inputs, "cause") as StopCause | undefined;
    if (by === undefined || cause === undefined) return undefined;
    const why = stopWords({ cause, by, text: text(inputs, "text") ?? "" });
    return `entries were stopped (${why}); it is not entered later`;
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

/** "opens at 17:00 (Holi), and it is 10:04"; by the way in which it is closed. */
function closedWords(inputs: Inputs): string | undefined {
  const name = text(inputs, "name");
  const day = name === undefined ? "" : ` (${name})`;
  const now = `, and it is ${clockText(inputs, "minute")}`;
  switch (text(inputs, "why")) {
    case "holiday":
      return `is closed all day${day}`;
    case "weekend":
      return "is closed at the weekend";
    case "before-open":
      return `opens at ${clockText(inputs, "opensMinute")}${day}${now}`;
    case "between-sessions":
      return `opens again at ${clockText(inputs, "opensMinute")}${day}${now}`;
    case "after-close":
      return `has closed at ${clockText(inputs, "closedMinute")}${day}${now}`;
    default:
      return undefined;
  }
}

function clockText(inputs: Inputs, name: string): string {
  const minute = number(inputs, name);
  return minute === undefined ? "another time" : timeOfDay(minute);
}

function entryBelowLot(inputs: Inputs): string | undefined {
  const units = number(inputs, "leaderUnits");
  const bps = number(inputs, "bps");
  const lot = number(inputs, "lot");
  const exact = number(inputs, "exact");
  if (units === undefined || lot === undefined) return undefined;
  if (exact !== undefined) return `the rule gives ${exact}, which is less than one lot of ${lot}`;
  if (bps === undefined) return undefined;
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
  return tell(SKIP_TELLERS, code, inputs) ?? plain(SKIP_CODES, code, inputs);
}

export function holdSentence(code: HoldCode, inputs: Inputs): string {
  return tell(HOLD_TELLERS, code, inputs) ?? plain(HOLD_CODES, code, inputs);
}

export function alarmSentence(code: AlarmCode, inputs: Inputs): string {
  return plain(ALARM_CODES, code, inputs);
}

function tell(
  tellers: Readonly<Record<string, Teller>>,
  code: string,
  inputs: Inputs,
): string | undefined {
  return Object.hasOwn(tellers, code) ? tellers[code]?.(inputs) : undefined;
}

/** A code that another version has written is shown as it is: a journal outlives versions. */
function plain(sentences: Readonly<Record<string, string>>, code: string, inputs: Inputs): string {
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : code;
  const named = Object.entries(inputs)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => inputWords(name, value));
  return named.length === 0 ? `${sentence}` : `${sentence} (${named.join(", ")})`;
}

const UNITS: readonly (readonly [string, (value: number) => string])[] = [
  ["E4", formatE4],
  ["Ms", duration],
  ["Bps", percent],
];

/** "leaderAverageE4" of 16500000 to "leader average 1650.00". */
function inputWords(name: string, value: Inputs[string]): string {
  if (typeof value === "string") return `${spaced(name)} ${quoted(value)}`;
  if (typeof value === "boolean") return `${spaced(name)} ${value ? "yes" : "no"}`;
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix));
  if (unit === undefined) return `${spaced(name)} ${value}`;
  return `${spaced(name.slice(0, -unit[0].length))} ${unit[1](value)}`;
}

function spaced(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

function number(inputs: Inputs, name: string): number | undefined {
  const value = inputs[name];
  return typeof value === "number" ? value : undefined;
}

function text(inputs: Inputs, name: string): string | undefined {
  const value = inputs[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
