/** Groups (an entry with its stop and target), triggers and queued orders as a trader says them. */
import type { ModifyCommand, PlaceCommand, Protection, Vehicle } from "../../core/model/command.ts";
import { formatE4 } from "../../core/model/money.ts";
import type {
  ExitLeg,
  ExitLegStatus,
  ExitLevel,
  ExitLevels,
  OrderFamily,
  OrderObservation,
  TriggerTerms,
} from "../../core/model/order.ts";
import { sameValue } from "../../core/order/account-book.ts";

const VEHICLES: Readonly<Record<Vehicle, string>> = {
  super: "a Super Order",
  bracket: "a bracket order (BO)",
  cover: "a cover order (CO)",
  forever: "a Forever order",
};

export function vehicleWords(vehicle: Vehicle): string {
  return VEHICLES[vehicle];
}

/** Of what is more than a plain order; legs and fired orders are told with whose they are. */
const FAMILIES: Readonly<Partial<Record<OrderFamily, string>>> = {
  "after-market": "queued for the open",
  "trigger-child": "fired by a Forever order",
  "super-entry": VEHICLES.super,
  bracket: VEHICLES.bracket,
  cover: VEHICLES.cover,
  forever: VEHICLES.forever,
};

const LEG_STATES: Readonly<Record<ExitLegStatus, string>> = {
  waiting: "waits for the entry",
  working: "works",
  triggered: "has fired",
  filled: "has filled",
  cancelled: "is cancelled",
};

/** "stop 1640.00 trailing by 5.00, target 1670.00"; "" where it carries neither. */
export function protectionWords({ stop, target, trail }: Protection): string {
  const words: string[] = [];
  if (stop !== undefined) {
    const trailing = trail === undefined ? "" : ` trailing by ${formatE4(trail)}`;
    words.push(`stop ${formatE4(stop)}${trailing}`);
  } else if (trail !== undefined) words.push(`stop trailing by ${formatE4(trail)}`);
  if (target !== undefined) words.push(`target ${formatE4(target)}`);
  return words.join(", ");
}

/** "stop 1640.00 works, target 1670.00 is cancelled"; "" while no leg is known. */
export function levelsWords({ stop, target }: ExitLevels): string {
  return [stop && levelWords("stop", stop), target && levelWords("target", target)]
    .filter(Boolean)
    .join(", ");
}

function levelWords(leg: ExitLeg, { price, trail, status, filledQuantity }: ExitLevel): string {
  const trailing = trail === undefined ? "" : ` trailing by ${formatE4(trail)}`;
  const filled = filledQuantity === 0 ? "" : ` (${filledQuantity} out)`;
  return `${leg} ${formatE4(price)}${trailing} ${LEG_STATES[status]}${filled}`;
}

function secondWords({ quantity, triggerPrice, price }: TriggerTerms): string {
  const at = price === undefined ? "market" : formatE4(price);
  return `or ${quantity} at ${at}, trigger ${formatE4(triggerPrice)}`;
}

/** What a placement is beside its plain terms, to stand behind them; "" of a plain order. */
export function placementWords(command: PlaceCommand): string {
  const { vehicle, protection, second, isAfterMarket } = command;
  const levels = protection === undefined ? "" : protectionWords(protection);
  const words = [
    ...(second === undefined ? [] : [secondWords(second)]),
    ...(vehicle === undefined ? [] : [`as ${VEHICLES[vehicle]}`]),
    ...(levels === "" ? [] : [`with ${levels}`]),
    ...(isAfterMarket ? ["queued for the open"] : []),
  ];
  return words.map((word) => ` ${word}`).join("");
}

/** What a change asks of a group beside the entry's terms; "" where nothing. */
export function changedProtectionWords({ protection, second }: ModifyCommand): string {
  const levels = protection === undefined ? "" : protectionWords(protection);
  return [...(levels === "" ? [] : [levels]), ...(second ? [secondWords(second)] : [])].join(", ");
}

/** What an order is beside its plain terms, as a witness told it; "" of a plain order. */
export function familyWords(order: OrderObservation): string {
  const { family, leg, parentId, second, distances, levels } = order;
  const of = parentId === undefined ? "" : ` of order ${parentId}`;
  const legs = levels === undefined ? "" : levelsWords(levels);
  const away = distances === undefined ? "" : protectionWords(distances);
  const words = [
    ...(second === undefined ? [] : [secondWords(second)]),
    ...(leg === undefined ? [] : [`the ${leg}${of}`]),
    ...(leg === undefined && FAMILIES[family] !== undefined ? [`${FAMILIES[family]}${of}`] : []),
    ...(legs === "" ? [] : [legs]),
    ...(away === "" ? [] : [`${away} away`]),
  ];
  return words.map((word) => `, ${word}`).join("");
}

/** What is new in a group's legs, or in the other half of a trigger; "" where nothing is. */
export function groupChange(known: OrderObservation, order: OrderObservation): string {
  const { levels, second } = order;
  const parts: string[] = [];
  for (const leg of ["stop", "target"] as const) {
    const [was, is] = [known.levels?.[leg], levels?.[leg]];
    if (is !== undefined && !sameValue(was, is)) parts.push(levelWords(leg, is));
  }
  if (second !== undefined && !sameValue(known.second, second)) {
    parts.push(`now ${secondWords(second)}`);
  }
  return parts.join(", ");
}
